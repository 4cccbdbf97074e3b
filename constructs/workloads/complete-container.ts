import { type Fields, fieldsOf, itemsOf } from '../../lib/fields';

/** A volume mount, for one container or for all. */
export interface Mount {
  readonly container?: string;
  readonly mount: { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean };
}

export interface ContainerCompletion {
  readonly mounts: readonly Mount[];
  /** Whether the container serves, and so has probes. */
  readonly probes: boolean;
  /** What scratch volumes may hold on disk, in MiB. */
  readonly scratchMebibytes: number;
}

/** A container with everything filled in that its author left open. */
export function completeContainer(container: Fields, completion: ContainerCompletion): Fields {
  const securityContext = fieldsOf(container.securityContext);
  const present = itemsOf(container.volumeMounts);
  const taken = present.map((mount) => fieldsOf(mount).mountPath);
  const mounts = completion.mounts
    .filter((each) => each.container === undefined || each.container === container.name)
    .map(({ mount }) => mount)
    .filter(({ mountPath }) => !taken.includes(mountPath));
  return {
    ...(completion.probes && probesOf(container)),
    ...container,
    resources: resourcesOf(fieldsOf(container.resources), completion.scratchMebibytes),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      ...securityContext,
      capabilities: { drop: ['ALL'], ...fieldsOf(securityContext.capabilities) },
    },
    ...(present.length + mounts.length > 0 && { volumeMounts: [...present, ...mounts] }),
  };
}

/** Sized for small nodes; a program that needs more says so. */
const small = {
  cpu: { requests: '50m', limits: '500m' },
  memory: { requests: '64Mi', limits: '256Mi' },
};
const smallDisk = { requests: 64, limits: 256 };

/** What cdk8s-plus asks for on its own account, more than a small node has. It counts as unset. */
const plusDefault = JSON.stringify({
  limits: { cpu: '1500m', memory: '2048Mi' },
  requests: { cpu: '1000m', memory: '512Mi' },
});

function resourcesOf(given: Fields, scratchMebibytes: number): Fields {
  const { limits, requests, ...others } = given;
  const isUnset = JSON.stringify({ limits, requests }) === plusDefault;
  const set = { limits: isUnset ? {} : fieldsOf(limits), requests: isUnset ? {} : fieldsOf(requests) };
  const defaults: Readonly<Record<string, { requests: string; limits: string }>> = {
    ...small,
    'ephemeral-storage': {
      requests: `${smallDisk.requests}Mi`,
      limits: `${smallDisk.limits + scratchMebibytes}Mi`,
    },
  };
  // One of the two given stands for both: a default beside it could contradict it.
  const side = (mine: 'limits' | 'requests', other: 'limits' | 'requests'): Fields => ({
    ...set[mine],
    ...Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, set[mine][name] ?? set[other][name] ?? value[mine]]),
    ),
  });
  return { ...others, limits: side('limits', 'requests'), requests: side('requests', 'limits') };
}

/**
 * The readiness probe of a container that has a port and no such probe: it is ready while the port is open. Nothing here
 * can tell that a program hangs, so a liveness probe is the author's: the same question would restart what is only busy.
 */
function probesOf(container: Fields): Fields {
  const port = fieldsOf(itemsOf(container.ports)[0]).containerPort;
  return port === undefined
    ? {}
    : { readinessProbe: { tcpSocket: { port }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 } };
}
