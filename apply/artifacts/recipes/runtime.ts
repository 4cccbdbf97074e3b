import type { Release } from '../../../lib/release';
import type { BinaryRecipe, Recipe } from '../recipe';

/** The container runtime and the one CNI plugin that it needs before the network is there. */
export function runtimeRecipes(release: Release): Recipe[] {
  const containerd = (name: string, tags: readonly string[] = []): BinaryRecipe => ({
    kind: 'binary',
    name,
    version: release.containerd,
    origin: `github.com/containerd/containerd/v2@v${release.containerd}/cmd/${name}`,
    expectedSeconds: name === 'containerd' ? 60 : 5,
    program: {
      from: 'go',
      module: 'containerd',
      package: `github.com/containerd/containerd/v2/cmd/${name}`,
      variables: { 'github.com/containerd/containerd/v2/version.Version': `v${release.containerd}` },
      tags: ['urfave_cli_no_docs', ...tags],
    },
    install: `/usr/bin/${name}`,
  });
  return [
    containerd('containerd'),
    containerd('ctr'),
    containerd('containerd-shim-runc-v2', ['no_grpc']),
    {
      kind: 'binary',
      name: 'runc',
      version: release.runc,
      origin: `github.com/opencontainers/runc@v${release.runc}`,
      expectedSeconds: 20,
      program: {
        from: 'go',
        module: 'runc',
        package: 'github.com/opencontainers/runc',
        // As upstream's static build, without libpathrs, which Debian 12 does not have.
        tags: ['seccomp', 'urfave_cli_no_docs', 'netgo', 'osusergo'],
        cgo: true,
      },
      install: '/usr/sbin/runc',
    },
    {
      kind: 'binary',
      name: 'loopback',
      version: release.cniPlugins,
      origin: `github.com/containernetworking/plugins@v${release.cniPlugins}/plugins/main/loopback`,
      expectedSeconds: 5,
      program: {
        from: 'go',
        module: 'cni-plugins',
        package: 'github.com/containernetworking/plugins/plugins/main/loopback',
        variables: {
          'github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion': `v${release.cniPlugins}`,
        },
      },
      install: '/opt/cni/bin/loopback',
    },
  ];
}
