import { fieldsOf, itemsOf, textOf } from '../../fields';
import type { Rule } from '../rule';

/** Names that end in what secrets are called. */
const secretName =
  /(^|[^a-z])(password|passwd|passphrase|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credentials?)$/i;

/** The same in camel case, where a capital starts the word. */
const camelName = /[a-z](Password|Passwd|Passphrase|Secret|Token|ApiKey|AccessKey|PrivateKey|Credentials?)$/;

/** A line of a settings file that gives a secret: `db.password=…`, `apiKey: …`. What refers to elsewhere is none. */
const settingLine = /^\s*["']?([\w.-]+)["']?\s*[:=]\s*["']?([^\s"'$<{][^\s"']*)/;

const privateKey = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/;

/** Secrets where everybody who may read the workload or its settings reads them. Messages name keys, never values. */
export const secretRules: readonly Rule[] = [
  {
    control: 'secrets/plain-environment',
    severity: 'error',
    why: 'The value is readable for whoever may read the workload, in every manifest, log and backup of it.',
    fix: 'put it into a Secret and mount that as a volume, or refer to it by valueFrom.secretKeyRef',
    judge: (_object, pod) => {
      if (!pod) return [];
      return pod.containers.flatMap(({ fields, path }) =>
        itemsOf(fields.env).flatMap((item, index) => {
          const { name, value } = fieldsOf(item);
          const isGiven = textOf(value) !== '' && !textOf(value).startsWith('$(');
          if (!isGiven || !(isSecretName(textOf(name)) || privateKey.test(textOf(value)))) return [];
          return [{ path: `${pod.at}.${path}.env[${index}].value`, message: `${textOf(name)} is given in plain text` }];
        }),
      );
    },
  },
  {
    control: 'secrets/config-map',
    severity: 'error',
    why: 'ConfigMaps are readable for most roles, and stored as they are.',
    fix: 'put it into a Secret: ConfigMaps are not encrypted at rest, and more roles read them',
    judge: (object) =>
      object.kind === 'ConfigMap' && object.apiVersion === 'v1'
        ? Object.entries(fieldsOf(object.data)).flatMap(([key, value]) => {
            const message = faultOf(key, textOf(value));
            return message ? [{ path: `data[${JSON.stringify(key)}]`, message }] : [];
          })
        : [],
  },
];

function isSecretName(name: string): boolean {
  return secretName.test(name) || camelName.test(name);
}

function faultOf(key: string, value: string): string | undefined {
  if (privateKey.test(value)) return `${key} holds a private key`;
  if (isSecretName(key) && value.trim() !== '') return `${key} is given in plain text`;
  const setting = value
    .split('\n')
    .map((line) => settingLine.exec(line)?.[1])
    .find((name) => name !== undefined && isSecretName(name));
  return setting && `${key} gives ${setting} in plain text`;
}
