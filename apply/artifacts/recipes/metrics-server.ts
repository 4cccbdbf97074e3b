import { imagesOf, type Release } from '../../../lib/release';
import { nonroot, type Recipe } from '../recipe';

/** What `kubectl top` and autoscalers ask, for clusters whose spec wants it. */
export function metricsServerRecipes(release: Release): Recipe[] {
  const version = release.metricsServer;
  return [
    {
      kind: 'image',
      name: 'metrics-server',
      version,
      origin: `sigs.k8s.io/metrics-server@v${version}/cmd/metrics-server`,
      group: 'metrics-server',
      roles: ['control-plane'],
      expectedSeconds: 120,
      reference: imagesOf(release).metricsServer,
      root: {
        programs: {
          '/metrics-server': {
            from: 'go',
            module: 'metrics-server',
            package: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
            variables: { 'k8s.io/client-go/pkg/version.gitVersion': `v${version}` },
          },
        },
      },
      config: { entrypoint: ['/metrics-server'], user: nonroot },
    },
  ];
}
