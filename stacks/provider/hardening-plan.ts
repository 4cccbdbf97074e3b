import { packageVersion } from '../../apply/package-root';
import type { Bundle } from '../../kubeadm';
import { type Resolution, waiverOf } from '../../lib/resolve';

/**
 * What a cluster will be, in lines that can be compared: Pulumi shows each one that changes, so a preview names the
 * nodes, files, arguments and controls that an update touches. Computed without a connection; holds no secret.
 */
export interface HardeningPlan {
  /** Version of this package that made it. */
  readonly by: string;
  /** Id of each control, and how it stands in the spec: `on`, or why it is waived. */
  readonly controls: Readonly<Record<string, string>>;
  /** By component, the arguments that it is started with. */
  readonly arguments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Fields of KubeletConfiguration. */
  readonly kubelet: Readonly<Record<string, string>>;
  /** Kernel parameters. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** By file name, the digest of the Kubernetes objects. */
  readonly manifests: Readonly<Record<string, string>>;
  /** By node or gateway, then by path: the digest of each file and the controls that shaped it. */
  readonly nodes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Long enough to tell two files apart in a preview. */
const shownDigits = 12;

interface BundleManifest {
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly controls: readonly string[] }>>;
}

/** The plan of a resolved cluster and its bundle. */
export function hardeningPlan(resolution: Resolution, bundle: Bundle): HardeningPlan {
  const { cluster, controls, settings } = resolution;
  const { files } = JSON.parse(bundle.get('manifest.json') ?? '{"files":{}}') as BundleManifest;
  const { nodes: machines, gateway } = cluster.spec;
  const nodes: Record<string, Record<string, string>> = Object.fromEntries(
    [...machines, ...(gateway ? [gateway] : [])].map(({ name }) => [name, {}]),
  );
  const manifests: Record<string, string> = {};
  for (const [path, { sha256, controls: shapedBy }] of Object.entries(files)) {
    const digest = sha256.slice(0, shownDigits);
    const [, node, inner] = /^nodes\/([^/]+)\/(?:files(\/.*)|host\.yaml)$/.exec(path) ?? [];
    const own = node === undefined ? undefined : nodes[node];
    if (own) own[inner ?? 'host.yaml'] = [digest, ...shapedBy].join(' ');
    else if (path.startsWith('manifests/')) manifests[path.slice('manifests/'.length)] = digest;
    else if (path === 'absent.yaml') manifests[path] = digest;
  }
  const byComponent: Record<string, Record<string, string>> = {};
  const argument = (component: string, name: string, value: string) => {
    byComponent[component] = { ...byComponent[component], [name]: value };
  };
  for (const { setting } of settings.of('component-arg')) argument(setting.component, setting.name, setting.value);
  for (const { setting } of settings.of('component-arg-list')) {
    argument(setting.component, setting.name, setting.members.join(','));
  }
  return {
    by: packageVersion(),
    controls: Object.fromEntries(
      controls.map(({ id }) => {
        const waiver = waiverOf(cluster, id);
        return [id, waiver ? `waived: ${waiver.reason}` : 'on'];
      }),
    ),
    arguments: byComponent,
    kubelet: Object.fromEntries(
      settings.of('kubelet-field').map(({ setting }) => [setting.path, JSON.stringify(setting.value)]),
    ),
    sysctls: Object.fromEntries(settings.of('sysctl').map(({ setting }) => [setting.name, setting.value])),
    manifests,
    nodes,
  };
}
