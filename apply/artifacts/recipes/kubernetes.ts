import { imagesOf, type Release } from '../../../lib/release';
import type { Artifact } from '../artifact-index';
import type { BinaryRecipe, GoProgram, ImageRecipe, Recipe } from '../recipe';

/** The programs of Kubernetes itself and the pause container. */
export function kubernetesRecipes(release: Release): Recipe[] {
  const version = release.kubernetes;
  const [major, minor] = version.split('.') as [string, string];
  const images = imagesOf(release);
  const variables = Object.fromEntries(
    ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
      [`${path}.gitVersion`, `v${version}`],
      [`${path}.gitMajor`, major],
      [`${path}.gitMinor`, minor],
      [`${path}.gitTreeState`, 'clean'],
    ]),
  );
  const program = (name: string): GoProgram => ({
    from: 'go',
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    variables,
  });
  const origin = (name: string) => `k8s.io/kubernetes@v${version}/cmd/${name}`;
  const binary = (name: string, expectedSeconds: number, roles?: Artifact['roles']): BinaryRecipe => ({
    kind: 'binary',
    name,
    version,
    origin: origin(name),
    roles,
    expectedSeconds,
    program: program(name),
    install: `/usr/bin/${name}`,
  });
  const controlPlaneImage = (name: string, reference: string, expectedSeconds: number): ImageRecipe => ({
    kind: 'image',
    name,
    version,
    origin: origin(name),
    roles: ['control-plane'],
    expectedSeconds,
    reference,
    // kubeadm's manifests name the program without a directory.
    root: { programs: { [`/usr/local/bin/${name}`]: program(name) } },
    config: { entrypoint: [name] },
  });
  return [
    binary('kubeadm', 150),
    binary('kubelet', 150),
    binary('kubectl', 40, ['control-plane']),
    controlPlaneImage('kube-apiserver', images.kubeApiserver, 60),
    controlPlaneImage('kube-controller-manager', images.kubeControllerManager, 40),
    controlPlaneImage('kube-scheduler', images.kubeScheduler, 20),
    {
      kind: 'image',
      name: 'kube-proxy',
      version,
      origin: origin('kube-proxy'),
      group: 'kube-proxy',
      expectedSeconds: 60,
      reference: images.kubeProxy,
      root: {
        programs: { '/usr/local/bin/kube-proxy': program('kube-proxy') },
        debian: { packages: ['iptables', 'kmod', 'nftables'] },
      },
      config: { entrypoint: ['/usr/local/bin/kube-proxy'] },
    },
    {
      kind: 'image',
      name: 'pause',
      version: release.pause,
      origin: `k8s.io/kubernetes@v${version}/build/pause/linux/pause.c`,
      expectedSeconds: 2,
      reference: images.pause,
      root: {
        programs: {
          '/pause': {
            from: 'c',
            module: 'kubernetes',
            modulePath: 'k8s.io/kubernetes',
            file: 'build/pause/linux/pause.c',
            defines: { VERSION: `v${release.pause}` },
          },
        },
      },
      config: { entrypoint: ['/pause'], user: '65535:65535' },
    },
  ];
}
