import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as apply from '../../apply';
import * as artifacts from '../../apply/artifacts';
import { HardeningError } from '../../lib/errors';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import * as observe from '../../observe';
import { planCluster } from '../../stacks/provider/cluster-plan';
import { clusterResource } from '../../stacks/provider/cluster-resource';
import type { Properties } from '../../stacks/provider/resource';
import { recording } from '../support/evidence';
import { specInput } from '../support/spec';

// What needs machines is stood in for; what the provider makes of their answers is real.
jest.mock('../../apply', () => ({
  ...jest.requireActual('../../apply'),
  applyCluster: jest.fn(),
  removeNodes: jest.fn(),
  resetCluster: jest.fn(),
  mintKubeconfig: jest.fn(),
}));
jest.mock('../../apply/artifacts', () => ({
  ...jest.requireActual('../../apply/artifacts'),
  ensureArtifacts: jest.fn(),
}));
jest.mock('../../observe', () => ({ observeCluster: jest.fn() }));
const { applyCluster, removeNodes, resetCluster, mintKubeconfig } = jest.mocked(apply);
const { observeCluster } = jest.mocked(observe);
const { ensureArtifacts } = jest.mocked(artifacts);

const folder = mkdtempSync(join(tmpdir(), 'bulwark-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = { stack: 'dev', type: 'bulwark:index:Cluster', name: 'demo' };
const said: string[] = [];
const say = (text: string) => said.push(text);
const planned = (spec: ClusterSpecInput): Properties =>
  planCluster({}, { spec, stateDirectory: join(folder, 'state'), artifactsDirectory: folder }, say).inputs;
const inputs = planned(specInput());

/** The cluster that was recorded: a lab's, whose machines are given documentation's addresses. */
const recorded = ((): ClusterSpecInput => {
  const lab = parse(readFileSync(join(__dirname, '../../examples/lab/cluster.yaml'), 'utf8')) as ClusterSpecInput;
  // That computer had no swap.
  const waivers = (lab.waivers ?? []).filter(({ control }) => control !== 'kubelet/swap');
  return { ...lab, nodes: specInput().nodes, waivers };
})();
const [, , last] = recorded.nodes;
const smaller = { ...recorded, nodes: recorded.nodes.slice(0, 2) };

beforeEach(() => {
  said.length = 0;
  jest.resetAllMocks();
  applyCluster.mockResolvedValue({
    nodes: [{ name: 'cp-1', changes: [], warnings: ['the clock was wrong'] }],
    leaving: [],
  } as unknown as Awaited<ReturnType<typeof apply.applyCluster>>);
  mintKubeconfig.mockImplementation(async ({ stateDirectory }) => {
    const file = join(stateDirectory, 'kubeconfig');
    const data = Buffer.from('the authority').toString('base64');
    writeFileSync(file, stringify({ clusters: [{ cluster: { 'certificate-authority-data': data } }] }));
    return file;
  });
});

test('a run that fails on a node fails the creation with its reason, and observes nothing', async () => {
  const issue = { code: 'SSH_HOST_KEY', path: 'cp-1', message: 'the host key is another one' };
  applyCluster.mockRejectedValue(new HardeningError('unreachable', [issue]));
  await expect(clusterResource.create(inputs, say)).rejects.toThrow('the host key is another one');
  expect(observeCluster).not.toHaveBeenCalled();
});

test('a cluster that is not proven fails the creation, naming control, place and what was seen', async () => {
  // Nothing was seen: that is never a pass.
  observeCluster.mockResolvedValue([]);
  await expect(clusterResource.create(inputs, say)).rejects.toThrow(/not every control holds:\n.*audit\/log on /s);
  expect(said).toContain('cp-1: no change');
  expect(said).toContain('cp-1: the clock was wrong');
});

test('a refresh tells by control what does not hold, and the next update is due', async () => {
  observeCluster.mockResolvedValue([]);
  const { state } = await clusterResource.read('example', { ...inputs, evidence: {} }, say);
  expect(Object.keys(state.drift as Properties)).toContain('audit/log');
  expect(said.some((line) => line.startsWith('drift: audit/log: '))).toBe(true);
  expect(clusterResource.differs(state, inputs)).toBe(true);
});

test('a waiver that has expired is drift to a refresh, and hinders no deletion', async () => {
  observeCluster.mockResolvedValue([]);
  const waiver = {
    control: 'audit/log',
    reason: 'A test that has ended needed it.',
    owner: 'team',
    expires: '2020-01-01',
  };
  const applied = { ...inputs, spec: { ...specInput(), waivers: [waiver] }, evidence: {}, destroyCluster: true };
  const { state } = await clusterResource.read('example', applied, say);
  expect(Object.keys(state.drift as Properties)).toContain('audit/log');
  await clusterResource.delete('example', applied, say);
  expect(resetCluster).toHaveBeenCalledTimes(1);
});

test('machines that cannot be reached fail a refresh', async () => {
  observeCluster.mockRejectedValue(new HardeningError('unreachable', [{ code: 'SSH', message: 'no answer' }]));
  await expect(clusterResource.read('example', inputs, say)).rejects.toThrow('no answer');
});

test('a deletion takes the cluster off its nodes only where that was asked for', async () => {
  await clusterResource.delete('example', { ...inputs, destroyCluster: false }, say);
  expect(resetCluster).not.toHaveBeenCalled();
  await clusterResource.delete('example', { ...inputs, destroyCluster: true }, say);
  expect(resetCluster).toHaveBeenCalledTimes(1);
});

describe('a worker that left the spec', () => {
  const [leader, , last] = specInput().nodes;
  const gone = last?.name ?? '';
  const spec = specInput({ nodes: specInput().nodes.filter(({ name }) => name !== gone) });
  const before = { ...inputs, caCertificate: 'PEM', bundleDigest: 'of it', drift: {} };
  const update = (more: Properties = {}, state: Properties = before) =>
    clusterResource.update('example', state, { ...inputs, spec, ...more }, say);
  const isLeaving = (name: string, controlPlane = false) =>
    applyCluster.mockResolvedValue({ nodes: [], leaving: [{ name, controlPlane, node: null }] });

  test('is taken out, and the way out is told where its machine does not answer', async () => {
    isLeaving(gone);
    const issue = { code: 'NODE_UNREACHABLE', path: `nodes.${gone}`, message: 'no answer', fix: 'check it' };
    removeNodes.mockRejectedValue(new HardeningError('unreachable', [issue]));
    await expect(update()).rejects.toThrow(`where the machine is gone for good: forgetNodes: ['${gone}']`);
    expect(removeNodes.mock.calls[0]?.[0]).toMatchObject({ nodes: [gone], forget: [] });
  });

  test('is forgotten where the program says so, and once', async () => {
    isLeaving(gone);
    observeCluster.mockResolvedValue([]);
    // Nothing was observed, so the update fails; the node is out by then.
    await expect(update({ forgetNodes: [gone] })).rejects.toThrow('not every control holds');
    expect(removeNodes.mock.calls[0]?.[0]).toMatchObject({ nodes: [], forget: [gone] });
    expect(said).toContain(`${gone}: was forgotten; its machine was not reset`);
    const state = { ...before, spec, forgetNodes: [gone] };
    await expect(update({ forgetNodes: [gone], plan: 'another' }, state)).rejects.toThrow('not every control holds');
    expect(removeNodes).toHaveBeenCalledTimes(1);
  });

  test('is forgotten in an update of its own, too, and no control plane ever is', async () => {
    isLeaving('lost', true);
    await expect(update({ forgetNodes: ['lost'] }, { ...before, spec })).rejects.toThrow('control planes are never');
    isLeaving('other');
    observeCluster.mockResolvedValue([]);
    await expect(update({ forgetNodes: ['lost'] }, { ...before, spec })).rejects.toThrow('not every control holds');
    expect(removeNodes).not.toHaveBeenCalled();
  });

  test('is named by a preview, which refuses to forget a node that stays', async () => {
    const { refusals } = await clusterResource.check(inputs, { ...inputs, spec, forgetNodes: [gone] }, say, of);
    expect(refusals).toEqual([]);
    expect(said).toEqual([`${gone} is forgotten: delete; its machine is not reset`]);
    const kept = { ...inputs, forgetNodes: [leader?.name] };
    expect((await clusterResource.check(inputs, kept, say, of)).refusals).toEqual([
      { property: 'forgetNodes', reason: expect.stringMatching(/cannot be forgotten.*Fix: take it out of the spec/) },
    ]);
  });
});

test('an error of the program itself is no refusal of an input', async () => {
  const broken = new Proxy(
    {},
    {
      get: () => {
        throw new TypeError('broken');
      },
    },
  );
  await expect(clusterResource.check({}, { spec: { nodes: broken }, stateDirectory: '.' }, say, of)).rejects.toThrow(
    'broken',
  );
});

describe('a cluster that is proven', () => {
  beforeEach(() => observeCluster.mockResolvedValue([...recording('hardened')]));

  test('gives its endpoint, a kubeconfig without a credential, and what was seen', async () => {
    const made = await clusterResource.create(planned(recorded), say);
    expect(made).toMatchObject({
      endpoint: 'https://192.0.2.11:6443',
      caCertificate: 'the authority',
      evidence: { fail: 0, error: 0, 'not-observed': 0, profile: 'internet-facing' },
      nodeStates: { 'cp-1': 'waived', 'worker-1': 'waived', 'worker-2': 'waived' },
      bundleDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      drift: {},
    });
    const [{ user }] = parse(String(made.kubeconfig)).users;
    expect(Object.keys(user)).toEqual(['exec']);
    expect(user.exec.args).toContain('credential');
    expect(clusterResource.differs(made, planned(recorded))).toBe(false);
  });

  test('has its drift taken back by the refresh after the repair', async () => {
    const made = await clusterResource.create(planned(recorded), say);
    const drifted = { ...made, drift: { 'audit/log': 'cp-1: gone' } };
    const { state } = await clusterResource.read('example', drifted, say);
    expect(state.drift).toEqual({});
    // Nothing but the time differs, so the stack shows no change.
    expect(state.evidence).toEqual(made.evidence);
  });

  test('loses a worker that left its spec, and first asks whether it is still a node', async () => {
    const before = { ...planned(recorded), caCertificate: 'the authority' };
    const member = { name: 'worker-2', controlPlane: false, node: last };
    applyCluster.mockResolvedValue({ nodes: [], leaving: [member] } as unknown as Awaited<
      ReturnType<typeof apply.applyCluster>
    >);
    let directory = '';
    removeNodes.mockImplementation(async ({ bundleDirectory, nodes }) => {
      directory = bundleDirectory;
      expect(nodes).toEqual(['worker-2']);
      // The machine that leaves is reached as before.
      expect(readFileSync(join(bundleDirectory, 'known_hosts'), 'utf8')).toContain(last?.address);
      return { nodes: [], leaving: [] } as unknown as Awaited<ReturnType<typeof apply.removeNodes>>;
    });
    await clusterResource.update('example', before, planned(smaller), say).catch(() => undefined);
    expect(applyCluster.mock.calls.map(([{ check }]) => check)).toEqual([true, undefined]);
    expect(said).toContain('worker-2: left the cluster, and its machine was reset');
    expect(existsSync(directory)).toBe(false);
  });

  test('does not log in to a machine that left the cluster already', async () => {
    await clusterResource.update('example', planned(recorded), planned(smaller), say).catch(() => undefined);
    expect(removeNodes).not.toHaveBeenCalled();
    expect(applyCluster).toHaveBeenCalledTimes(2);
  });

  test('tells nothing to the machines where only what concerns the program changed', async () => {
    const made = await clusterResource.create(planned(recorded), say);
    jest.clearAllMocks();
    const changed = { ...planned(recorded), destroyCluster: true };
    expect(clusterResource.differs(made, changed)).toBe(true);
    expect(await clusterResource.update('example', made, changed, say)).toMatchObject({ destroyCluster: true });
    expect(applyCluster).not.toHaveBeenCalled();
    expect(observeCluster).not.toHaveBeenCalled();
  });
});

test('node software that cannot be had fails the creation before a node is touched', async () => {
  const { artifactsDirectory: _, ...without } = inputs;
  const issue = { code: 'ARTIFACT_BUILD', message: 'the program go is missing' };
  ensureArtifacts.mockRejectedValue(new HardeningError('artifact', [issue]));
  await expect(clusterResource.create(without, say)).rejects.toThrow('the program go is missing');
  expect(applyCluster).not.toHaveBeenCalled();
});
