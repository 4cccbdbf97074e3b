/** A line of kube-bench that does not say PASS on our nodes although the demand is met. */
export interface KubeBenchDeviation {
  /** Check of kube-bench's target `cis-1.12`. */
  readonly id: string;
  readonly result: 'FAIL' | 'WARN';
  /** Why the tool does not say PASS. */
  readonly text: string;
  /** Id of the control whose own checks answer the line. */
  readonly control: string;
}

const manual = 'The tool asks people to look; it never says PASS.';

/** Every line that a control answers, in the order of the tool. */
export const kubeBenchDeviations: readonly KubeBenchDeviation[] = [
  { id: '1.1.9', result: 'WARN', text: manual, control: 'network/cni-files' },
  { id: '1.1.10', result: 'WARN', text: manual, control: 'network/cni-files' },
  ...['1.1.13', '1.1.14'].map((id) => ({
    id,
    result: 'FAIL' as const,
    text: 'The tool reads the mode of admin.conf and super-admin.conf, and neither file is on the node.',
    control: 'access/admin-credentials',
  })),
  {
    id: '1.2.1',
    result: 'WARN',
    text: 'The tool looks for an argument; a document limits anonymous requests to the health paths.',
    control: 'kube-apiserver/anonymous-auth',
  },
  {
    id: '1.2.11',
    result: 'WARN',
    text: 'AlwaysPullImages would stop images that were imported; the kubelet’s own check of credentials stands in. With the profile multi-team it is kubelet/imported-image-credentials.',
    control: 'kubelet/image-credentials',
  },
  { id: '1.2.20', result: 'WARN', text: manual, control: 'kube-apiserver/request-timeout' },
  { id: '3.1.3', result: 'WARN', text: manual, control: 'access/bootstrap-tokens' },
  { id: '3.2.2', result: 'WARN', text: manual, control: 'audit/no-secret-bodies' },
  ...['4.1.3', '4.1.4'].map((id) => ({
    id,
    result: 'WARN' as const,
    text: 'Without kube-proxy the file is not there; the modes of all kubeconfigs that are there are seen.',
    control: 'node/kubeconfigs',
  })),
  {
    id: '4.3.1',
    result: 'FAIL',
    text: 'The tool wants somebody to listen on loopback; without kube-proxy nobody listens at all.',
    control: 'kube-proxy/metrics-bind',
  },
  { id: '5.1.1', result: 'WARN', text: manual, control: 'access/cluster-admin-bindings' },
  { id: '5.1.5', result: 'WARN', text: manual, control: 'access/default-service-accounts' },
  { id: '5.1.6', result: 'WARN', text: manual, control: 'access/default-service-accounts' },
  { id: '5.1.7', result: 'WARN', text: manual, control: 'access/cluster-admin-bindings' },
  { id: '5.1.11', result: 'WARN', text: manual, control: 'access/node-approval' },
  ...Array.from({ length: 12 }, (_, index) => ({
    id: `5.2.${index + 1}`,
    result: 'WARN' as const,
    text: manual,
    control: 'admission/pod-security',
  })),
  { id: '5.3.1', result: 'WARN', text: manual, control: 'network/policy-enforcement' },
  { id: '5.3.2', result: 'WARN', text: manual, control: 'network/default-deny' },
  { id: '5.6.1', result: 'WARN', text: manual, control: 'admission/namespace-levels' },
  { id: '5.6.2', result: 'WARN', text: manual, control: 'kubelet/seccomp-default' },
  { id: '5.6.3', result: 'WARN', text: manual, control: 'admission/pod-security' },
];

/**
 * Lines that say WARN and are up to the users of a cluster: how people log in, which rights they give, where their
 * secrets and images come from. Where a control has a part in one, the list of the benchmark names it.
 */
export const kubeBenchOfUsers: readonly string[] = [
  ...['3.1.1', '3.1.2'],
  ...['5.1.2', '5.1.3', '5.1.4', '5.1.8', '5.1.9', '5.1.10', '5.1.12', '5.1.13'],
  ...['5.4.1', '5.4.2', '5.5.1', '5.6.4'],
];
