import { bundleOf, rendering } from '../../support/controls';
import { fileOf } from '../../support/rendered-node';

test('a changed field of kubelets changes the tree of every node, so that each renders its configuration again', () => {
  const upgradeFiles = (value: number) => {
    const bundle = bundleOf([rendering('test/pids', { kind: 'kubelet-field', path: 'podPidsLimit', value })]);
    const nodes = ['cp-1', 'worker-1', 'worker-2'];
    return nodes.map((node) => fileOf(bundle, `nodes/${node}/files/etc/kubernetes/bulwark/kubeadm/upgrade.yaml`));
  };
  const [before, after] = [upgradeFiles(4096), upgradeFiles(1024)];
  expect(upgradeFiles(4096)).toEqual(before);
  for (const [index, text] of after.entries()) expect(text).not.toBe(before[index]);
});
