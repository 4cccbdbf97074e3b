import type { Control } from './controls/control';
import { HardeningError, type Issue } from './errors';
import { ownPaths } from './node-paths';
import { activeProfile } from './profiles/resolve-profile';
import { type Minor, type Release, releases } from './release';
import type { ResolvedCluster } from './resolved-cluster';
import { type MergedSettings, mergeSettings } from './settings/merge';
import type { Placed, Setting } from './settings/setting';
import type { ClusterSpec, Waiver } from './spec/cluster-spec';
import { isWhole } from './spec/waiver-scope';

/** Everything that is decided about a cluster before a byte is rendered. */
export interface Resolution {
  readonly cluster: ResolvedCluster;
  /** Controls that concern this cluster, waived ones included, in id order. */
  readonly controls: readonly Control[];
  readonly settings: MergedSettings;
}

/** The waiver that switches a control's settings off for the whole cluster, if any. */
export function waiverOf(cluster: ResolvedCluster, controlId: string): Waiver | undefined {
  return cluster.waivers.find((waiver) => waiver.control === controlId && isWhole(waiver));
}

function releaseOf(version: string): Release {
  const minor = version.split('.').slice(0, 2).join('.');
  const release = Object.hasOwn(releases, minor) ? releases[minor as Minor] : undefined;
  if (!release || (version !== minor && version !== release.kubernetes)) {
    throw new HardeningError('spec', [
      {
        code: 'SPEC_VERSION_UNSUPPORTED',
        path: 'kubernetesVersion',
        message: 'this Kubernetes version is not supported',
        got: version,
        allowed: Object.entries(releases)
          .map(([name, { kubernetes }]) => `${name}, ${kubernetes}`)
          .join(', '),
        fix: 'choose a supported version',
      },
    ]);
  }
  return release;
}

function endpointOf(spec: ClusterSpec, firstControlPlane: string): ResolvedCluster['endpoint'] {
  const text = spec.networking.controlPlaneEndpoint;
  if (text === undefined) return { host: firstControlPlane, port: 6443 };
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

function describe(spec: ClusterSpec, catalogue: readonly Control[], seen: SeenCluster): ResolvedCluster {
  const controlPlanes = spec.nodes.filter((node) => node.role === 'control-plane');
  const [first] = controlPlanes;
  if (!first) {
    throw new HardeningError('spec', [
      {
        code: 'SPEC_NO_CONTROL_PLANE',
        path: 'nodes',
        message: 'a cluster needs a control plane',
        fix: 'give one node `role: control-plane`',
      },
    ]);
  }
  return {
    spec,
    profile: activeProfile(spec.profile, catalogue),
    release: seen.release ?? releaseOf(spec.kubernetesVersion),
    controlPlanes,
    workers: spec.nodes.filter((node) => node.role === 'worker'),
    endpoint: endpointOf(spec, first.address),
    keepsKubeProxy: spec.cni.name !== 'cilium' || !spec.cni.kubeProxyReplacement,
    waivers: spec.waivers,
    paths: seen.paths ?? ownPaths,
  };
}

/** What a running cluster says of itself where no spec decides. */
export type SeenCluster = Partial<Pick<ResolvedCluster, 'release' | 'paths'>>;

/**
 * Decides which controls are on and what they set.
 *
 * @param spec a spec that `parseSpec` accepted, or one that describes a running cluster
 * @param catalogue every control there is
 * @param seen of a cluster that somebody else built. @default what the spec says
 * @throws HardeningError of kind `spec` with every conflict between settings, or as `activeProfile` does
 */
export function resolve(spec: ClusterSpec, catalogue: readonly Control[], seen: SeenCluster = {}): Resolution {
  const cluster = describe(spec, catalogue, seen);
  const controls = catalogue
    .filter((control) => cluster.profile.controls.includes(control.id))
    .filter((control) => control.appliesTo?.(cluster) ?? true)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

  const placed: Placed[] = controls.flatMap((control) => {
    const waived = waiverOf(cluster, control.id) !== undefined;
    const settings: readonly Setting[] = waived ? (control.whenWaived?.(cluster) ?? []) : control.settings(cluster);
    return settings.map((setting) => ({ setting, origins: [control.id] }));
  });
  const { settings, issues } = mergeSettings(placed);
  const all: readonly Issue[] = [...issues, ...refusedWaivers(cluster, controls)];
  if (all.length > 0) throw new HardeningError('spec', all);
  return { cluster, controls, settings };
}

function refusedWaivers(cluster: ResolvedCluster, controls: readonly Control[]): readonly Issue[] {
  return cluster.waivers.flatMap((waiver, index) => {
    const control = controls.find(({ id }) => id === waiver.control);
    if (control?.waivable !== false) return [];
    return [
      {
        code: 'SPEC_NOT_WAIVABLE',
        path: `waivers[${index}].control`,
        message: 'this control cannot be waived',
        got: waiver.control,
        control: waiver.control,
        fix: 'remove the waiver',
      },
    ];
  });
}
