import type { Construct } from 'constructs';
import { imagesOf } from '../../lib/release';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { PlatformFeature } from '../../lib/settings/setting';
import type { PodSecurityLevel } from '../namespaces/hardened-namespace';
import { BindingSubjects } from './binding-subjects';
import { ClientCertificateLimits, NoClientCertificates } from './client-certificates';
import { ClusterAdminAlarm } from './cluster-admin-alarm';
import { DebugContainers } from './debug-containers';
import { HostPaths } from './host-paths';
import { ImagePinning } from './image-pinning';
import { ImageRegistries } from './image-registries';
import { LegacyTokens } from './legacy-tokens';
import { NamespaceLevels } from './namespace-levels';
import { NodePlacement } from './node-placement';
import { TokenlessDefaultAccounts } from './tokenless-default-accounts';
import { WorkloadTemplates } from './workload-templates';

/** Namespaces that Pod Security does not judge, because the control plane's own pods need what it forbids. */
export const exemptNamespaces: readonly string[] = ['kube-system'];

/** Namespaces that every cluster has from the start. */
const builtInNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** The user as whom a run applies the spec. */
const runner = 'bulwark:run';

/** Adds the policies of one feature; `control` names the ones that ask for it. */
type AddPolicies = (scope: Construct, cluster: ResolvedCluster, control: string) => unknown;

/** Admission policies by the feature that asks for them, but for the guard of exempt namespaces, which knows their pods. */
export const admissionPolicies: Readonly<Partial<Record<PlatformFeature['feature'], AddPolicies>>> = {
  'binding-subjects': (scope, _, control) => new BindingSubjects(scope, 'binding-subjects', { control }),
  'client-certificate-limits': (scope, _, control) =>
    new ClientCertificateLimits(scope, 'client-certificate-limits', { control }),
  'cluster-admin-alarm': (scope, _, control) => new ClusterAdminAlarm(scope, 'cluster-admin-alarm', { control }),
  'debug-containers': (scope, _, control) =>
    new DebugContainers(scope, 'debug-containers', { exempt: exemptNamespaces, control }),
  'host-paths': (scope, _, control) => new HostPaths(scope, 'host-paths', { exempt: exemptNamespaces, control }),
  'image-pinning': (scope, { spec }, control) =>
    new ImagePinning(scope, 'image-pinning', { rule: spec.images.pinning, exempt: exemptNamespaces, control }),
  'image-registries': (scope, cluster, control) =>
    new ImageRegistries(scope, 'image-registries', {
      registries: registriesOf(cluster),
      exempt: exemptNamespaces,
      control,
    }),
  'legacy-tokens': (scope, _, control) => new LegacyTokens(scope, 'legacy-tokens', { control }),
  'namespace-levels': (scope, cluster, control) =>
    new NamespaceLevels(scope, 'namespace-levels', {
      levels: Object.fromEntries(cluster.spec.namespaces.map(({ name, level }) => [name, level as PodSecurityLevel])),
      minor: minorOf(cluster),
      runner,
      control,
    }),
  'no-client-certificates': (scope, _, control) =>
    new NoClientCertificates(scope, 'no-client-certificates', { control }),
  'node-placement': (scope, _, control) =>
    new NodePlacement(scope, 'node-placement', { exempt: exemptNamespaces, control }),
  'tokenless-default-accounts': (scope, cluster, control) =>
    new TokenlessDefaultAccounts(scope, 'tokenless-default-accounts', {
      namespaces: [
        ...builtInNamespaces,
        ...cluster.spec.namespaces.map(({ name }) => name),
        ...cluster.spec.tenants.flatMap(({ namespaces }) => namespaces),
      ],
      minor: minorOf(cluster),
      control,
    }),
  'workload-templates': (scope, _, control) =>
    new WorkloadTemplates(scope, 'workload-templates', { exempt: exemptNamespaces, control }),
};

/** Kubernetes minor of a cluster, for example `1.36`. */
export function minorOf({ release }: ResolvedCluster): string {
  return release.kubernetes.split('.').slice(0, 2).join('.');
}

/** The spec's registries, and the repositories of the images that the platform itself runs; none where any will do. */
function registriesOf({ spec, release }: ResolvedCluster): readonly string[] {
  if (spec.images.registries.length === 0) return [];
  const own = Object.values(imagesOf(release)).map((reference) => reference.replace(/:[^:/]+$/, ''));
  return [...spec.images.registries, ...own];
}
