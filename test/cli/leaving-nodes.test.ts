import type { LeavingNode } from '../../apply';
import { exampleCluster } from '../../cli/example-cluster';
import { departureOf } from '../../cli/leaving-nodes';
import { HardeningError } from '../../lib/errors';
import { withWayOut } from '../../stacks/leaving-nodes';

const loaded = { resolution: exampleCluster(), file: 'cluster.yaml', stateDirectory: '.bulwark/example' };
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJe6qNBjEz0KA3BfpEKbcalg4u3RxAkhp7AlXQcDj3qw';
const gone: LeavingNode = {
  name: 'worker-9',
  controlPlane: false,
  node: { name: 'worker-9', role: 'worker', address: '192.0.2.29', hostKey },
};

const codes = (leaving: readonly LeavingNode[], forget: readonly string[] = []): readonly string[] => {
  try {
    departureOf(loaded, leaving, forget);
    return [];
  } catch (error) {
    return (error as HardeningError).issues.map(({ code }) => code);
  }
};

test('nobody leaves a cluster whose nodes are all in the spec', () => {
  expect(departureOf(loaded, [], [])).toBeUndefined();
});

test('a node that left the spec is drained, reset where its record says, and deleted', () => {
  const departure = departureOf(loaded, [gone], []);
  expect(departure).toMatchObject({ nodes: ['worker-9'], forget: [] });
  expect(departure?.lines).toEqual(['worker-9 leaves: drain, reset of the machine at 192.0.2.29, delete']);
  expect(departure?.spec.nodes.map(({ name }) => name)).toEqual(['cp-1', 'worker-1', 'worker-2', 'worker-9']);
});

test('a machine that is gone is told of by name, and nobody logs in to it', () => {
  const departure = departureOf(loaded, [{ ...gone, node: null }], ['worker-9']);
  expect(departure).toMatchObject({ nodes: [], forget: ['worker-9'] });
  expect(departure?.lines.join()).toContain('its machine is not reset');
  expect(departure?.spec.nodes).toHaveLength(3);
});

test('a control plane never leaves, not even forgotten', () => {
  const leader = { name: 'cp-2', controlPlane: true, node: null };
  expect(codes([leader])).toEqual(['LEAVING_CONTROL_PLANE']);
  expect(codes([leader], ['cp-2'])).toEqual(['LEAVING_CONTROL_PLANE']);
  const entry = { ...(gone.node as object), role: 'control-plane' };
  expect(codes([{ ...gone, node: entry }])).toEqual(['LEAVING_CONTROL_PLANE']);
});

test('every obstacle is told at once, with a way out', () => {
  const heir = { ...(gone.node as object), name: 'old', address: '192.0.2.22' };
  const leaving = [
    { name: 'unknown', controlPlane: false, node: null },
    { name: 'old', controlPlane: false, node: heir },
  ];
  expect(codes(leaving, ['worker-1'])).toEqual([
    'LEAVING_UNKNOWN_MACHINE',
    'LEAVING_ADDRESS_TAKEN',
    'FORGET_NOT_LEAVING',
  ]);
});

test('a machine that does not answer and a run that was interrupted tell of the ways out', () => {
  const fixOf = (code: string, path: string) => {
    const issue = { code, path, message: 'x', fix: 'try again' };
    const error = withWayOut(new HardeningError('apply', [issue]), ['worker-9'], (name) => `--forget ${name}`);
    return (error as HardeningError).issues[0]?.fix;
  };
  expect(fixOf('NODE_UNREACHABLE', 'nodes.worker-9')).toBe(
    'try again; where the machine is gone for good: --forget worker-9',
  );
  expect(fixOf('NODE_UNREACHABLE', 'nodes.cp-1')).toBe('try again');
  expect(fixOf('APPLY_INTERRUPTED', '')).toContain('`kubectl uncordon worker-9`');
});
