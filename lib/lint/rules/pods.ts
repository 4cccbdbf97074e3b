import { type Fields, fieldsOf, itemsOf, textOf } from '../../fields';
import type { Container, Pod } from '../../pod-security/pod';
import type { Fault, Rule } from '../rule';

/** Longest life of a projected service-account token, in seconds. */
const longestToken = 3600;

/** What pods should have beyond the Pod Security Standards; some ask for the kind of object that makes the pod. */
export const podRules: readonly Rule[] = [
  {
    control: 'pods/service-account-token',
    severity: 'error',
    why: 'Whoever takes over a container reads the mounted token and asks the API server with it, from anywhere that reaches it.',
    fix: `set automountServiceAccountToken: false; where the API is needed, project a token with an audience and expirationSeconds of ${longestToken} or less`,
    judge: inPod((pod) => [
      ...(pod.spec.automountServiceAccountToken === false
        ? []
        : [{ path: 'automountServiceAccountToken', message: "the service account's token is mounted" }]),
      ...pod.volumes.flatMap(({ fields, path }) =>
        itemsOf(fieldsOf(fields.projected).sources).flatMap((source, index): Fault[] => {
          const token = fieldsOf(source).serviceAccountToken;
          const { audience, expirationSeconds } = fieldsOf(token);
          const isBound = textOf(audience) !== '' && Number(expirationSeconds ?? 3600) <= longestToken;
          if (token === undefined || isBound) return [];
          const at = `${path}.projected.sources[${index}].serviceAccountToken`;
          return [{ path: at, message: 'the projected token has no audience or lives too long' }];
        }),
      ),
    ]),
  },
  {
    control: 'pods/read-only-root',
    severity: 'error',
    why: 'What can be written can be replaced: programs and settings of the image, and tools that an attacker brings along.',
    fix: 'set readOnlyRootFilesystem: true and mount volumes where the program writes',
    judge: inContainers((container, { windows }) =>
      windows || container.securityContext.readOnlyRootFilesystem === true
        ? undefined
        : {
            path: 'securityContext.readOnlyRootFilesystem',
            message: `the root file system of "${container.name}" is writable`,
          },
    ),
  },
  {
    control: 'pods/user-ids',
    severity: 'warning',
    why: 'The id that the image names may be root, or the id of a user on the node whose files it can then read.',
    fix: 'set securityContext.runAsUser and runAsGroup to numbers above 0, on the pod or on every container; for Windows windowsOptions.runAsUserName: ContainerUser',
    judge: inContainers(({ name, securityContext }, pod) => {
      if (pod.windows) return windowsUser(name, securityContext, pod);
      const missing = ['runAsUser', 'runAsGroup'].filter(
        (field) => !(Number(securityContext[field] ?? pod.securityContext[field]) > 0),
      );
      if (missing.length === 0) return undefined;
      return {
        path: `securityContext.${missing[0]}`,
        message: `"${name}" runs as whoever its image says (${missing.join(', ')})`,
      };
    }),
  },
  {
    control: 'pods/user-namespace',
    severity: 'warning',
    why: 'With users of its own a process that breaks out of its container is nobody on the node, even as root.',
    fix: 'set hostUsers: false',
    judge: inPod((pod) =>
      pod.userNamespace || pod.windows ? [] : [{ path: 'hostUsers', message: "the pod's users are the node's" }],
    ),
  },
  {
    control: 'pods/service-links',
    severity: 'warning',
    why: 'The environment lists every Service of the namespace: a map for whoever breaks in, and names that can clash with settings.',
    fix: 'set enableServiceLinks: false',
    judge: inPod((pod) =>
      pod.spec.enableServiceLinks === false
        ? []
        : [
            {
              path: 'enableServiceLinks',
              message: 'every Service of the namespace is told to the pod by its environment',
            },
          ],
    ),
  },
  {
    control: 'pods/resources',
    severity: 'warning',
    why: 'One pod without limits can take processor, memory or disk from all others on its node.',
    fix: 'set requests and limits of cpu, memory and ephemeral-storage',
    judge: inContainers(({ name, fields }) => {
      const resources = fieldsOf(fields.resources);
      const missing = ['requests', 'limits'].flatMap((side) =>
        ['cpu', 'memory', 'ephemeral-storage']
          .filter((resource) => fieldsOf(resources[side])[resource] === undefined)
          .map((resource) => `${side}.${resource}`),
      );
      if (missing.length === 0) return undefined;
      return { path: 'resources', message: `"${name}" has no ${missing.join(', ')}` };
    }),
  },
  {
    control: 'pods/probes',
    severity: 'warning',
    why: 'Traffic reaches a pod that is not ready; and one question as both probes restarts what is merely busy.',
    fix: 'add a readinessProbe; a livenessProbe, if any, asks something else',
    judge: (object, pod) => {
      // A job is ready when it is done.
      if (['Job', 'CronJob'].includes(textOf(object.kind))) return [];
      return inContainers(({ name, fields, path }) => {
        const { readinessProbe, livenessProbe } = fields;
        if (!path.startsWith('containers')) return undefined;
        if (readinessProbe === undefined) return { path: 'readinessProbe', message: `"${name}" has no readinessProbe` };
        return livenessProbe !== undefined && asksTheSame(readinessProbe, livenessProbe)
          ? { path: 'livenessProbe', message: `"${name}" is restarted when it is only busy: both probes ask the same` }
          : undefined;
      })(object, pod);
    },
  },
];

/** Judges the pod of an object; paths are given relative to its spec. */
function inPod(judge: (pod: Pod) => readonly Fault[]): Rule['judge'] {
  return (_object, pod) => (pod ? judge(pod).map(({ path, message }) => ({ path: `${pod.at}.${path}`, message })) : []);
}

/** Judges each container, debug containers aside; paths are given relative to the container. */
function inContainers(judge: (container: Container, pod: Pod) => Fault | undefined): Rule['judge'] {
  return inPod((pod) =>
    pod.containers
      .filter(({ path }) => !path.startsWith('ephemeral'))
      .flatMap((container) => {
        const fault = judge(container, pod);
        return fault ? [{ path: `${container.path}.${fault.path}`, message: fault.message }] : [];
      }),
  );
}

function windowsUser(name: string, securityContext: Fields, pod: Pod): Fault | undefined {
  const userOf = (context: Fields) => fieldsOf(context.windowsOptions).runAsUserName;
  const user = textOf(userOf(securityContext) ?? userOf(pod.securityContext));
  if (user !== '' && !/(^|\\)(ContainerAdministrator|Administrator)$/i.test(user)) return undefined;
  const who = user === '' ? 'whoever its image says' : user;
  return { path: 'securityContext.windowsOptions.runAsUserName', message: `"${name}" runs as ${who}` };
}

function asksTheSame(...probes: readonly unknown[]): boolean {
  const questions = probes.map((probe) => {
    const { httpGet, tcpSocket, exec, grpc } = fieldsOf(probe);
    return JSON.stringify([httpGet, tcpSocket, exec, grpc]);
  });
  return new Set(questions).size === 1;
}
