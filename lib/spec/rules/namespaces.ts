import type { Finding, Rule } from '../finding';

/** Namespaces of Kubernetes itself, whose rules are not for a spec to change. */
const isReserved = (name: string): boolean => name === 'default' || name.startsWith('kube-');

/** A namespace below `restricted` says why, who answers for it and until when. */
export const namespaces: Rule = ({ namespaces: entries = [] }, { today }) =>
  entries.flatMap((namespace, index): Finding[] => {
    const found: Finding[] = [];
    const at = (field: string) => ['namespaces', index, field];
    if (namespace?.name !== undefined && isReserved(namespace.name)) {
      found.push({
        level: 'weaker',
        code: 'SPEC_NAMESPACE_RESERVED',
        path: at('name'),
        message: 'this namespace belongs to Kubernetes and is not redefined',
        got: namespace.name,
        allowed: 'names other than `default` and those that begin with `kube-`',
        fix: 'choose another name',
      });
    }
    const below = namespace?.level !== undefined && namespace.level !== 'restricted';
    if (below && !namespace?.waiver) {
      found.push({
        level: 'weaker',
        code: 'SPEC_NAMESPACE_UNWAIVED',
        path: at('level'),
        message: 'a level below restricted needs a waiver',
        got: namespace?.level ?? '',
        allowed: 'restricted',
        fix: 'add `waiver: {reason, owner, expires}` to the namespace, or keep restricted',
      });
    }
    if (below && namespace?.waiver?.expires !== undefined && namespace.waiver.expires < today) {
      found.push({
        level: 'weaker',
        code: 'SPEC_NAMESPACE_WAIVER_EXPIRED',
        path: [...at('waiver'), 'expires'],
        message: 'the waiver of this namespace has expired',
        got: namespace.waiver.expires,
        allowed: `${today} or later`,
        fix: 'raise the level to restricted, or renew the waiver',
      });
    }
    if (!below && namespace?.level !== undefined && namespace.waiver) {
      found.push({
        level: 'warning',
        code: 'SPEC_NAMESPACE_WAIVER_UNUSED',
        path: at('waiver'),
        message: 'this namespace is restricted, so its waiver does nothing',
        fix: 'remove the waiver',
      });
    }
    return found;
  });
