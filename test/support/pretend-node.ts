import type { ApiServer } from './api-server';

/** What a kubelet of kubeadm would have made: a node, and the mirror of its static pod. */
export async function pretendNode(server: ApiServer): Promise<void> {
  const made = async (path: string, object: object) => {
    const { status, body } = await server.request('POST', path, object);
    if (status !== 201) throw new Error(JSON.stringify(body));
  };
  const labels = { 'node-role.kubernetes.io/control-plane': '' };
  await made('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one', labels } });
  await server.request('PATCH', '/api/v1/nodes/one/status', {
    status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }] },
  });
  await made('/api/v1/namespaces/kube-system/serviceaccounts', { metadata: { name: 'default' } });
  await made('/api/v1/namespaces/kube-system/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver-one', labels: { tier: 'control-plane' } },
    spec: {
      nodeName: 'one',
      automountServiceAccountToken: false,
      containers: [
        { name: 'kube-apiserver', image: 'none', command: ['kube-apiserver', '--authorization-mode=Node,RBAC'] },
      ],
    },
  });
  await server.request('PATCH', '/api/v1/namespaces/kube-system/pods/kube-apiserver-one/status', {
    status: { phase: 'Running' },
  });
}
