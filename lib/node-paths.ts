/** Paths on a node that controls, generators and checks share. */

/** Where everything of ours stands that Kubernetes reads. */
export const ownDirectory = '/etc/kubernetes/bulwark';
export const apiServerDirectory = `${ownDirectory}/apiserver`;

/** Documents that kube-apiserver reads beside its arguments. The planner names them to it and mounts them. */
export const apiServerFiles = {
  authentication: `${apiServerDirectory}/authentication/config.yaml`,
  admission: `${apiServerDirectory}/admission/config.yaml`,
  audit: `${apiServerDirectory}/audit/policy.yaml`,
  encryption: `${apiServerDirectory}/encryption/config.yaml`,
} as const;
export type ApiServerFile = keyof typeof apiServerFiles;

export const auditLogDirectory = '/var/log/kubernetes/audit';
export const auditLog = `${auditLogDirectory}/audit.log`;

/** Where a cluster's API server keeps its documents and its audit log. */
export type ApiServerPaths = Readonly<Record<ApiServerFile | 'auditLog', string>>;
/** Those of the clusters that are built here. */
export const ownPaths: ApiServerPaths = { ...apiServerFiles, auditLog };

/** The certificate authority of the cluster, and the kubelet's client certificate authority. */
export const clusterCa = '/etc/kubernetes/pki/ca.crt';
/** Certificate and key that the kubelet serves with, renewed in place by the kubelet. */
export const kubeletServingCertificate = '/var/lib/kubelet/pki/kubelet-server-current.pem';
