import { imagesOf, type Release } from '../../../lib/release';
import type { BinaryRecipe, GoProgram, Recipe } from '../recipe';

/** The server as an image, its tools as programs of control planes. */
export function etcdRecipes(release: Release): Recipe[] {
  const version = release.etcd;
  const program = (folder: string): GoProgram => ({
    from: 'go',
    module: 'etcd',
    package: `go.etcd.io/etcd/${folder}/v3`,
  });
  const origin = (folder: string) => `go.etcd.io/etcd/${folder}/v3@v${version}`;
  const tool = (name: string): BinaryRecipe => ({
    kind: 'binary',
    name,
    version,
    origin: origin(name),
    roles: ['control-plane'],
    expectedSeconds: 5,
    program: program(name),
    install: `/usr/bin/${name}`,
  });
  return [
    {
      kind: 'image',
      name: 'etcd',
      version,
      origin: origin('server'),
      roles: ['control-plane'],
      expectedSeconds: 30,
      reference: imagesOf(release).etcd,
      root: { programs: { '/usr/local/bin/etcd': program('server') } },
      config: { entrypoint: ['etcd'] },
    },
    tool('etcdctl'),
    tool('etcdutl'),
  ];
}
