import { publicEndpoint } from '../../lib/gateway';
import type { ControlPlaneComponent } from '../../lib/settings/setting';
import { type Argument, apiVersion, type HostPathMount } from '../api/v1beta4';
import type { Planning } from '../plan/planning';
import { type Tree, treeOf } from '../render/fields';
import { hostPort } from './shared';

/** kubeadm's ClusterConfiguration. Written once by `kubeadm init` and remembered by the cluster. */
export function clusterConfiguration(planning: Planning): Tree {
  const { cluster, settings } = planning;
  const { spec, release, endpoint } = cluster;
  return treeOf(
    {
      apiVersion,
      kind: 'ClusterConfiguration',
      clusterName: spec.name,
      kubernetesVersion: `v${release.kubernetes}`,
      controlPlaneEndpoint: hostPort(endpoint.host, endpoint.port),
      certificateValidityPeriod: '8760h0m0s',
      caCertificateValidityPeriod: '87600h0m0s',
      networking: {
        podSubnet: spec.networking.podCidr,
        serviceSubnet: spec.networking.serviceCidr,
        dnsDomain: spec.networking.dnsDomain,
      },
      // Left out here and not by a skipped phase: an upgrade would bring a skipped add-on back.
      proxy: { disabled: !cluster.keepsKubeProxy },
      apiServer: {
        certSANs: [...new Set([endpoint.host, publicEndpoint(cluster).host, ...spec.networking.certificateNames])],
        ...component(planning, 'kube-apiserver'),
      },
      controllerManager: component(planning, 'kube-controller-manager'),
      scheduler: component(planning, 'kube-scheduler'),
      etcd: { local: { dataDir: '/var/lib/etcd', extraArgs: extraArgs(planning, 'etcd') } },
    },
    settings.of('cluster-configuration-field'),
  );
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

function extraArgs({ settings }: Planning, component: ControlPlaneComponent) {
  const scalars: Argument[] = settings
    .of('component-arg')
    .filter(({ setting }) => setting.component === component)
    .map(({ setting: { name, value } }) => ({ name, value }));
  const lists: Argument[] = settings
    .of('component-arg-list')
    .filter(({ setting }) => setting.component === component)
    .map(({ setting: { name, members } }) => ({ name, value: members.join(',') }));
  return [...scalars, ...lists].sort(byName).map((argument) => ({ ...argument }));
}

function component(planning: Planning, name: ControlPlaneComponent) {
  const extraVolumes = planning.settings
    .of('static-pod-mount')
    .filter(({ setting }) => setting.component === name)
    .map(({ setting: { component: _, kind: __, ...mount } }): HostPathMount => mount)
    .sort(byName)
    .map((mount) => ({ ...mount }));
  return { extraArgs: extraArgs(planning, name), ...(extraVolumes.length > 0 && { extraVolumes }) };
}
