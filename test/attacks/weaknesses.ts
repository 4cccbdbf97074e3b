import { readFile } from 'node:fs/promises';
import type { Outcome, Target } from './attack';
import { scenery } from './scenery';

const rbac = 'rbac.authorization.k8s.io';

const account = (name: string, namespace: string = scenery.tenant) => ({ kind: 'ServiceAccount', name, namespace });

const clusterBinding = (name: string, role: string, ...subjects: readonly object[]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
  subjects,
});

const clusterRole = (name: string, apiGroup: string, resources: readonly string[], verbs: readonly string[]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules: [{ apiGroups: [apiGroup], resources, verbs }],
});

/** Grants that clusters have in the field and that a fresh one has not. */
const grants = [
  // default-account-admin: the binding that the thesis found and deleted.
  clusterBinding('frontend', 'admin', account('default', scenery.shop)),
  // deployer-cluster-admin: the usual rights of a deployment pipeline.
  clusterBinding('deployer', 'cluster-admin', account('deployer')),
  // tenant-impersonates
  clusterRole('impersonator', '', ['users', 'groups'], ['impersonate']),
  clusterBinding('impersonator', 'impersonator', account('tenant')),
  // tenant-writes-status
  clusterRole('status-writer', '', ['services/status'], ['patch', 'update']),
  clusterBinding('status-writer', 'status-writer', account('tenant')),
  // tenant-writes-endpointslices: what `edit` held before Kubernetes 1.22, and still holds on clusters upgraded since.
  clusterRole('endpointslice-writer', 'discovery.k8s.io', ['endpointslices'], ['create', 'update', 'patch']),
  clusterBinding('endpointslice-writer', 'endpointslice-writer', account('tenant')),
  // no-node-authorizer: nodes get their rights from RBAC, as before Kubernetes 1.7.
  clusterBinding('every-node', 'system:node', { apiGroup: rbac, kind: 'Group', name: 'system:nodes' }),
];

/** Kubelet, API server and etcd, each without the defence that the attacks meet. */
const misconfigure = `set -e
# kubelet-open
sed -i -e '/anonymous:/{n;s/false/true/}' -e 's/mode: Webhook/mode: AlwaysAllow/' /var/lib/kubelet/config.yaml
echo 'readOnlyPort: 10255' >> /var/lib/kubelet/config.yaml
# no-node-authorizer, no-node-restriction, no-subject-restriction, websocket-exec-by-get
sed -e 's/--authorization-mode=Node,RBAC/--authorization-mode=RBAC/' \
  -e 's/--enable-admission-plugins=NodeRestriction/--disable-admission-plugins=CertificateSubjectRestriction/' \
  -e '/- kube-apiserver$/a\\    - --feature-gates=AuthorizePodWebsocketUpgradeCreatePermission=false' \
  /etc/kubernetes/manifests/kube-apiserver.yaml > /root/kube-apiserver.yaml
# etcd-open
sed -e '/--client-cert-auth=true/{/peer/!d}' -e '/--trusted-ca-file=/{/peer/!d}' \
  /etc/kubernetes/manifests/etcd.yaml > /root/etcd.yaml
mv /root/kube-apiserver.yaml /root/etcd.yaml /etc/kubernetes/manifests/
systemctl restart kubelet`;

/** What must be seen before the weaknesses count as injected. */
const misconfigured = `set -e
p="$(ps -eo args)"
echo "$p" | grep -q 'kube-apiserver .*--disable-admission-plugins=CertificateSubjectRestriction'
curl -sfk -m 2 https://127.0.0.1:2379/version >/dev/null
# A kubelet that has just started knows only its static pods.
curl -sf -m 2 http://127.0.0.1:10255/pods | grep -q '"name":"frontend'
curl -sfk -m 2 https://127.0.0.1:6443/readyz >/dev/null`;

/**
 * Puts every named weakness into the stock cluster, in one step, and waits until the cluster runs with them. The
 * cluster is a wreck afterwards: it serves as the positive control of the attacks and nothing else.
 */
export async function injectWeaknesses(stock: Target): Promise<void> {
  if (stock.name !== 'stock') throw new Error('weaknesses are for the stock cluster only');
  const list = { apiVersion: 'v1', kind: 'List', items: grants };
  must('grants', await stock.kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(list) }));
  // old-runc: Debian's 1.1.5, which the lab's own machine runs, found first in the PATH.
  const runc = await readFile('/usr/sbin/runc');
  const place = 'cat > /usr/local/sbin/runc && chmod 755 /usr/local/sbin/runc';
  must('runc', await stock.onNode(stock.victim, place, { stdin: runc }));
  must('misconfiguration', await stock.onNode(stock.controlPlane, misconfigure));
  for (let second = 0; second < 480; second += 2) {
    if ((await stock.onNode(stock.controlPlane, misconfigured)).code === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  throw new Error('the stock cluster did not come back with its weaknesses within 480 s');
}

function must(step: string, outcome: Outcome): void {
  if (outcome.code !== 0) throw new Error(`${step}: ${outcome.stderr || outcome.stdout}`);
}
