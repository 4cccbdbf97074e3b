import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Control } from '../lib/controls/control';
import { imagesOf } from '../lib/release';
import type { ResolvedCluster } from '../lib/resolved-cluster';
import type { Placed, PlatformFeature } from '../lib/settings/setting';
import { apiRights } from '../lib/verification/api-rights';
import { admissionPolicies, exemptNamespaces, minorOf } from './admission/admission';
import { allowedPodOf } from './admission/allowed-pod';
import { ExemptNamespaceGuard } from './admission/exempt-namespace-guard';
import { kubeadmPods } from './admission/kubeadm-pods';
import { RuledAdmission } from './admission/ruled-admission';
import { Cilium, type CiliumProps, ciliumPods } from './cilium/cilium';
import { MetricsServer, type MetricsServerProps, metricsServerPod } from './metrics-server/metrics-server';
import { HardenedNamespace, type PodSecurityLevel } from './namespaces/hardened-namespace';
import { ClusterDefaultDeny } from './network/cluster-default-deny';
import { ClusterDns } from './network/cluster-dns';
import { NamespaceDefaultDeny } from './network/namespace-default-deny';
import { CsrApproverRole } from './rbac/csr-approver';

import { VerifierRoles } from './rbac/verifier';
import type { InteractiveAccess, TeamRole } from './tenancy/team-role';
import { Tenant } from './tenancy/tenant';

import { WaiverRecord } from './waiver-record';

/** The features that controls ask for, with the controls that do: `settings.of('platform-feature')` of a resolution. */
export type PlatformFeatures = readonly Placed<PlatformFeature>[];

/** A file of the bundle's `manifests/`: what it holds, and what shaped it. */
interface ManifestFile {
  readonly name: string;
  readonly origins: readonly string[];
  readonly fill: (chart: Construct) => void;
}

/**
 * The cluster's Kubernetes objects, ready for the bundle's `manifests/`; they are applied in name order.
 *
 * @param controls whose probes the scheduled verification makes, where a feature asks for it. @default none
 * @returns file name to YAML; the same cluster gives the same bytes
 */
export function synthPlatform(
  cluster: ResolvedCluster,
  features: PlatformFeatures,
  controls: readonly Control[] = [],
): Record<string, string> {
  const app = new App();
  return Object.fromEntries(
    filesOf(cluster, features, controls).map((file) => {
      const chart = addChart(app, file);
      return [`${file.name}.k8s.yaml`, header(file.origins) + Yaml.stringify(...chart.toJson())];
    }),
  );
}

/** The header that every rendered file with comments has. */
function header(origins: readonly string[]): string {
  const lines = ['Rendered by bulwark: change the spec, not this file.', 'Shaped by:'];
  return [...lines, ...[...origins].sort().map((origin) => `  ${origin}`)].map((line) => `# ${line}\n`).join('');
}

/** Adds the cluster's objects to a cdk8s app, a chart for each file. */
export function addPlatform(
  app: App,
  cluster: ResolvedCluster,
  features: PlatformFeatures,
  controls: readonly Control[] = [],
): void {
  for (const file of filesOf(cluster, features, controls)) addChart(app, file);
}

function addChart(app: App, file: ManifestFile): Chart {
  const chart = new Chart(app, file.name);
  file.fill(chart);
  nameControls(chart, file.origins);
  return chart;
}

/** On every object: the controls that ask for it, so that whoever finds one changed knows what it is for. */
const controlsAnnotation = 'bulwark.dev/controls';

/** Names the controls of all objects below a construct that have none named yet. */
function nameControls(construct: Construct, origins: readonly string[]): void {
  const controls = origins.filter((origin) => /^[\w-]+\/[\w-]+$/.test(origin));
  if (controls.length === 0) return;
  for (const object of construct.node.findAll().filter(ApiObject.isApiObject)) {
    if (object.metadata.toJson()?.annotations?.[controlsAnnotation] === undefined) {
      object.metadata.addAnnotation(controlsAnnotation, [...controls].sort().join(' '));
    }
  }
}

function filesOf(
  cluster: ResolvedCluster,
  features: PlatformFeatures,
  controls: readonly Control[],
): readonly ManifestFile[] {
  return [
    namespaces(cluster, features),
    rbac(features),
    verifier(cluster, features, controls),
    tenants(cluster),
    admission(cluster, features),
    clusterDns(cluster, features),
    network(cluster),
    networkPolicies(cluster, features),
    metricsServer(cluster),
    waivers(cluster, features),
  ].filter((file): file is ManifestFile => file !== undefined);
}

function originsOf(features: PlatformFeatures, feature: PlatformFeature['feature']): readonly string[] | undefined {
  return features.find(({ setting }) => setting.feature === feature)?.origins;
}

const rulesOf = (features: PlatformFeatures) =>
  features.flatMap(({ setting, origins }) => ('rule' in setting ? [{ rule: setting.rule, origins }] : []));

function namespaces(cluster: ResolvedCluster, features: PlatformFeatures): ManifestFile | undefined {
  const { spec } = cluster;
  if (spec.namespaces.length === 0) return undefined;
  const origins = originsOf(features, 'namespace-levels') ?? [];
  return {
    name: '00-namespaces',
    origins: [...origins, 'spec:namespaces'],
    fill: (chart) => {
      for (const { name, level, waiver } of spec.namespaces) {
        new HardenedNamespace(chart, name, {
          name,
          minor: minorOf(cluster),
          level: level as PodSecurityLevel,
          waiver,
        });
      }
    },
  };
}

function rbac(features: PlatformFeatures): ManifestFile | undefined {
  const origins = originsOf(features, 'csr-approver-rbac');
  if (!origins) return undefined;
  return { name: '10-csr-approver', origins, fill: (chart) => new CsrApproverRole(chart, 'csr-approver') };
}

function verifier(
  cluster: ResolvedCluster,
  features: PlatformFeatures,
  controls: readonly Control[],
): ManifestFile | undefined {
  const origins = originsOf(features, 'verifier-rbac');
  if (!origins) return undefined;
  const probes = controls.flatMap((control) => control.checks(cluster)).map(({ probe }) => probe);
  return { name: '10-verifier', origins, fill: (chart) => new VerifierRoles(chart, 'verifier', apiRights(probes)) };
}

function tenants(cluster: ResolvedCluster): ManifestFile | undefined {
  const { spec } = cluster;
  if (spec.tenants.length === 0) return undefined;
  return {
    name: '15-tenants',
    origins: ['spec:tenants'],
    fill: (chart) => {
      for (const { name, namespaces, groups, ...rest } of spec.tenants) {
        new Tenant(chart, name, {
          ...rest,
          name,
          minor: minorOf(cluster),
          namespaces: namespaces.map((each) => ({ name: each })),
          groups: groups.map((group) => ({
            ...group,
            role: group.role as TeamRole,
            interactive: group.interactive as InteractiveAccess[],
          })),
        });
      }
    },
  };
}

function admission(cluster: ResolvedCluster, features: PlatformFeatures): ManifestFile | undefined {
  const guard = originsOf(features, 'exempt-namespace-guard');
  const asked = features.filter(({ setting }) => admissionPolicies[setting.feature]);
  const rules = rulesOf(features);
  if (!guard && asked.length === 0 && rules.length === 0) return undefined;
  return {
    name: '20-admission',
    origins: [...new Set([...(guard ?? []), ...[...asked, ...rules].flatMap(({ origins }) => origins)])],
    fill: (chart) => {
      if (guard) {
        const cilium = ciliumOf(cluster);
        const metrics = metricsServerOf(cluster);
        const pods = [
          ...kubeadmPods(cluster),
          ...(cilium ? ciliumPods(cilium) : []),
          ...(metrics ? [metricsServerPod(metrics)] : []),
        ];
        new ExemptNamespaceGuard(chart, 'exempt-namespace-guard', {
          namespaces: exemptNamespaces,
          allowed: pods.map(allowedPodOf),
          control: guard.join(', '),
        });
        nameControls(chart, guard);
      }
      for (const { setting, origins } of asked) {
        admissionPolicies[setting.feature]?.(chart, cluster, origins.join(', '));
        nameControls(chart, origins);
      }
      for (const { rule, origins } of rules) {
        new RuledAdmission(chart, rule.name, { rule, exempt: exemptNamespaces, control: origins.join(', ') });
        nameControls(chart, origins);
      }
    },
  };
}

function clusterDns({ spec }: ResolvedCluster, features: PlatformFeatures): ManifestFile | undefined {
  const origins = originsOf(features, 'cluster-dns');
  if (!origins) return undefined;
  const { dnsDomain: domain } = spec.networking;
  return { name: '25-cluster-dns', origins, fill: (chart) => new ClusterDns(chart, 'cluster-dns', { domain }) };
}

function network(cluster: ResolvedCluster): ManifestFile | undefined {
  const cilium = ciliumOf(cluster);
  return cilium && { name: '30-cilium', origins: ['spec:cni'], fill: (chart) => new Cilium(chart, 'cilium', cilium) };
}

function networkPolicies(cluster: ResolvedCluster, features: PlatformFeatures): ManifestFile | undefined {
  const origins = originsOf(features, 'default-deny');
  const { spec } = cluster;
  if (!origins) return undefined;
  return {
    name: '40-network-policies',
    origins,
    fill: (chart) => {
      if (spec.cni.name === 'cilium') {
        new ClusterDefaultDeny(chart, 'default-deny', {
          apiServerPort: apiServerPort,
          dnsUpstreams: spec.networking.dnsUpstreams,
        });
        return;
      }
      for (const { name } of spec.namespaces) new NamespaceDefaultDeny(chart, name, { namespace: name });
    },
  };
}

function metricsServer(cluster: ResolvedCluster): ManifestFile | undefined {
  const props = metricsServerOf(cluster);
  if (!props) return undefined;
  const fill = (chart: Construct) => new MetricsServer(chart, 'metrics-server', props);
  return { name: '45-metrics-server', origins: ['spec:metricsServer'], fill };
}

function waivers({ waivers: given }: ResolvedCluster, features: PlatformFeatures): ManifestFile | undefined {
  const origins = originsOf(features, 'waiver-record');
  if (!origins) return undefined;
  const fill = (chart: Construct) => new WaiverRecord(chart, 'waivers', { waivers: given });
  return { name: '50-waivers', origins: [...origins, 'spec:waivers'], fill };
}

/** Where kubeadm has the API server listen, whatever port a load balancer in front of it has. */
const apiServerPort = 6443;

function ciliumOf(cluster: ResolvedCluster): CiliumProps | undefined {
  const { cni } = cluster.spec;
  if (cni.name !== 'cilium') return undefined;
  const images = imagesOf(cluster.release);
  return {
    agentImage: images.ciliumAgent,
    operatorImage: images.ciliumOperator,
    apiServer: cluster.endpoint,
    operators: Math.min(cluster.controlPlanes.length, 2),
    kubeProxyReplacement: cni.kubeProxyReplacement,
    wireguard: cni.encryption === 'wireguard',
  };
}

function metricsServerOf({ spec, release }: ResolvedCluster): MetricsServerProps | undefined {
  return spec.metricsServer ? { image: imagesOf(release).metricsServer } : undefined;
}
