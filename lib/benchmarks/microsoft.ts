import type { Benchmark } from './benchmark';

/** Mitigations of Microsoft's Threat Matrix for Kubernetes. */
export const microsoft: Benchmark = {
  list: 'microsoft',
  title: 'Mitigations of the Microsoft Threat Matrix for Kubernetes',
  demands: [
    {
      id: 'MS-M9001',
      title: 'People prove who they are with more than one factor',
      deviation: 'A matter of the identity provider, which the spec names under `authentication.oidc`.',
    },
    { id: 'MS-M9002', title: 'A firewall limits who reaches the API server' },
    { id: 'MS-M9003', title: 'Rights are the least that are needed' },
    { id: 'MS-M9004', title: 'The pipeline that deploys is secure', open: 'Pipelines are outside the cluster so far.' },
    { id: 'MS-M9005', title: 'Only images that meet a policy run' },
    {
      id: 'MS-M9006',
      title: 'Access to the API server is given for the time of need',
      deviation: 'The operator’s kubeconfig ends by itself and is minted again on request; nobody has to approve it.',
    },
    { id: 'MS-M9007', title: 'Intrusions over the network are detected', open: 'No detection.' },
    { id: 'MS-M9008', title: 'Services are reachable only from where they are needed' },
    { id: 'MS-M9009', title: 'Published services authenticate their callers', open: 'No gateway is provisioned.' },
    {
      id: 'MS-M9010',
      title: 'Few may run commands in pods',
      open: 'Such commands are logged (audit/interactive-access) and debug containers refused; who may run commands is up to the roles of users.',
    },
    { id: 'MS-M9011', title: 'A security module of the kernel confines containers' },
    { id: 'MS-M9012', title: 'Images hold no tools that they do not need', open: 'Images of users are not looked at.' },
    { id: 'MS-M9013', title: 'Containers get no excessive permissions' },
    { id: 'MS-M9014', title: 'The pod network is segmented' },
    { id: 'MS-M9015', title: 'No management interface runs in a container', open: 'Pods of users are not looked at.' },
    { id: 'MS-M9016', title: 'Files and directories are open to their owners only' },
    { id: 'MS-M9017', title: 'Pods meet the Pod Security Standard of their namespace' },
    {
      id: 'MS-M9018',
      title: 'Pods cannot reach the cloud’s metadata service',
      open: 'The default deny (network/default-deny) closes it; no control tries the address.',
    },
    {
      id: 'MS-M9019',
      title: 'Each workload has an identity of its own',
      open: 'Workloads of users are not looked at.',
    },
    { id: 'MS-M9020', title: 'Logs are kept away from the cluster', open: 'Audit files stay on the control planes.' },
    { id: 'MS-M9021', title: 'APIs without authentication are closed' },
    { id: 'MS-M9022', title: 'Secrets live in a managed store', open: 'No external store of secrets is provisioned.' },
    { id: 'MS-M9023', title: 'Secrets that nobody uses are removed', open: 'Use of Secrets is not looked at.' },
    { id: 'MS-M9024', title: 'Few reach etcd' },
    { id: 'MS-M9025', title: 'Pods get no token unless they ask' },
    {
      id: 'MS-M9026',
      title: 'No credential is written in plain text',
      open: 'Specs of users’ pods are not looked at.',
    },
    { id: 'MS-M9027', title: 'The NodeRestriction admission plugin is on' },
    {
      id: 'MS-M9028',
      title: 'Pods cannot forge addresses of others',
      deviation:
        'Under the restricted standard (admission/pod-security) pods hold no NET_RAW, with which ARP is forged; the pod network itself is not tried.',
    },
    {
      id: 'MS-M9029',
      title: 'Containers have requests and limits',
      open: 'Only processes are limited (kubelet/pod-pids-limit); no quota and no default for CPU and memory.',
    },
    { id: 'MS-M9030', title: 'Data lies with the provider’s storage', open: 'No storage is provisioned.' },
    { id: 'MS-M9031', title: 'There are backups', open: 'No backup is made yet.' },
    { id: 'MS-M9032', title: 'Kubelets fetch no manifests from the web' },
    { id: 'MS-M9033', title: 'Admission policies refuse excessive rights', open: 'No policy looks at new roles.' },
  ],
};
