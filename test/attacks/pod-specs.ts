/** Options of a pod that passes the `restricted` Pod Security level. */
export interface PodOptions {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Shell script that the container runs. @default sleeps */
  readonly script?: string;
  readonly node?: string;
  readonly serviceAccount?: string;
}

/** The first process of a container gets no signal that it does not ask for, and a node waits long for it to end. */
const sleep = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait; done";

/** A careful user's pod: it passes `restricted`, so whatever it is refused comes from the cluster. */
export function restrictedPod(options: PodOptions) {
  const { name, namespace, labels } = options;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: restrictedSpec(options) };
}

/** The spec of `restrictedPod`, for pod templates. */
export function restrictedSpec({ name, image, script = sleep, node, serviceAccount }: Omit<PodOptions, 'namespace'>) {
  return {
    terminationGracePeriodSeconds: 0,
    serviceAccountName: serviceAccount,
    nodeSelector: node === undefined ? undefined : { 'kubernetes.io/hostname': node },
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['/bin/sh', '-c', script],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  };
}

/** A pod as people first write it: root, no security context; `extra` is merged into its spec. */
export function plainPod(
  { name, namespace, image, script = sleep, node }: PodOptions,
  extra: { readonly pod?: object; readonly container?: object } = {},
) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeSelector: node === undefined ? undefined : { 'kubernetes.io/hostname': node },
      containers: [
        { name, image, imagePullPolicy: 'IfNotPresent', command: ['/bin/sh', '-c', script], ...extra.container },
      ],
      ...extra.pod,
    },
  };
}
