import { imagesOf, type Release } from '../../../lib/release';
import { nonroot, type Recipe } from '../recipe';

/** The cluster DNS. */
export function corednsRecipes(release: Release): Recipe[] {
  return [
    {
      kind: 'image',
      name: 'coredns',
      version: release.coredns,
      origin: `github.com/coredns/coredns@v${release.coredns}`,
      expectedSeconds: 150,
      reference: imagesOf(release).coredns,
      root: { programs: { '/coredns': { from: 'go', module: 'coredns', package: 'github.com/coredns/coredns' } } },
      // Port 53 needs no file capability: containerd lets pods without the host's network bind any port.
      config: { entrypoint: ['/coredns'], user: nonroot },
    },
  ];
}
