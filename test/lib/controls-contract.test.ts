import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labSpec } from '../../lab/lab-spec';
import type { AnyCheck, Judgement } from '../../lib/checks';
import type { Facts, NodeObservations, ProbeKind } from '../../lib/checks/probe';
import { catalogue } from '../../lib/controls/registry';
import { type Evidence, judgeCluster } from '../../lib/evidence';
import { profileNames } from '../../lib/profiles/profile';
import { profiles } from '../../lib/profiles/profiles';
import { type Resolution, resolve } from '../../lib/resolve';
import { type ClusterSpecInput, clusterSpecSchema } from '../../lib/spec/cluster-spec';
import { waiverRecord } from '../../lib/spec/waiver-record';
import { controlIds } from '../../scripts/generate-registry';
import { attacks } from '../attacks';
import { notRun } from '../support/judges';
import { hostKeys, specInput } from '../support/spec';

const root = join(__dirname, '../..');

const resolution = (changes: Partial<ClusterSpecInput> = {}): Resolution =>
  resolve(clusterSpecSchema.parse(specInput(changes)), catalogue);

const boardNodes = specInput().nodes.map((node) => ({ ...node, platform: { board: 'pi-4' as const } }));

/** Clusters that between them every control concerns. */
const clusters: readonly Resolution[] = profileNames.flatMap((profile) => [
  resolution({ profile, namespaces: [{ name: 'shop' }], verification: { schedule: 'daily' } }),
  resolution({ profile, cni: { name: 'cilium', kubeProxyReplacement: false } }),
  resolution({ profile, nodes: boardNodes }),
  resolution({ profile, cni: { name: 'external', enforcesNetworkPolicies: true }, namespaces: [{ name: 'shop' }] }),
]);

/** Variants of one attack, such as `A09/deployment`, count as that attack. */
const played = attacks.map(({ id }) => id.split('/')[0]);

const concerned = (id: string): Resolution | undefined =>
  clusters.find(({ controls }) => controls.some((control) => control.id === id));

describe('the catalogue', () => {
  test('holds a control for each file, under the id that is its path', () => {
    expect(catalogue.map(({ id }) => id)).toEqual(controlIds(root));
    for (const id of controlIds(root)) {
      const module = require(join(root, 'lib/controls', id)) as { default: { id: string } };
      expect(module.default.id).toBe(id);
    }
  });

  test.each(profileNames)('has no conflict in the profile %s', (profile) => {
    expect(() => resolution({ profile })).not.toThrow();
    expect(profiles[profile].name).toBe(profile);
  });

  test('replaces only what the same profiles leave out', () => {
    const replacing = catalogue.filter(({ replaces }) => replaces !== undefined);
    expect(replacing.length).toBeGreaterThan(0);
    for (const { replaces, profiles } of replacing) {
      const replaced = catalogue.find(({ id }) => id === replaces);
      expect({ replaces, known: replaced !== undefined }).toEqual({ replaces, known: true });
      expect(replaced?.profiles.filter((profile) => profiles.includes(profile))).toEqual([]);
    }
  });

  test('differs between the profiles', () => {
    const ids = (profile: (typeof profileNames)[number]) => resolution({ profile }).controls.map(({ id }) => id);
    expect(ids('internet-facing')).not.toEqual(ids('multi-team'));
  });
});

describe.each(catalogue.map((control) => [control.id, control] as const))('%s', (id, control) => {
  const decided = concerned(id);
  const cluster = decided?.cluster;

  test('says what, why, at what price and by whose demand', () => {
    for (const text of [control.title, control.why, control.cost]) {
      expect(text.trim().length).toBeGreaterThan(text === control.cost ? 3 : 15);
    }
    expect(control.title).not.toMatch(/\.$/);
    expect(control.sources.length).toBeGreaterThan(0);
    expect(control.threats.length).toBeGreaterThan(0);
    expect(new Set(control.sources.map(({ list, id: pointer }) => `${list} ${pointer}`)).size).toBe(
      control.sources.length,
    );
  });

  test('stops attacks that are played', () => {
    for (const attack of control.stops) expect(played).toContain(attack);
  });

  test('concerns some cluster, and is checked there', () => {
    expect(cluster).toBeDefined();
    expect(cluster && control.checks(cluster).length).toBeGreaterThan(0);
  });

  test('lands all its settings in the resolution', () => {
    if (!decided || !cluster) throw new Error('no cluster is concerned');
    const placed = decided.settings.all.filter(({ origins }) => origins.includes(id));
    const kinds = new Set(control.settings(cluster).map(({ kind }) => kind));
    expect(new Set(placed.map(({ setting }) => setting.kind))).toEqual(kinds);
  });

  test('can be waived unless it says no', () => {
    if (!cluster) throw new Error('no cluster is concerned');
    const waiver = { control: id, reason: 'a reason of twenty characters', owner: 'somebody', expires: '2099-12-31' };
    const again = () => resolve({ ...cluster.spec, waivers: [{ ...waiver, platform: false }] }, catalogue);
    if (control.waivable === false) {
      expect(again).toThrow(/cannot be waived/);
      return;
    }
    const waived = again().settings.all.filter(({ origins }) => origins.includes(id));
    const instead = control.whenWaived?.(cluster) ?? [];
    expect(new Set(waived.map(({ setting }) => setting.kind))).toEqual(new Set(instead.map(({ kind }) => kind)));
  });

  test('judges any fact without throwing, and takes no empty one for a pass', () => {
    if (!cluster) throw new Error('no cluster is concerned');
    for (const check of control.checks(cluster)) {
      const [empty, ...others] = odd[check.probe.kind];
      const first = judge(check, empty);
      if (!check.absence) expect([check.expected, first.verdict]).toEqual([check.expected, 'fail']);
      for (const fact of others) {
        const { verdict, observed } = judge(check, fact);
        expect(['pass', 'fail', 'not-applicable']).toContain(verdict);
        expect(observed.length).toBeLessThan(400);
      }
    }
  });
});

const judge = (check: AnyCheck, fact: unknown): Judgement => (check.judge as (fact: unknown) => Judgement)(fact);

const noBoard: Facts['board'] = {
  model: null,
  memoryCgroup: false,
  swaps: [],
  clockSynchronised: false,
  kubeletWaitsForClock: false,
  watchdogSeconds: null,
  journalKept: false,
  journalBytes: 0,
  diskSyncMilliseconds: null,
};

/** Facts of each kind that a probe may bring back: the first shows nothing, the others are odd but well-typed. */
const odd: { readonly [K in ProbeKind]: readonly [Facts[K], ...Facts[K][]] } = {
  file: [[], [{ path: '/x', type: 'other', mode: '', owner: '', group: '' }]],
  'file-text': [null, '', '\0'.repeat(10), '#'.repeat(5000)],
  process: [[], [{ pid: 0, uid: -1, args: [] }], [{ pid: 1, uid: 0, args: ['', '--', '-', '--=', '='.repeat(500)] }]],
  http: [
    { status: 0, body: '' },
    { status: 999, body: 'x'.repeat(3000) },
    { status: -1, body: '', error: 'e'.repeat(999) },
  ],
  tls: [{ accepted: false }, { accepted: true }, { accepted: false, error: 'e'.repeat(999) }],
  configz: [{}, { a: null }, { authentication: null, evictionHard: [], featureGates: 'x', staticPodPath: 0 }],
  objects: [
    [],
    [{}],
    [{ metadata: null }],
    [{ metadata: { name: 7, labels: [] }, subjects: [null, 1, 'x', {}], spec: 'x' }],
  ],
  access: [
    { allowed: false, reason: '' },
    { allowed: true, reason: 'r'.repeat(999) },
  ],
  'dry-run': [
    { accepted: false, message: '' },
    { accepted: true, message: '' },
    { accepted: false, message: 'm'.repeat(999) },
  ],
  etcd: [
    { keys: 0, transformers: {} },
    { keys: -1, transformers: {} },
    { keys: 2, transformers: { plain: 2 } },
  ],
  sysctl: [null, '', ' \n', '1 2 3'],
  module: [
    { loaded: false, builtin: false },
    { loaded: true, builtin: true },
  ],
  unit: [null, {}, { ActiveState: '' }],
  listeners: [[], [{ protocol: 'udp', address: '', port: -1, process: '' }]],
  connect: [{ result: 'error' }, { result: 'open' }],
  'audit-canary': [
    { events: [], bodyLogged: false },
    { events: [{ verb: '', level: '' }], bodyLogged: true },
  ],
  certificate: [[], [{ subject: '', issuer: '', sans: [], notAfter: '' }]],
  versions: [{}, { runc: '', containerd: 'x' }],
  board: [
    { ...noBoard, model: '' },
    { ...noBoard, model: 'Raspberry Pi 4 Model B Rev 1.4' },
    { ...noBoard, model: 'x', watchdogSeconds: -1, diskSyncMilliseconds: Number.NaN, swaps: ['/s'.repeat(500)] },
    noBoard,
  ],
  packages: [
    { system: '', versions: {} },
    { system: 'debian 12', versions: { sudo: '', libc6: ':-~' } },
  ],
  programs: [[], [{ path: '', sha256: '', installed: '' }], [{ path: 'p'.repeat(999), sha256: 'x', installed: 'y' }]],
  firewall: [
    { present: false, chains: null },
    { present: true, chains: [1, null, { rule: { expr: [null, {}] } }] },
  ],
};

/** What the end-to-end test records of a real lab. */
interface Recording {
  readonly release: string;
  readonly nodes: readonly NodeObservations[];
}

const recordings = join(root, 'test/recordings');
const now = new Date('2026-01-01T00:00:00Z');

/** The waivers that a recorded cluster keeps, undefined where it keeps none. */
function keptWaivers({ nodes }: Recording): ClusterSpecInput['waivers'] {
  const seen = nodes.flatMap(({ observations }) => Object.entries(observations));
  const [, record] = seen.find(([key]) => key.includes(`name=${waiverRecord.name} `)) ?? [];
  const [object] = (record && 'fact' in record ? record.fact : []) as readonly { data?: Record<string, string> }[];
  const text = object?.data?.[waiverRecord.key];
  return text === undefined ? undefined : JSON.parse(text);
}

/** The lab's own spec, with the waivers that the cluster was set up with; else with all that any computer may force. */
function specOf(recording: Recording): ClusterSpecInput {
  const { nodes } = recording;
  const waivers = keptWaivers(recording);
  const machines = {
    name: 'recorded',
    nodes: nodes.map(({ node, role }, index) => ({
      name: node,
      role,
      address: `192.0.2.${11 + index}`,
      hostKey: hostKeys[index % hostKeys.length] ?? hostKeys[0],
    })),
    ssh: { user: 'ops', identityFile: 'id', knownHostsFile: 'known_hosts' },
    network: { name: 'recorded', subnet: '192.0.2.0/24', gateway: '192.0.2.1' },
  };
  const wireGuard = waivers !== undefined && !waivers.some(({ control }) => control === 'network/pod-encryption');
  const host = { cgroupVersion: 1, lowersOomScores: false, swap: true, appArmor: false, wireGuard } as const;
  return { ...labSpec(machines, host), ...(waivers && { waivers }) };
}

function recorded(name: 'hardened' | 'stock', body: (evidence: Evidence) => void): void {
  const file = join(recordings, `${name}.json`);
  if (!existsSync(file)) {
    notRun(
      `controls on the recording of a ${name} cluster`,
      `test/recordings/${name}.json is not there; test:e2e writes it`,
    );
    return;
  }
  const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const decided = resolve(clusterSpecSchema.parse(specOf(recording)), catalogue);
  describe(`on the recording of a ${name} cluster`, () => body(judgeCluster(decided, recording.nodes, { now })));
}

recorded('hardened', ({ controls, rows }) => {
  test.each(controls.map(({ id }) => id))('%s holds, or is waived', (id) => {
    const wrong = rows
      .filter(({ control, verdict }) => control === id && !['pass', 'waived', 'not-applicable'].includes(verdict))
      .map(({ where, verdict, expected, observed }) => `${where}: ${verdict}: ${expected} (observed ${observed})`);
    expect(wrong).toEqual([]);
  });
});

recorded('stock', ({ rows }) => {
  // A waived row is no comparison: the platform would have failed either way.
  const compared = (id: string) =>
    rows.some(({ control, verdict }) => control === id && verdict !== 'not-applicable' && verdict !== 'waived');
  const differing = catalogue.filter(({ stock }) => stock === 'differs').map(({ id }) => id);
  const left = differing.filter((id) => !compared(id));
  if (left.length > 0) {
    notRun(
      `comparison of ${left.length} controls with stock`,
      `the lab waives or lacks what they see: ${left.join(', ')}`,
    );
  }
  test.each(differing.filter(compared))('%s fails', (id) => {
    expect(rows.filter(({ control }) => control === id).map(({ verdict }) => verdict)).toContain('fail');
  });
});
