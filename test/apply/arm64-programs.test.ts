import { execFileSync } from 'node:child_process';
import { imagesOf, releases } from '../../lib/release';
import { describeWith, findArm64Program } from '../support/judges';

jest.setTimeout(120_000);

const release = releases['1.36'];
const tag = (image: string) => image.split(':').at(-1)?.replace(/-\d+$/, '') ?? '';
const kubernetes = `Kubernetes v${release.kubernetes}`;

/** What each program of a board says of itself, and how it is asked. */
const programs: readonly (readonly [name: string, ask: readonly string[], says: string])[] = [
  ['kubeadm', ['version', '--output', 'short'], `v${release.kubernetes}`],
  ['kubelet', ['--version'], kubernetes],
  ['kubectl', ['version', '--client'], `v${release.kubernetes}`],
  ['kube-apiserver', ['--version'], kubernetes],
  ['kube-controller-manager', ['--version'], kubernetes],
  ['kube-scheduler', ['--version'], kubernetes],
  ['etcd', ['--version'], `etcd Version: ${tag(imagesOf(release).etcd).replace(/^v/, '')}`],
  ['containerd', ['--version'], `v${release.containerd}`],
  ['ctr', ['--version'], `v${release.containerd}`],
  ['containerd-shim-runc-v2', ['-v'], `v${release.containerd}`],
  ['runc', ['--version'], `runc version ${release.runc}`],
  ['loopback', ['--version'], `v${release.cniPlugins}`],
  ['metrics-server', ['--version'], ''],
];

describeWith('the cross-built program, emulated', ['qemu-aarch64-static'], ({ 'qemu-aarch64-static': qemu }) => {
  const missing = programs.filter(([name]) => findArm64Program(name) === undefined).map(([name]) => name);
  if (missing.length > 0) {
    test.skip(`${missing.join(', ')}: \`bulwark artifacts build --arch arm64\` did not run here`, () => undefined);
  }
  for (const [name, ask, says] of programs) {
    const program = findArm64Program(name);
    if (program === undefined) continue;
    test(`${name} runs and is of the release`, () => {
      const said = execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', qemu, program, ...ask], { encoding: 'utf8' });
      expect(said).toContain(says);
    });
  }
});
