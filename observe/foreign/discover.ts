import { parse } from 'yaml';
import { at, list, show } from '../../lib/checks/values';
import { HardeningError } from '../../lib/errors';
import type { ClusterFacts, Seen } from '../../lib/foreign/cluster-facts';
import type { Json } from '../../lib/settings/setting';
import { specRecord } from '../../lib/spec/spec-record';
import type { ApiProxy } from './api-proxy';

type Objects = readonly { readonly [key: string]: Json }[];

const kubeSystem = '/api/v1/namespaces/kube-system';

/**
 * Asks the API server what kind of cluster this is. What the user may not read is unseen, with the server's words.
 *
 * @throws HardeningError of kind `unreachable` where no API server answers
 */
export async function discoverCluster(api: ApiProxy): Promise<ClusterFacts> {
  const version = await api.request('GET', '/version');
  if (version.status === 0 || version.status === 401 || version.status >= 500) {
    throw new HardeningError('unreachable', [
      {
        code: 'FOREIGN_API_UNREACHABLE',
        message: 'the API server does not answer with this kubeconfig',
        got: `${version.status}: ${show(at(version.body, 'message'))}`,
        fix: 'check that `kubectl get nodes` works with it from here',
      },
    ]);
  }
  const read = async <T>(path: string, take: (body: Json) => T, absent?: T): Promise<Seen<T>> => {
    const { status, body } = await api.request('GET', path);
    if (status === 200) return { fact: take(body) };
    if (status === 404 && absent !== undefined) return { fact: absent };
    return { unseen: show(at(body, 'message') ?? `HTTP ${status}`) };
  };
  const items = (body: Json) => list(at(body, 'items')) as Objects;
  const field = (path: string) => (map: Json) => at(map, path) ?? null;
  const [
    nodes,
    staticPods,
    clusterConfiguration,
    namespaces,
    ciliumConfig,
    hasKubeProxy,
    recordedSpec,
    kubeletConfiguration,
    corefile,
  ] = await Promise.all([
    read('/api/v1/nodes', items),
    read(`${kubeSystem}/pods?labelSelector=tier%3Dcontrol-plane`, items),
    read(`${kubeSystem}/configmaps/kubeadm-config`, field('data.ClusterConfiguration')),
    read('/api/v1/namespaces', items),
    read<Json>(`${kubeSystem}/configmaps/cilium-config`, field('data'), null),
    read(`/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy`, () => true, false),
    read<Json>(`${kubeSystem}/configmaps/${specRecord.name}`, field(`data.[${specRecord.key}]`), null),
    read(`${kubeSystem}/configmaps/kubelet-config`, field('data.kubelet')),
    read<Json>(`${kubeSystem}/configmaps/coredns`, field('data.Corefile'), null),
  ]);
  return {
    version:
      version.status === 200
        ? { fact: show(at(version.body, 'gitVersion')) }
        : { unseen: show(at(version.body, 'message')) },
    nodes,
    staticPods,
    clusterConfiguration: parsed(clusterConfiguration, 'kubeadm-config'),
    namespaces,
    ciliumConfig,
    hasKubeProxy,
    recordedSpec: textOf(recordedSpec),
    kubeletConfiguration: parsed(kubeletConfiguration, 'kubelet-config'),
    corefile: textOf(corefile),
  };
}

const textOf = (seen: Seen<Json>): Seen<string | null> =>
  'unseen' in seen || typeof seen.fact === 'string' ? (seen as Seen<string>) : { fact: null };

/** The document that a ConfigMap holds as text. */
function parsed(text: Seen<Json>, name: string): Seen<Json> {
  if ('unseen' in text) return text;
  try {
    return { fact: parse(`${text.fact ?? ''}`) as Json };
  } catch {
    return { unseen: `kube-system/${name} is no YAML` };
  }
}
