import type { Benchmark } from './benchmark';

/** OWASP Kubernetes Top Ten, edition 2025. */
export const owasp: Benchmark = {
  list: 'owasp',
  title: 'OWASP Kubernetes Top Ten 2025',
  demands: [
    { id: 'K01', title: 'Workloads run with safe settings' },
    { id: 'K02', title: 'Nobody is authorized for more than is needed' },
    { id: 'K03', title: 'Secrets are kept and handled safely' },
    { id: 'K04', title: 'Policies are enforced for the whole cluster' },
    { id: 'K05', title: 'The network is segmented' },
    { id: 'K06', title: 'Components are not exposed more than needed' },
    { id: 'K07', title: 'Components are configured safely and have no known flaws' },
    {
      id: 'K08',
      title: 'A taken pod does not lead on into the cloud account',
      open: 'No cloud is provisioned yet. The default deny keeps pods from metadata services; no control sees it.',
    },
    { id: 'K09', title: 'Callers are authenticated soundly' },
    { id: 'K10', title: 'What happens is logged and watched' },
  ],
};
