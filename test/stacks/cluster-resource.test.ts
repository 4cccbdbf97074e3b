import { clusterResource } from '../../stacks/provider/cluster-resource';
import type { HardeningPlan } from '../../stacks/provider/hardening-plan';
import { type Properties, unknown } from '../../stacks/provider/resource';
import { specInput } from '../support/spec';

const inputs = (changes: Properties = {}): Properties => ({
  spec: specInput(),
  stateDirectory: '.bulwark/example',
  allowWeaker: false,
  destroyCluster: false,
  ...changes,
});
const said: string[] = [];
beforeEach(() => {
  said.length = 0;
});
const of = { stack: 'dev', type: 'bulwark:index:Cluster', name: 'demo' };
const check = (news: Properties, olds: Properties = {}) =>
  clusterResource.check(olds, news, (text) => said.push(text), of);
const planOf = async (news: Properties) => (await check(news)).inputs.plan as HardeningPlan;
const silent = () => undefined;

test('check computes what each node will be, without a connection', async () => {
  const plan = await planOf(inputs());
  expect(plan.controls['kubelet/anonymous-auth']).toBe('on');
  expect(plan.arguments['kube-apiserver']?.profiling).toBe('false');
  expect(plan.kubelet['authentication.anonymous.enabled']).toBe('false');
  const node = plan.nodes[specInput().nodes[0]?.name ?? ''] ?? {};
  expect(node['/etc/kubernetes/bulwark/apiserver/audit/policy.yaml']).toMatch(/^[0-9a-f]{12} .*audit\/changes/);
  expect(Object.keys(plan.manifests)).toContain('20-admission.k8s.yaml');
});

test('a changed spec changes only the lines that it concerns', async () => {
  const before = await planOf(inputs());
  const after = await planOf(inputs({ spec: specInput({ encryption: { resources: ['deployments.apps'] } }) }));
  const [name = ''] = Object.keys(before.nodes);
  const changed = Object.keys(after.nodes[name] ?? {}).filter(
    (path) => after.nodes[name]?.[path] !== before.nodes[name]?.[path],
  );
  const directory = '/etc/kubernetes/bulwark/apiserver';
  // What is encrypted is not logged either.
  expect(changed).toEqual([`${directory}/audit/policy.yaml`, `${directory}/encryption/config.yaml`]);
  expect(after.controls).toEqual(before.controls);
});

test('every error of a spec is a refusal with its path', async () => {
  const [first, ...rest] = specInput().nodes;
  const spec = { ...specInput(), profle: 'strict', nodes: [{ ...first, address: 'nowhere at all' }, ...rest] };
  const { refusals } = await check(inputs({ spec }));
  expect(refusals.map(({ property }) => property).sort()).toEqual(['spec.nodes[0].address', 'spec.profle']);
  expect(refusals.every(({ reason }) => reason.includes('Fix:'))).toBe(true);
});

test('machines that are not there yet leave the plan open', async () => {
  const spec = { ...specInput(), nodes: unknown };
  expect(await check(inputs({ spec }))).toEqual({ inputs: inputs({ spec, plan: unknown }), refusals: [] });
});

describe('an update that takes nodes out', () => {
  const { nodes } = specInput();

  test('is previewed with the machines that it resets', async () => {
    const last = nodes.at(-1);
    const fewer = inputs({ spec: { ...specInput(), nodes: nodes.slice(0, -1) } });
    expect((await check(fewer, inputs())).refusals).toEqual([]);
    expect(said).toEqual([`${last?.name} leaves the cluster: drain, reset of the machine at ${last?.address}, delete`]);
    await check(inputs(), fewer);
    expect(said).toHaveLength(1);
  });

  test('is refused where a control plane is among them', async () => {
    const other = { ...nodes[0], name: 'cp-9', address: '192.0.2.99' };
    const before = inputs({ spec: { ...specInput(), nodes: [...nodes, other] } });
    const { refusals } = await check(inputs(), before);
    expect(refusals.map(({ property }) => property)).toEqual(['spec.nodes.cp-9']);
  });
});

describe('what a program leaves open', () => {
  const { name: _, ...nameless } = specInput();
  const open = { spec: nameless, allowWeaker: false, destroyCluster: false };

  test('comes from the name of the resource and its stack', async () => {
    const made = (await check(open)).inputs;
    expect(made).toMatchObject({ spec: { name: 'demo' }, stateDirectory: '.bulwark/dev/demo' });
  });

  test('stays as it was decided, whatever the resource is called later', async () => {
    const kept = (await check(open, inputs())).inputs;
    expect(kept).toMatchObject({ spec: { name: 'example' }, stateDirectory: '.bulwark/example' });
    const told = (await check({ ...open, spec: { ...nameless, name: 'other' } }, inputs())).inputs;
    expect(told).toMatchObject({ spec: { name: 'other' } });
  });
});

describe('an update that would weaken the cluster', () => {
  const { networking } = specInput();
  const open = { ...specInput(), networking: { ...networking, allowedApiCidrs: ['0.0.0.0/0'] } };

  test('is refused, unless it is allowed', async () => {
    const { refusals } = await check(inputs({ spec: open }), inputs());
    expect(refusals).toEqual([
      { property: 'spec', reason: expect.stringContaining('networking.allowedApiCidrs 0.0.0.0/0 may connect too') },
    ]);
    expect(said).toEqual([]);
    expect((await check(inputs({ spec: open, allowWeaker: true }), inputs())).refusals).toEqual([]);
    expect(said).toEqual([expect.stringContaining('gets weaker: networking.allowedApiCidrs 0.0.0.0/0')]);
  });

  test('passes where a waiver answers for it', async () => {
    const waiver = {
      control: 'kubelet/seccomp-default',
      reason: 'An old runtime of one team needs it.',
      owner: 'team',
    };
    const spec = specInput({ waivers: [{ ...waiver, expires: '2999-12-31' }] });
    expect((await check(inputs({ spec }), inputs())).refusals).toEqual([]);
    expect(said).toEqual([expect.stringContaining('gets weaker: kubelet/seccomp-default is waived')]);
  });
});

describe('the spec of the last update', () => {
  const waiver = { control: 'kubelet/seccomp-default', reason: 'An old runtime of one team needs it.', owner: 'team' };

  test('may have a waiver that has expired since', async () => {
    const before = { ...specInput(), waivers: [{ ...waiver, expires: '2020-01-01' }] };
    expect((await check(inputs({ spec: before }))).refusals).toHaveLength(1);
    expect((await check(inputs(), inputs({ spec: before }))).refusals).toEqual([]);
  });

  test('may be of a release that read other specs: the controls of its plan are compared', async () => {
    const old = {
      spec: { ...specInput(), gone: true },
      plan: { by: '0.0.1', controls: { 'old/waived': 'waived: x' } },
    };
    expect((await check(inputs(), inputs(old))).refusals).toEqual([]);
    const { controls } = old.plan;
    const plan = { ...old.plan, controls: { ...controls, 'old/control': 'on' } };
    expect((await check(inputs(), inputs({ ...old, plan }))).refusals).toEqual([
      { property: 'spec', reason: expect.stringContaining('would get weaker: old/control is off') },
    ]);
  });
});

describe('an update', () => {
  let checked: Properties;
  let state: Properties;
  beforeAll(async () => {
    checked = (await check(inputs())).inputs;
    state = { ...checked, bundleDigest: 'abc', drift: {} };
  });

  test('is due where an input or what was seen differs', async () => {
    expect(clusterResource.differs(state, checked)).toBe(false);
    expect(clusterResource.differs(state, { ...checked, destroyCluster: true })).toBe(true);
    expect(clusterResource.differs({ ...state, drift: { 'audit/log': 'cp-1: gone' } }, checked)).toBe(true);
  });

  test('that failed leaves what was there, but not the mark that it was brought about', () => {
    // The engine's protocol has no word for undefined: the property itself must be gone.
    expect(Object.keys(clusterResource.unfinished?.(state) ?? {})).toEqual([...Object.keys(checked), 'drift']);
  });

  test('that concerns only the program asks no node', async () => {
    // Nobody listens on the addresses of this spec: any connection would fail.
    const after = await clusterResource.update('example', state, { ...checked, destroyCluster: true }, silent);
    expect(after).toEqual({ ...state, destroyCluster: true });
  });
});

test('a deletion leaves the cluster running and says so', async () => {
  const said: string[] = [];
  await clusterResource.delete('example', inputs(), (text) => said.push(text));
  expect(said).toEqual([expect.stringContaining('example is left on its nodes')]);
});
