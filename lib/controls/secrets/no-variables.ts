import { at, dryRunRefused, list, objectsAbsent } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { cis, stig } from '../sources';
import { admissionRule } from '../support/admission';
import { restrictedPod } from '../support/pods';

const kinds = ['containers', 'initContainers', 'ephemeralContainers'];

const takesSecret = (container: Json): boolean =>
  list(at(container, 'env')).some((variable) => at(variable, 'valueFrom.secretKeyRef') !== undefined) ||
  list(at(container, 'envFrom')).some((source) => at(source, 'secretRef') !== undefined);

export default control({
  id: 'secrets/no-variables',
  title: 'Secrets reach containers as files, not as variables',
  why: 'Variables are inherited by every child process, shown by crash reports and debug pages, and stay as they were when the Secret is renewed.',
  cost: 'Images that read credentials from variables only must be changed or wrapped. A credential that is written as a plain value is not recognised.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['strict'],
  sources: [stig('V-242415'), cis('5.4.1')],
  stock: 'differs',
  settings: () => [
    admissionRule({
      name: 'no-secret-variables',
      resources: ['pods', 'pods/ephemeralcontainers'],
      operations: ['CREATE', 'UPDATE'],
      variables: [
        {
          // Of a pod that stands only debug containers can still change, and it must be possible to end it.
          name: 'containers',
          expression:
            '(oldObject == null ? object.spec.containers + object.spec.?initContainers.orValue([]) : []) + object.spec.?ephemeralContainers.orValue([])',
        },
      ],
      holds:
        '!variables.containers.exists(c, c.?env.orValue([]).exists(e, has(e.valueFrom) && has(e.valueFrom.secretKeyRef)) || c.?envFrom.orValue([]).exists(f, has(f.secretRef)))',
      message: 'Secrets are not passed as variables. Mount the Secret as a volume and read the file.',
    }),
  ],
  checks: () => [
    dryRunRefused({
      object: restrictedPod(
        'default',
        'bulwark-probe-secret-variable',
        {},
        { env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'bulwark-probe', key: 'password' } } }] },
      ),
      what: 'a pod with a Secret as a variable in namespace default',
      reason: 'secrets/no-variables',
    }),
    objectsAbsent({
      resource: 'pods',
      keep: kinds.flatMap((kind) => [
        `spec.${kind}.env.valueFrom.secretKeyRef.name`,
        `spec.${kind}.envFrom.secretRef.name`,
      ]),
      where: (pod) => kinds.some((kind) => list(at(pod, `spec.${kind}`)).some(takesSecret)),
      expected: 'no pod takes a Secret as a variable',
    }),
  ],
});
