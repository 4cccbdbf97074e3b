import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { paths } from '../../kubeadm';
import { goldenBundle, goldenCases } from '../support/golden-bundles';
import { describeWith, notRun } from '../support/judges';
import { mayMakeNodes, type PrivateNode, startPrivateNode } from '../support/private-node';
import { fileOf, hostPlan, treeOf } from '../support/rendered-node';

jest.setTimeout(30_000);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bulwark-programs-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a file below the test's own directory and returns its path. */
function place(name: string, content: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Every node of every golden cluster, with its files by path. */
const nodes = goldenCases.flatMap((name) => {
  const bundle = goldenBundle(name);
  return ['cp-1', 'worker-1'].map((node) => {
    const present = hostPlan(bundle, node).files.map(({ path }) => path);
    return { title: `${name} ${node}`, present, text: (path: string) => fileOf(bundle, `nodes/${node}/files${path}`) };
  });
});

test('there are nodes to judge', () => {
  expect(nodes).toHaveLength(10);
});

describeWith('kubeadm config validate', ['kubeadm'], ({ kubeadm }) => {
  const validate = (text: string) => {
    const discovery = place('discovery.conf', 'apiVersion: v1\nkind: Config\n');
    const file = place('kubeadm.yaml', text.replace(paths.discovery, discovery));
    return execFileSync(kubeadm, ['config', 'validate', '--config', file], { encoding: 'utf8', stdio: 'pipe' });
  };

  test.each(nodes)('accepts every document of $title', ({ present, text }) => {
    const documents = [paths.init, paths.join, paths.upgrade].filter((path) => present.includes(path));
    expect(documents).toHaveLength(2);
    for (const path of documents) expect(validate(text(path))).toBe('ok\n');
  });

  test('refuses a field that it does not know', () => {
    const [node] = nodes;
    const text = node?.text(paths.init).replace('clusterName:', 'clusterNames:') ?? '';
    expect(() => validate(text)).toThrow(/unknown field "clusterNames"/);
  });
});

describeWith('kubeadm config images list', ['kubeadm'], ({ kubeadm }) => {
  test.each(goldenCases)('names no image that the plan of %s leaves out', (name) => {
    const bundle = goldenBundle(name);
    const init = place('init.yaml', fileOf(bundle, `nodes/cp-1/files${paths.init}`));
    const listed = execFileSync(kubeadm, ['config', 'images', 'list', '--config', init], { encoding: 'utf8' });
    // metrics-server has the same registry, and kubeadm does not know it.
    const kubeadms = /^registry\.k8s\.io\/(?!metrics-server\/)/;
    const planned = hostPlan(bundle, 'cp-1').images.filter((image) => kubeadms.test(image));
    expect(listed.trim().split('\n').sort()).toEqual([...planned].sort());
  });
});

describeWith('containerd config dump', ['containerd'], ({ containerd }) => {
  const dump = (text: string) =>
    execFileSync(containerd, ['--config', place('config.toml', text), 'config', 'dump'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });

  test.each(nodes)('shows the settings of $title', ({ text }) => {
    const effective = dump(text('/etc/containerd/config.toml'));
    expect(effective).toContain('SystemdCgroup = true');
    expect(effective).toMatch(/sandbox = 'registry\.k8s\.io\/pause:[\d.]+'/);
    expect(effective).toContain("sandboxer = 'podsandbox'");
  });

  test('refuses a value of another type', () => {
    const text = nodes[0]?.text('/etc/containerd/config.toml').replace('version = 3', 'version = "three"') ?? '';
    expect(() => dump(text)).toThrow();
  });
});

const title = 'nftables and systemd on the rendered files';
if (!mayMakeNodes) notRun(title, 'namespaces need root');
else {
  describeWith(
    title,
    ['nft', 'systemd-analyze', 'kubelet', 'containerd'],
    ({ nft, kubelet, containerd, ...programs }) => {
      let node: PrivateNode;
      beforeAll(async () => {
        node = await startPrivateNode(treeOf(goldenBundle('kube-proxy'), 'cp-1'), '192.0.2.11');
        for (const [program, path] of Object.entries({ kubelet, containerd })) {
          node.run('ln', ['-sf', path, `/usr/bin/${program}`]);
        }
      });
      afterAll(() => node?.stop());

      test('the packet filter loads twice, and leaves other tables alone', () => {
        node.run(nft, ['add', 'table', 'inet', 'other']);
        for (const _ of [1, 2]) node.run(nft, ['-f', paths.firewall]);
        const tables = node.run(nft, ['list', 'tables']);
        expect(tables.trim().split('\n').sort()).toEqual(['table inet bulwark', 'table inet other']);
        expect(node.run(nft, ['list', 'table', 'inet', 'bulwark'])).toMatch(/tcp dport \{[^}]*6443[^}]*\} counter/);
      });

      test('systemd accepts every unit', () => {
        const approver = join(__dirname, '../../ansible/files');
        node.run('mkdir', ['-p', '/usr/local/lib/bulwark']);
        node.run('cp', [join(approver, 'csr-approver.py'), '/usr/local/lib/bulwark/']);
        node.run('chmod', ['0755', '/usr/local/lib/bulwark/csr-approver.py']);
        node.run('cp', [join(approver, 'bulwark-csr-approver.service'), '/etc/systemd/system/']);
        const units = ['kubelet', 'containerd', 'bulwark-firewall', 'bulwark-csr-approver'].map(
          (unit) => `${unit}.service`,
        );
        const verify = (unit: string) =>
          node.run('sh', ['-c', `${programs['systemd-analyze']} verify --man=no /etc/systemd/system/${unit} 2>&1`]);
        for (const unit of units) expect([unit, verify(unit)]).toEqual([unit, '']);

        const path = '/etc/systemd/system/bulwark-firewall.service';
        node.write(path, node.read(path).replace('RemainAfterExit', 'RemainsAfterExit'));
        expect(verify('bulwark-firewall.service')).toContain("Unknown key 'RemainsAfterExit'");
      });
    },
  );
}
