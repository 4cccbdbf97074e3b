import {
  type AnyCheck,
  dryRunRefused,
  fileAbsent,
  kubeletConfig,
  objectsAbsent,
  objectsAll,
  probeKey,
  sysctl,
} from '../../../lib/checks';
import { type NodeObservations, nodeAddress, type Observation } from '../../../lib/checks/probe';
import { type Control, control } from '../../../lib/controls/control';
import { cis } from '../../../lib/controls/sources';
import { isProven, judgeCluster } from '../../../lib/evidence';
import { type Resolution, resolve } from '../../../lib/resolve';
import { type ClusterSpecInput, clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { specInput } from '../../support/spec';

const now = new Date('2026-06-15T12:00:00Z');

function declared(id: string, checks: Control['checks']): Control {
  return control({
    id,
    title: 'A title',
    why: 'why',
    cost: 'cost',
    severity: 'medium',
    threats: ['external'],
    stops: ['A15'],
    profiles: ['internet-facing'],
    sources: [cis('1.2.1')],
    stock: 'same',
    settings: () => [],
    checks,
  });
}

const panic = declared('node/panic', () => [sysctl({ name: 'kernel.panic', value: '10' })]);

const resolution = (controls: readonly Control[], changes: Partial<ClusterSpecInput> = {}): Resolution =>
  resolve(clusterSpecSchema.parse(specInput(changes)), controls);

const key = (check: AnyCheck | undefined): string => (check ? probeKey(check.probe) : '');
const panicKey = probeKey({ kind: 'sysctl', name: 'kernel.panic' });

const node = (name: string, observations: Record<string, Observation>): NodeObservations => ({
  node: name,
  role: name.startsWith('cp') ? 'control-plane' : 'worker',
  at: '2026-06-15T11:59:00Z',
  observations,
});

const everywhere = (observation: Observation): NodeObservations[] =>
  ['cp-1', 'worker-1', 'worker-2'].map((name) => node(name, { [panicKey]: observation }));

const waiver = {
  control: 'node/panic',
  reason: 'the platform sets this parameter by itself',
  owner: 'platform team',
  expires: '2026-12-31',
};

const verdicts = (...args: Parameters<typeof judgeCluster>) =>
  judgeCluster(...args).rows.map(({ where, verdict }) => [where, verdict]);

describe('judgeCluster', () => {
  test('has a row for each node, and the worst of them for the control', () => {
    const seen = everywhere({ fact: '10' });
    seen[2] = node('worker-2', { [panicKey]: { fact: '0' } });
    const evidence = judgeCluster(resolution([panic]), seen, { now });
    expect(evidence.rows.map(({ where, verdict, observed }) => [where, verdict, observed])).toEqual([
      ['cp-1', 'pass', '10'],
      ['worker-1', 'pass', '10'],
      ['worker-2', 'fail', '0'],
    ]);
    expect(evidence.controls[0]).toMatchObject({ verdict: 'fail', sources: ['cis 1.2.1'], stops: ['A15'] });
    expect(evidence.areas.node).toMatchObject({ fail: 1, pass: 0 });
    expect(evidence.total.fail).toBe(1);
    expect(isProven(evidence)).toBe(false);
    expect(isProven(judgeCluster(resolution([panic]), everywhere({ fact: '10' }), { now }))).toBe(true);
  });

  test('names the address of the node that a row speaks of', () => {
    const expected = `https://${nodeAddress}:10250 answers`;
    const seen = declared('node/panic', () => [{ ...sysctl({ name: 'kernel.panic', value: '10' }), expected }]);
    const { rows } = judgeCluster(resolution([seen]), everywhere({ fact: '10' }), { now });
    expect(rows.map((row) => row.expected)).toEqual([
      'https://192.0.2.11:10250 answers',
      'https://192.0.2.21:10250 answers',
      'https://192.0.2.22:10250 answers',
    ]);
  });

  test('never takes what was not seen for a pass', () => {
    const silent = judgeCluster(resolution([panic]), [], { now });
    expect(silent.rows.every(({ verdict, explained }) => verdict === 'not-observed' && explained === false)).toBe(true);
    expect(isProven(silent)).toBe(false);

    const explained = judgeCluster(resolution([panic]), everywhere({ unseen: 'no such tool' }), { now });
    expect(explained.rows[0]).toMatchObject({ verdict: 'not-observed', observed: 'no such tool', explained: true });
    expect(isProven(explained)).toBe(true);
  });

  test('calls an observation of another shape an error', () => {
    const malformed = { fact: { surprise: true } } as unknown as Observation;
    const evidence = judgeCluster(resolution([panic]), everywhere(malformed), { now });
    expect(evidence.controls[0]?.verdict).toBe('error');
    expect(isProven(evidence)).toBe(false);
  });

  test('checks a waived control all the same', () => {
    const evidence = judgeCluster(resolution([panic], { waivers: [waiver] }), everywhere({ fact: '0' }), { now });
    expect(evidence.rows[0]).toMatchObject({ verdict: 'waived', seen: 'fail', observed: '0' });
    expect(evidence.controls[0]).toMatchObject({ verdict: 'waived', waivers: [{ owner: 'platform team' }] });
    expect(evidence.warnings).toEqual([]);
    expect(isProven(evidence)).toBe(true);
  });

  test('limits a waiver to its nodes', () => {
    const waived = resolution([panic], { waivers: [{ ...waiver, nodes: ['worker-2'] }] });
    expect(verdicts(waived, everywhere({ fact: '0' }), { now })).toEqual([
      ['cp-1', 'fail'],
      ['worker-1', 'fail'],
      ['worker-2', 'waived'],
    ]);
  });

  test('ignores an expired waiver, and says so', () => {
    const waived = resolution([panic], { waivers: [{ ...waiver, expires: '2026-06-14' }] });
    const evidence = judgeCluster(waived, everywhere({ fact: '0' }), { now });
    expect(evidence.controls[0]?.verdict).toBe('fail');
    expect(evidence.warnings).toEqual(['the waiver of node/panic expired on 2026-06-14']);
    const lastDay = resolution([panic], { waivers: [{ ...waiver, expires: '2026-06-15' }] });
    expect(judgeCluster(lastDay, everywhere({ fact: '0' }), { now }).controls[0]?.verdict).toBe('waived');
  });

  test('reminds of a waiver 30 days before its end, not earlier', () => {
    const warnings = (expires: string) =>
      judgeCluster(resolution([panic], { waivers: [{ ...waiver, expires }] }), everywhere({ fact: '0' }), { now })
        .warnings;
    expect(warnings('2026-07-16')).toEqual([]);
    expect(warnings('2026-07-15')).toEqual([
      'the waiver of node/panic by platform team ends in 30 days, on 2026-07-15',
    ]);
    expect(warnings('2026-06-15')).toEqual(['the waiver of node/panic by platform team ends today, on 2026-06-15']);
  });

  test('shows each of several waivers, and the one that covers a row', () => {
    const waivers = [
      { ...waiver, nodes: ['worker-1'] },
      { ...waiver, nodes: ['worker-2'], owner: 'storage team' },
    ];
    const evidence = judgeCluster(resolution([panic], { waivers }), everywhere({ fact: '0' }), { now });
    expect(evidence.controls[0]?.waivers.map(({ owner }) => owner)).toEqual(['platform team', 'storage team']);
    expect(evidence.rows.map(({ waivers: by }) => by?.[0]?.nodes)).toEqual([undefined, ['worker-1'], ['worker-2']]);
  });

  test('a row carries time, proof, sources and attacks', () => {
    const { rows } = judgeCluster(resolution([panic]), everywhere({ fact: '10' }).slice(0, 1), { now });
    expect(rows[0]).toMatchObject({
      at: '2026-06-15T11:59:00Z',
      scope: 'node',
      proof: { probe: panicKey, seen: '{"fact":"10"}', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      sources: ['cis 1.2.1'],
      stops: ['A15'],
    });
    expect([rows[1]?.at, rows[1]?.proof]).toEqual([undefined, undefined]);
  });

  test('what is neither a fact nor a reason is malformed, also for a check that wants an absence', () => {
    const gone = declared('node/gone', () => [fileAbsent({ scope: 'node', path: '/x' })]);
    const decided = resolution([gone]);
    const [name = ''] = gone.checks(decided.cluster).map(key);
    for (const odd of [null, 5, {}, { unseen: null }, { fact: undefined }, []]) {
      const seen = ['cp-1', 'worker-1', 'worker-2'].map((each) =>
        node(each, { [name]: odd as unknown as Observation }),
      );
      expect(judgeCluster(decided, seen, { now }).rows.map(({ verdict }) => verdict)).toEqual([
        'error',
        'error',
        'error',
      ]);
    }
  });

  test('warns of a waiver that nothing needs, and of a node that nobody knows', () => {
    const waived = resolution([panic], { waivers: [waiver] });
    const seen = [...everywhere({ fact: '10' }), node('stranger', {})];
    expect(judgeCluster(waived, seen, { now }).warnings).toEqual([
      'the waiver of node/panic is unused: the control holds',
      'stranger was observed and is not in the spec',
    ]);
  });

  test('looks for what concerns the cluster on control planes only', () => {
    const pids = declared('kubelet/pids', (cluster) => kubeletConfig(cluster, { path: 'podPidsLimit', value: 4096 }));
    const decided = resolution([pids]);
    const keys = pids.checks(decided.cluster).map(key);
    const fact = { fact: { podPidsLimit: 4096 } };
    const onControlPlane = [node('cp-1', Object.fromEntries(keys.map((name) => [name, fact])))];
    expect(verdicts(decided, onControlPlane, { now })).toEqual([
      ['cp-1', 'pass'],
      ['worker-1', 'pass'],
      ['worker-2', 'pass'],
    ]);
    const onWorker = [node('worker-1', Object.fromEntries(keys.map((name) => [name, fact])))];
    expect(verdicts(decided, onWorker, { now }).every(([, verdict]) => verdict === 'not-observed')).toBe(true);
  });

  test('computes what does not apply from the inventory', () => {
    const workers = declared('node/x', () => [fileAbsent({ scope: 'worker', path: '/x' })]);
    const [controlPlane] = specInput().nodes;
    if (!controlPlane) throw new Error('the example has a control plane');
    const evidence = judgeCluster(resolution([workers], { nodes: [controlPlane] }), [], { now });
    expect(evidence.rows).toMatchObject([
      { where: 'cluster', verdict: 'not-applicable', observed: 'no worker in the spec' },
    ]);
  });
});

describe('a waiver of namespaces or objects', () => {
  const bindings = objectsAbsent({ resource: 'rolebindings.rbac.authorization.k8s.io', expected: 'no binding' });
  const bound = declared('access/bindings', () => [bindings]);
  const found = (...names: readonly string[]) => ({
    fact: names.map((text) => {
      const [namespace = '', name = ''] = text.split('/');
      return { metadata: { namespace, name } };
    }),
  });
  const limited = { ...waiver, control: 'access/bindings' };
  const judged = (scopes: readonly object[], observation: Observation, controls = [bound]) => {
    const decided = resolution(controls, { waivers: scopes.map((scope) => ({ ...limited, ...scope })) });
    const keys = controls.flatMap((each) => each.checks(decided.cluster).map(key));
    return judgeCluster(decided, [node('cp-1', Object.fromEntries(keys.map((name) => [name, observation])))], { now });
  };

  test('excuses what is found there, and everything else still fails', () => {
    const { rows, controls, warnings } = judged([{ namespaces: ['shop'] }], found('shop/a', 'shop/b', 'bank/c'));
    expect(rows[0]).toMatchObject({ verdict: 'fail', observed: 'bank/c; waived: shop/a, shop/b' });
    expect(rows[0]?.waivers).toMatchObject([{ owner: 'platform team', namespaces: ['shop'] }]);
    expect(controls[0]?.verdict).toBe('fail');
    expect(warnings).toEqual([]);
  });

  test('reads `waived (observed …)` where nothing else is found', () => {
    const { rows } = judged([{ namespaces: ['shop'] }], found('shop/a', 'shop/b'));
    expect(rows[0]).toMatchObject({ verdict: 'waived', seen: 'fail', observed: 'shop/a, shop/b' });
  });

  test('names objects by kind, namespace and name', () => {
    const object = { kind: 'RoleBinding', namespace: 'shop', name: 'a' };
    expect(judged([{ objects: [object] }], found('shop/a')).rows[0]?.verdict).toBe('waived');
    expect(judged([{ objects: [object] }], found('shop/b')).rows[0]?.verdict).toBe('fail');
    expect(judged([{ objects: [object] }], found('bank/a')).rows[0]?.verdict).toBe('fail');
    expect(judged([{ objects: [{ ...object, kind: 'Role' }] }], found('shop/a')).rows[0]?.verdict).toBe('fail');
    expect(judged([{ objects: [{ kind: 'RoleBinding', name: 'a' }] }], found('shop/a')).rows[0]?.verdict).toBe('fail');
  });

  test('several together excuse what each of them covers', () => {
    const scopes = [{ namespaces: ['shop'] }, { objects: [{ kind: 'RoleBinding', namespace: 'bank', name: 'c' }] }];
    const { rows } = judged(scopes, found('shop/a', 'bank/c'));
    expect(rows[0]).toMatchObject({ verdict: 'waived' });
    expect(rows[0]?.waivers).toHaveLength(2);
  });

  test('covers the namespace itself and what is tried in it', () => {
    const levels = declared('access/bindings', () => [
      objectsAll({ resource: 'namespaces', keep: [], holds: () => false, expected: 'a level' }),
      dryRunRefused({ object: { kind: 'Pod', metadata: { name: 'x', namespace: 'shop' } }, what: 'x', reason: 'no' }),
    ]);
    const decided = resolution([levels], { waivers: [{ ...limited, namespaces: ['shop'] }] });
    const [list = '', tried = ''] = levels.checks(decided.cluster).map(key);
    const seen = {
      [list]: { fact: [{ metadata: { name: 'shop' } }] },
      [tried]: { fact: { accepted: true, message: '' } },
    };
    const { rows } = judgeCluster(decided, [node('cp-1', seen)], { now });
    expect(rows.map(({ verdict }) => verdict)).toEqual(['waived', 'waived']);
  });

  test('excuses neither what was not seen nor what is about a node', () => {
    expect(judged([{ namespaces: ['shop'] }], { unseen: 'no tool' }).rows[0]?.verdict).toBe('not-observed');
    const onNodes = judgeCluster(
      resolution([panic], { waivers: [{ ...waiver, namespaces: ['shop'] }] }),
      everywhere({ fact: '0' }),
      { now },
    );
    expect(onNodes.rows.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(onNodes.warnings).toEqual(['the waiver of node/panic on namespace shop is unused: the control holds there']);
  });

  test('no name of an odd type is covered, however the waiver reads', () => {
    const odd = { fact: [{ metadata: { namespace: ['shop'], name: 5 } }] } as unknown as Observation;
    expect(judged([{ namespaces: ['shop'] }], odd).rows[0]?.verdict).toBe('fail');
  });

  test('is unused where nothing is found there, unless nothing could be seen', () => {
    const unused = 'the waiver of access/bindings on namespace shop is unused: the control holds there';
    expect(judged([{ namespaces: ['shop'] }], found('bank/c')).warnings).toEqual([unused]);
    expect(judged([{ namespaces: ['shop'] }], { unseen: 'no tool' }).warnings).toEqual([]);
  });

  test('leaves the settings of its control in place', () => {
    const setting = { kind: 'sysctl', name: 'kernel.panic', value: '10' } as const;
    const set = { ...bound, settings: () => [setting] };
    const settingsWith = (scope: object) => resolution([set], { waivers: [{ ...limited, ...scope }] }).settings.all;
    expect(settingsWith({ namespaces: ['shop'] })).toHaveLength(1);
    expect(settingsWith({ objects: [{ kind: 'RoleBinding', namespace: 'shop', name: 'a' }] })).toHaveLength(1);
    expect(settingsWith({})).toHaveLength(0);
  });
});

describe('controls that stand in', () => {
  const stead = declared('node/stead', () => [sysctl({ name: 'kernel.stead', value: '1' })]);
  const seen = (value: string): NodeObservations[] =>
    ['cp-1', 'worker-1', 'worker-2'].map((name) =>
      node(name, {
        [panicKey]: { fact: '0' },
        [probeKey({ kind: 'sysctl', name: 'kernel.stead' })]: { fact: value },
      }),
    );
  const waived = (compensatedBy: string[], changes = {}) =>
    resolution([panic, stead], { waivers: [{ ...waiver, compensatedBy, ...changes }] });

  test('pass, and the waiver is as it should be', () => {
    const { controls, warnings } = judgeCluster(waived(['node/stead']), seen('1'), { now });
    expect(controls[0]?.waivers[0]).toMatchObject({ compensatedBy: ['node/stead'] });
    expect(controls[0]?.waivers[0]).not.toHaveProperty('uncompensated');
    expect(warnings).toEqual([]);
  });

  test('do not pass, and the waiver is uncompensated, in its row as well', () => {
    const { controls, rows, warnings } = judgeCluster(waived(['node/stead']), seen('0'), { now });
    expect(controls[0]?.waivers[0]?.uncompensated).toEqual(['node/stead: fail']);
    expect(rows[0]?.waivers?.[0]?.uncompensated).toEqual(['node/stead: fail']);
    expect(warnings).toEqual([
      'the waiver of node/panic is uncompensated: what stands in does not pass (node/stead: fail)',
    ]);
  });

  test('are waived themselves, or not on, and stand in for nothing', () => {
    const both = resolution([panic, stead], {
      waivers: [
        { ...waiver, compensatedBy: ['node/stead', 'node/gone'] },
        { ...waiver, control: 'node/stead' },
      ],
    });
    expect(judgeCluster(both, seen('0'), { now }).controls[0]?.waivers[0]?.uncompensated).toEqual([
      'node/stead: waived',
      'node/gone: not on for this cluster',
    ]);
  });
});

test('the waiver of a namespace is reminded of like any other', () => {
  const warnings = (expires: string) =>
    judgeCluster(
      resolution([panic], {
        namespaces: [
          {
            name: 'legacy',
            level: 'baseline',
            waiver: { reason: 'an old program that needs more', owner: 'shop', expires },
          },
        ],
      }),
      everywhere({ fact: '10' }),
      { now },
    ).warnings;
  expect(warnings('2026-12-31')).toEqual([]);
  expect(warnings('2026-06-16')).toEqual(['the waiver of namespace legacy by shop ends tomorrow, on 2026-06-16']);
  expect(warnings('2026-06-14')).toEqual(['the waiver of namespace legacy expired on 2026-06-14']);
});
