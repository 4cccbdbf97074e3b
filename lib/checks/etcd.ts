import { type Check, fail, pass } from './check';

/** Every value below the prefix starts with the transformer's mark, and there is at least one value. */
export function etcdTransformer(of: {
  /** For example `/registry/secrets/`. */
  readonly prefix: string;
  /** For example `k8s:enc:secretbox:v1:`. */
  readonly transformer: string;
}): Check<'etcd'> {
  return {
    scope: 'control-plane',
    probe: { kind: 'etcd', prefix: of.prefix },
    expected: `etcd ${of.prefix}: every value starts with ${of.transformer}`,
    strength: 'effect',
    judge: ({ keys, transformers }) => {
      const marked = transformers[of.transformer] ?? 0;
      if (keys === 0) return fail('no key');
      return marked === keys ? pass(`${marked} of ${keys}`) : fail(`${marked} of ${keys}`);
    },
  };
}
