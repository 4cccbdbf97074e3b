import { type Release, imagesOf } from '../../lib/release';
import type { Artifact, ArtifactGroup } from './artifact-index';

/** A folder of `go/`: one Go module that pins, with go.mod and go.sum, everything it builds. */
export type GoModule = 'kubernetes' | 'etcd' | 'coredns' | 'containerd' | 'runc' | 'cni-plugins' | 'cilium';

/** A program built from a Go package. Static, without cgo unless `cgo` says so. */
export interface GoProgram {
  readonly from: 'go';
  readonly module: GoModule;
  readonly package: string;
  /** Linker variables that set the version where upstream's own build sets it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** Links C code statically, position independent. */
  readonly cgo?: boolean;
}

/** A static program compiled from one C file of a Go module. */
export interface CProgram {
  readonly from: 'c';
  readonly module: GoModule;
  /** Go module path that holds the file. */
  readonly modulePath: string;
  readonly file: string;
  readonly defines: Readonly<Record<string, string>>;
}

/** A program taken out of a Debian package. */
export interface DebianProgram {
  readonly from: 'debian';
  readonly package: string;
  readonly file: string;
}

/** Where a program comes from. */
export type Program = GoProgram | CProgram | DebianProgram;

/** What lies in an image's root. Paths are absolute, as seen inside. */
export interface ImageRoot {
  readonly programs: Readonly<Record<string, Program>>;
  /** Symbolic links: path to target. */
  readonly links?: Readonly<Record<string, string>>;
  /** Debian packages below the programs. @default none: only the programs, /etc/passwd and /etc/group */
  readonly debian?: readonly string[];
  /** Folders of Go modules that are copied in. */
  readonly trees?: Readonly<Record<string, { module: GoModule; modulePath: string; folder: string }>>;
}

/** The part of an image's configuration that we set. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** `uid` or `uid:gid`. @default 0, which kubeadm's static pods expect */
  readonly user?: string;
}

interface RecipeBase {
  readonly name: string;
  readonly version: string;
  readonly origin: string;
  readonly group?: ArtifactGroup;
  readonly roles?: Artifact['roles'];
  /** Measured on two cores with an empty Go build cache, the recipes before it done. */
  readonly expectedSeconds: number;
}

/** How a node's program is made. */
export interface BinaryRecipe extends RecipeBase {
  readonly kind: 'binary';
  readonly program: Program;
  /** Absolute path on the node. */
  readonly install: string;
}

/** How an image is made. */
export interface ImageRecipe extends RecipeBase {
  readonly kind: 'image';
  readonly reference: string;
  readonly root: ImageRoot;
  readonly config: ImageConfig;
}

/** How one artifact is made. */
export type Recipe = BinaryRecipe | ImageRecipe;

/** Runs without privileges: the id that distroless images call `nonroot`. */
const nonroot = '65532:65532';

/** Everything that a release needs, in build order: what shares most packages comes first. */
export function recipesOf(release: Release): Recipe[] {
  return [
    ...kubernetesRecipes(release),
    ...etcdRecipes(release),
    ...runtimeRecipes(release),
    ...corednsRecipes(release),
    ...testRecipes(),
  ];
}

function kubernetesRecipes(release: Release): Recipe[] {
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
        debian: ['iptables', 'kmod', 'nftables'],
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

function etcdRecipes(release: Release): Recipe[] {
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

function runtimeRecipes(release: Release): Recipe[] {
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

function corednsRecipes(release: Release): Recipe[] {
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

function testRecipes(): Recipe[] {
  return [
    {
      kind: 'image',
      name: 'busybox',
      version: '1',
      origin: 'Debian package busybox-static',
      group: 'test',
      expectedSeconds: 5,
      reference: 'bulwark.dev/test/busybox:1',
      root: {
        programs: { '/bin/busybox': { from: 'debian', package: 'busybox-static', file: 'bin/busybox' } },
        links: Object.fromEntries(
          ['cat', 'id', 'ls', 'mount', 'nc', 'nslookup', 'ping', 'sh', 'sleep', 'telnet', 'timeout', 'wget'].map(
            (applet) => [`/bin/${applet}`, 'busybox'],
          ),
        ),
      },
      config: { command: ['/bin/sh'] },
    },
  ];
}

/** Every program of a recipe. */
export function programsOf(recipe: Recipe): Program[] {
  return recipe.kind === 'binary' ? [recipe.program] : Object.values(recipe.root.programs);
}

/** The Go modules that recipes are built from, in name order. */
export function modulesOf(recipes: readonly Recipe[]): GoModule[] {
  const modules = recipes.flatMap((recipe) => [
    ...programsOf(recipe).flatMap((program) => (program.from === 'debian' ? [] : [program.module])),
    ...(recipe.kind === 'image' ? Object.values(recipe.root.trees ?? {}).map((tree) => tree.module) : []),
  ]);
  return [...new Set(modules)].sort();
}
