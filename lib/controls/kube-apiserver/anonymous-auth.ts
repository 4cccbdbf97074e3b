import { fileMode, httpStatus, nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, microsoft, nsa, owasp, seed, stig } from '../sources';

const healthPaths = ['/livez', '/readyz', '/healthz'] as const;

export default control({
  id: 'kube-apiserver/anonymous-auth',
  title: 'Anonymous requests reach the health endpoints only',
  why: 'Whoever reaches the API server unauthenticated can otherwise read its version and every object bound to anonymous users, and a later careless binding opens more.',
  cost: 'Load balancers may probe /livez, /readyz and /healthz only. Joining needs a discovery file with a token inside it.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: ['A15'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.1'),
    stig('V-242390'),
    nsa('authn'),
    owasp('K09'),
    microsoft('MS-M9021'),
    kubernetes('AnonymousAuthConfigurableEndpoints'),
    seed('000/anonymous-auth'),
    seed('001/api-access'),
    seed('002/strong-authentication'),
    seed('002/requests-authenticate'),
    seed('003/api-access'),
  ],
  stock: 'differs',
  settings: () => healthPaths.map((path) => ({ kind: 'anonymous-path', path })),
  checks: ({ paths }) => [
    ...healthPaths.map((path) => answers(path, 200)),
    answers('/version', 401),
    answers('/api/v1/namespaces/kube-public/configmaps/cluster-info', 401),
    answers('/api/v1/namespaces/kube-system/secrets', 401),
    fileMode({ scope: 'control-plane', path: paths.authentication, mode: '0600' }),
  ],
});

const answers = (path: string, status: number) =>
  httpStatus({ scope: 'control-plane', url: `https://${nodeAddress}:6443${path}`, status: [status] });
