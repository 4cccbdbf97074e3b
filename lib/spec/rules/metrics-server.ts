import type { Rule } from '../finding';

/** Another network may show a pod's own address to the kubelets of other nodes, whose packet filter then drops it. */
export const metricsServer: Rule = ({ metricsServer: wanted, cni }) => {
  if (!wanted || (cni?.name ?? 'cilium') === 'cilium') return [];
  return [
    {
      level: 'error',
      code: 'SPEC_METRICS_SERVER_CNI',
      path: ['metricsServer'],
      message: 'metrics-server is set up for clusters whose network is Cilium',
      got: `metricsServer: true with cni ${cni?.name}`,
      allowed: 'cni: {name: cilium}',
      fix: 'use cilium, or leave `metricsServer` out and install one with your network',
    },
  ];
};
