import { paths } from '../paths';
import { type Generator, isFirst } from '../plan/planning';
import { slot } from '../render/slot';
import { renderYaml } from '../render/yaml';
import { hostPort } from './shared';

/**
 * The kubeconfig by which a joining node finds the cluster. It carries the join token as its user: with anonymous access
 * narrowed to the health paths, kubeadm could not read the cluster's configuration without one. The file exists only
 * while the node joins.
 */
export const discoveryFile: Generator = (planning, node) => {
  if (isFirst(planning, node)) return [];
  const { spec, endpoint } = planning.cluster;
  const user = `bootstrap-${node.name}`;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: spec.name,
        cluster: {
          'certificate-authority-data': slot('cluster-ca'),
          server: `https://${hostPort(endpoint.host, endpoint.port)}`,
        },
      },
    ],
    users: [{ name: user, user: { token: slot('join-token') } }],
    contexts: [{ name: 'join', context: { cluster: spec.name, user } }],
    'current-context': 'join',
  };
  return [
    {
      path: paths.discovery,
      content: renderYaml([kubeconfig], ['base']),
      mode: '0600',
      restarts: [],
      origins: ['base'],
    },
  ];
};
