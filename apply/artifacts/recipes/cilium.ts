import { imagesOf, type Release } from '../../../lib/release';
import { type GoProgram, nonroot, type Recipe } from '../recipe';

/** The network: the agent with the compiler of its data path, and the operator. */
export function ciliumRecipes(release: Release): Recipe[] {
  const version = release.cilium;
  const images = imagesOf(release);
  const program = (folder: string, tags: readonly string[] = []): GoProgram => ({
    from: 'go',
    module: 'cilium',
    package: `github.com/cilium/cilium/${folder}`,
    // Upstream's form is version, revision, date; a module has no revision, and its own parser wants three words.
    variables: { 'github.com/cilium/cilium/pkg/version.ciliumVersion': `${version} module 1970-01-01T00:00:00Z` },
    tags: ['osusergo', ...tags],
  });
  const origin = (folder: string) => `github.com/cilium/cilium@v${version}/${folder}`;
  return [
    {
      kind: 'image',
      name: 'cilium',
      version,
      origin: origin('daemon'),
      group: 'cilium',
      expectedSeconds: 450,
      reference: images.ciliumAgent,
      root: {
        programs: {
          '/usr/bin/cilium-agent': program('daemon'),
          '/usr/bin/cilium-dbg': program('cilium-dbg'),
          '/opt/cni/bin/cilium-cni': program('plugins/cilium-cni'),
        },
        // The agent compiles its data path on the node: it runs `clang` and includes nothing but these sources.
        links: { '/usr/bin/cilium': 'cilium-dbg', '/usr/bin/clang': 'clang-19' },
        trees: {
          '/var/lib/cilium/bpf': {
            module: 'cilium',
            modulePath: 'github.com/cilium/cilium',
            folder: 'bpf',
            except: ['complexity-tests', 'test-progs', 'tests', 'tools'],
          },
        },
        debian: {
          packages: ['clang-19', 'ipset', 'iptables', 'kmod'],
          // Headers, linkers and libraries that Debian's clang brings along and a BPF program never uses.
          purge: [
            'binutils',
            'binutils-common',
            'binutils-x86-64-linux-gnu',
            'libasan8',
            'libbinutils',
            'libc-dev-bin',
            'libc6-dev',
            'libclang-common-19-dev',
            'libclang1-19',
            'libgcc-12-dev',
            'libgprofng0',
            'liblsan0',
            'libobjc-12-dev',
            'libperl5.36',
            'libstdc++-12-dev',
            'libtsan2',
            'libubsan1',
            'linux-libc-dev',
            'llvm-19-linker-tools',
            'perl',
            'perl-modules-5.36',
          ],
        },
      },
      config: { command: ['/usr/bin/cilium-dbg'] },
    },
    {
      kind: 'image',
      name: 'cilium-operator-generic',
      version,
      origin: origin('operator'),
      group: 'cilium',
      expectedSeconds: 120,
      reference: images.ciliumOperator,
      root: {
        programs: { '/usr/bin/cilium-operator-generic': program('operator', ['ipam_provider_operator']) },
      },
      config: { command: ['/usr/bin/cilium-operator-generic'], user: nonroot },
    },
  ];
}
