/** Where benchmarks ask for different things: what is done, and at what price. */
export interface Contradiction {
  readonly about: string;
  /** What each of them asks for. */
  readonly demands: readonly string[];
  /** What Bulwark does, by profile where profiles differ. */
  readonly decision: string;
  readonly price: string;
  /** Ids of the controls that carry it out. */
  readonly controls: readonly string[];
}

export const contradictions: readonly Contradiction[] = [
  {
    about: 'Bodies in the audit log',
    demands: ['CIS 3.2.2: Secrets at Metadata only', 'STIG V-242403: RequestResponse for everything'],
    decision:
      'Everywhere Secrets, ConfigMaps and tokens stay out. strict records all the rest in full, other profiles changes of rights and policies.',
    price: 'By its letter the STIG is not met. With strict the log grows many times faster and holds workloads.',
    controls: ['audit/no-secret-bodies', 'audit/full-bodies', 'audit/privilege-changes'],
  },
  {
    about: 'Anonymous requests',
    demands: [
      'CIS 1.2.1: --anonymous-auth=false',
      'STIG V-242390: not true',
      'kubelets probe the API server anonymously',
    ],
    decision: 'Anonymous requests reach the health paths and nothing else, by configuration rather than by the flag.',
    price: 'Scanners that look for the flag go on warning.',
    controls: ['kube-apiserver/anonymous-auth'],
  },
  {
    about: 'TLS',
    demands: ['CIS 1.2.29, STIG V-242418: a list of suites of TLS 1.2', 'TLS 1.3 has suites of its own'],
    decision:
      'The list is set everywhere. strict asks for TLS 1.3, so that the list is left for scanners to read; etcd stays at TLS 1.2 or later, because it refuses to start with both.',
    price: 'With strict, clients without TLS 1.3 cannot connect.',
    controls: ['kube-apiserver/tls', 'kubelet/tls', 'etcd/tls'],
  },
  {
    about: 'Images on the nodes',
    demands: ['CIS 1.2.11: AlwaysPullImages'],
    decision:
      'The kubelet checks credentials itself: for pulled images everywhere, with multi-team and strict for imported ones as well.',
    price:
      'Scanners that look for the plugin go on warning. AlwaysPullImages would stop imported images, the cluster’s own among them.',
    controls: ['kubelet/image-credentials', 'kubelet/imported-image-credentials'],
  },
  {
    about: 'Events',
    demands: ['CIS 4.2.8: a rate that fits', 'the term paper of 2018: 0, which today means 5 a second'],
    decision: '50 a second from each kubelet, and limits per namespace and user at the API server.',
    price: 'Events beyond the rate are lost.',
    controls: ['kubelet/event-record-qps', 'admission/event-rate-limit'],
  },
  {
    about: 'Idle streams',
    demands: ['CIS 4.2.5 and STIG V-245541: the kubelet’s field', 'the kubelet reads its field nowhere'],
    decision: 'Five minutes, in the kubelet’s field for scanners and in containerd for effect.',
    price: 'Sessions without output for five minutes end.',
    controls: ['kubelet/streaming-idle-timeout'],
  },
  {
    about: 'Modes of the kubelet’s configuration',
    demands: ['CIS 4.1.9: 600', 'STIG V-242456: 644'],
    decision: '0600, which satisfies both.',
    price: 'Only root reads it.',
    controls: ['node/kubelet-configuration'],
  },
  {
    about: 'SSH on workers',
    demands: ['STIG V-242393 and V-242394: none', 'nodes are kept by Ansible'],
    decision: 'It stays, reachable from operators’ networks only.',
    price: 'By its letter the STIG is not met.',
    controls: ['network/ssh-firewall'],
  },
];
