import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPreview } from '../../cli/verbs/delta';
import { deltaMarkdown } from '../../stacks/delta-markdown';
import { hardeningDelta } from '../../stacks/hardening-delta';
import { planCluster } from '../../stacks/provider/cluster-plan';
import { unknown } from '../../stacks/provider/resource';
import { specInput } from '../support/spec';

const urn = 'urn:pulumi:dev::machines::bulwark:index:HardenedCluster$bulwark:index:Cluster::shop';
const planOf = (changes: Parameters<typeof specInput>[0] = {}) =>
  planCluster({}, { spec: specInput(changes), stateDirectory: '.bulwark/shop' }, () => undefined).inputs.plan;
const state = (plan: unknown) => ({ inputs: { plan } });
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: ReturnType<typeof state>;
  readonly newState?: ReturnType<typeof state>;
}
/** A preview as the engine prints it, with one cluster beside what every program has. */
const preview = (op: string, before: unknown, after: unknown, of = urn): { steps: Step[] } => ({
  steps: [
    { op: 'same', urn: 'urn:pulumi:dev::machines::pulumi:pulumi:Stack::machines-dev' },
    { op, urn: of, ...(before !== undefined && { oldState: state(before) }), newState: state(after) },
  ],
});

const waiver = {
  control: 'kubelet/seccomp-default',
  reason: 'An old runtime of @team-a needs it, see <b>#12</b>.',
  owner: 'team',
  expires: '2999-12-31',
};
const plain = planOf();
const waived = planOf({ waivers: [waiver] });

test('a waiver is a control that gets weaker, with the setting and the files that it changes', () => {
  const [delta] = hardeningDelta(preview('update', plain, waived));
  expect(delta).toMatchObject({ cluster: 'shop', operation: 'update', stronger: [], known: true });
  expect(delta?.weaker).toEqual([{ of: waiver.control, before: 'on', after: `waived: ${waiver.reason}` }]);
  expect(delta?.settings).toContainEqual({ of: 'kubelet seccompDefault', before: 'true' });
  expect(Object.keys(delta?.nodes ?? {})).toContain('cp-1');
});

test('the end of a waiver, and the repair of drift, make a control stronger', () => {
  const [ended] = hardeningDelta(preview('update', waived, plain));
  expect(ended).toMatchObject({ weaker: [], stronger: [{ of: waiver.control, after: 'on' }] });
  const { controls, ...rest } = plain as { controls: Record<string, string> };
  const drifted = { ...rest, controls: { ...controls, 'audit/log': 'drifted: cp-1: gone, expected a file' } };
  const [repaired] = hardeningDelta(preview('update', drifted, plain));
  expect(repaired?.stronger).toEqual([{ of: 'audit/log', before: controlsOf(drifted)['audit/log'], after: 'on' }]);
});
const controlsOf = (plan: { controls: Record<string, string> }) => plan.controls;

test('events of the engine say the same as its document', () => {
  const { steps } = preview('update', plain, waived);
  const events = steps.map(({ op, urn: of, oldState, newState }) => ({
    resourcePreEvent: { metadata: { op, urn: of, old: oldState ?? null, new: newState } },
  }));
  expect(hardeningDelta(events)).toEqual(hardeningDelta({ steps }));
});

test('a refusal is told in the words of the provider, without the spec that the engine puts before them', () => {
  const about = "error: bulwark:index:Cluster resource 'shop'";
  const message = `${about} has a problem: spec: the cluster would get weaker: audit/log is off\n`;
  const field = `${about}: property spec.name value {<nil>} has a problem: this field is missing\n`;
  const diagnostics = [
    { urn, message, severity: 'error' },
    { urn, message: field, severity: 'error' },
    { urn, message: 'said on the way', severity: 'info' },
    { urn: 'urn:pulumi:dev::machines::other:index:Thing::x', message: 'not ours', severity: 'error' },
  ];
  const deltas = hardeningDelta({ steps: [], diagnostics });
  expect(deltas).toMatchObject([
    { refusals: ['spec: the cluster would get weaker: audit/log is off', 'spec.name: this field is missing'] },
  ]);
  expect(hardeningDelta(diagnostics.map((diagnosticEvent) => ({ diagnosticEvent })))).toEqual(deltas);
  expect(deltaMarkdown(deltas)).toContain('**Refused.**\n* spec: the cluster would get weaker');
});

test('what an allowed update gives up is weaker too, and is told once', () => {
  const said = [
    'warning: gets weaker: networking.operatorCidrs 0.0.0.0/0 may connect too\n',
    `warning: gets weaker: ${waiver.control} is waived: ${waiver.reason}\n`,
  ];
  const diagnostics = said.map((message) => ({ urn, message, severity: 'warning' }));
  const [delta] = hardeningDelta({ ...preview('update', plain, waived), diagnostics });
  expect(delta?.weaker).toEqual([
    { of: waiver.control, before: 'on', after: `waived: ${waiver.reason}` },
    { of: 'networking.operatorCidrs', after: '0.0.0.0/0 may connect too' },
  ]);
});

test('what is not known is not taken for no change', () => {
  const [delta] = hardeningDelta(preview('create', undefined, unknown));
  expect(delta).toMatchObject({ known: false, stronger: [], weaker: [] });
  expect(deltaMarkdown([delta as never])).toContain('not known');
});

test('a deletion takes every control, a replacement is told once, and other resources are not clusters', () => {
  const [deleted] = hardeningDelta({ steps: [{ op: 'delete', urn, oldState: state(plain) }] });
  expect(deleted?.weaker.length).toBe(Object.keys(controlsOf(plain as never)).length);
  const steps = ['create-replacement', 'replace', 'delete-replaced'].flatMap(
    (op) => preview(op, plain, plain).steps[1] ?? [],
  );
  expect(hardeningDelta({ steps }).map(({ operation }) => operation)).toEqual(['replace']);
  expect(hardeningDelta(preview('create', undefined, plain, urn.replace('Cluster::', 'Lab::')))).toEqual([]);
});

describe('as Markdown', () => {
  test('what gets weaker is not folded away, and a reason is no markup, link or mention', () => {
    const text = deltaMarkdown(hardeningDelta(preview('update', plain, waived)));
    expect(text.indexOf('**Weaker**')).toBeLessThan(text.indexOf('<details>'));
    expect(text).toContain('`kubelet/seccomp-default`: on → waived: An old runtime of @\u200bteam-a');
    expect(text).not.toContain('<b>');
    expect(text).toContain('`kubelet seccompDefault`: `true` → not set');
    expect(text).toMatch(/<summary>Files on cp-1 \(\d+\)<\/summary>/);
  });

  test('nothing to say is said', () => {
    expect(deltaMarkdown(hardeningDelta(preview('same', plain, plain)))).toContain('No control, setting or file');
    expect(deltaMarkdown([])).toContain('no cluster of Bulwark');
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-delta-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('is a document or a log of events', () => {
    const document = preview('update', plain, waived);
    const [, step] = document.steps;
    const event = { resourcePreEvent: { metadata: { op: 'update', urn, old: step?.oldState, new: step?.newState } } };
    const log = [
      { sequence: 0, preludeEvent: {} },
      { sequence: 1, ...event },
    ].map((each) => JSON.stringify(each));
    const expected = hardeningDelta(document);
    expect(hardeningDelta(readPreview(write('document', JSON.stringify(document, null, 2))))).toEqual(expected);
    expect(hardeningDelta(readPreview(write('log', `${log.join('\n')}\n`)))).toEqual(expected);
  });

  test.each([
    ['of something else', '{"version": 3}', 'holds no steps'],
    ['cut off', '{"steps": [', 'is no JSON'],
    ['that is empty', '', 'is no JSON'],
  ])('%s is refused', (_title, text, message) => {
    expect(() => readPreview(write('wrong', text))).toThrow(message);
  });

  test('that is missing is refused', () => {
    expect(() => readPreview(join(folder, 'missing'))).toThrow('cannot be read');
  });
});
