import { HardeningError } from '../../lib/errors';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../lib/fields';
import { completeContainer, type Mount } from './complete-container';
import type { PodHardeningProps, ScratchVolume, ServiceAccountToken } from './pod-hardening-props';
import { isForWindows, toWindows } from './windows-pod';

/** Ids above those of the node's own users. */
const user = 25000;
const group = 26000;

const defaultScratchMebibytes = 64;
const defaultTokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const defaultTokenSeconds = 3600;

/**
 * The spec of a pod with everything filled in that its author left open.
 *
 * @param object the Pod, or the workload that makes it
 * @throws HardeningError if a token is asked for with the namespace's default service account
 */
export function completePod(object: Fields, spec: Fields, props: PodHardeningProps): Fields {
  const scratch = props.scratch ?? [];
  const mounts = [...scratch.map(mountOf), ...(props.token ? [tokenMount(props.token)] : [])];
  if (props.token) demandAccount(spec);
  const disk = scratch
    .filter(({ inMemory }) => !inMemory)
    .map(({ sizeMebibytes = defaultScratchMebibytes }) => sizeMebibytes);
  const container = (probes: boolean) => (item: unknown) =>
    completeContainer(fieldsOf(item), {
      mounts,
      probes,
      scratchMebibytes: disk.reduce((sum, size) => sum + size, 0),
    });
  const { initContainers, volumes } = spec;
  const allVolumes = [
    ...itemsOf(volumes),
    ...scratch.map(volumeOf),
    ...(props.token ? [tokenVolume(props.token)] : []),
  ];
  const completed: Fields = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(props.userNamespace !== false && !sharesHost(spec) && { hostUsers: false }),
    ...(props.priorityClassName !== undefined && { priorityClassName: props.priorityClassName }),
    ...spec,
    ...placement(object, spec),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
      seccompProfile: { type: 'RuntimeDefault' },
      ...(props.appArmor && { appArmorProfile: { type: 'RuntimeDefault' } }),
      ...fieldsOf(spec.securityContext),
    },
    containers: itemsOf(spec.containers).map(container(!isJob(object))),
    ...(initContainers !== undefined && { initContainers: itemsOf(initContainers).map(container(false)) }),
    ...(allVolumes.length > 0 && { volumes: allVolumes }),
  };
  return isForWindows(spec) ? toWindows(completed) : completed;
}

/** The API server refuses users of the pod's own together with a namespace of the node. */
function sharesHost(spec: Fields): boolean {
  return ['hostNetwork', 'hostPID', 'hostIPC'].some((field) => spec[field] === true);
}

function isJob(object: Fields): boolean {
  return ['Job', 'CronJob'].includes(textOf(object.kind));
}

/** Replicas keep apart as far as there are nodes for it. */
function placement(object: Fields, spec: Fields): Fields {
  const labelSelector = fieldsOf(object.spec).selector;
  if (!['Deployment', 'ReplicaSet', 'StatefulSet'].includes(textOf(object.kind)) || !labelSelector) return {};
  const topologyKey = 'kubernetes.io/hostname';
  const { podAntiAffinity, ...others } = fieldsOf(spec.affinity);
  return {
    affinity: {
      podAntiAffinity: isFields(podAntiAffinity)
        ? withoutRepetition(podAntiAffinity)
        : {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, podAffinityTerm: { topologyKey, labelSelector } },
            ],
          },
      ...others,
    },
    topologySpreadConstraints: spec.topologySpreadConstraints ?? [
      { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ],
  };
}

/** cdk8s-plus adds the terms of `spread` once more each time that a workload is rendered. */
function withoutRepetition(lists: Fields): Fields {
  const once = (terms: unknown): unknown[] => [
    ...new Map(itemsOf(terms).map((term) => [JSON.stringify(term), term])).values(),
  ];
  return Object.fromEntries(Object.entries(lists).map(([name, terms]) => [name, once(terms)]));
}

const scratchName = ({ path }: ScratchVolume): string =>
  `scratch-${path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}`;

function mountOf(scratch: ScratchVolume): Mount {
  return { container: scratch.container, mount: { name: scratchName(scratch), mountPath: scratch.path } };
}

function volumeOf(scratch: ScratchVolume): Fields {
  const sizeLimit = `${scratch.sizeMebibytes ?? defaultScratchMebibytes}Mi`;
  return { name: scratchName(scratch), emptyDir: { ...(scratch.inMemory && { medium: 'Memory' }), sizeLimit } };
}

const tokenName = 'service-account-token';

function tokenMount({ path = defaultTokenPath }: ServiceAccountToken): Mount {
  return { mount: { name: tokenName, mountPath: path, readOnly: true } };
}

/** The three files that clients of the API server expect. */
function tokenVolume({ audience, expirationSeconds = defaultTokenSeconds }: ServiceAccountToken): Fields {
  return {
    name: tokenName,
    projected: {
      sources: [
        { serviceAccountToken: { audience, expirationSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}

function demandAccount(spec: Fields): void {
  if (!['', 'default'].includes(textOf(spec.serviceAccountName))) return;
  throw new HardeningError('spec', [
    {
      code: 'WORKLOAD_TOKEN_ACCOUNT',
      path: 'token',
      message: "a token of the namespace's default service account would be every pod's",
      fix: 'give the workload a serviceAccount of its own',
      control: 'pods/service-account-token',
    },
  ]);
}
