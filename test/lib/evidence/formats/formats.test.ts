import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import Ajv from 'ajv';
import { catalogue } from '../../../../lib/controls/registry';
import {
  type BenchmarkEvidence,
  benchmarkEvidence,
  benchmarkNames,
  type Evidence,
  type EvidenceRow,
  isUnproven,
  locator,
  parseEvidence,
} from '../../../../lib/evidence';
import { formats } from '../../../../lib/evidence/formats';
import { resolve } from '../../../../lib/resolve';
import { readDocument } from '../../../../lib/spec/document';
import { parseSpec } from '../../../../lib/spec/parse';
import { makeBundle } from '../../../../stacks/cluster-bundle';
import { exampleEvidence } from '../../../support/evidence';
import { describeWith } from '../../../support/judges';

const hardened = exampleEvidence('hardened');
const stock = exampleEvidence('stock');
const report = (format: string, evidence: Evidence, previous?: Evidence, benchmark?: BenchmarkEvidence): string =>
  formats[format]?.({ evidence, previous, benchmark, version: '0.0.0' }) ?? '';

/** Evidence whose texts try to break out of every format. */
const hostile = '<script>alert(1)</script>]]>"\'&|`*_\u0000\u001b[31m\ud800 -->';
const attacked: Evidence = {
  ...stock,
  cluster: hostile,
  warnings: [hostile],
  controls: stock.controls.map((control) => ({ ...control, title: hostile })),
  rows: stock.rows.map((row, index) => ({ ...row, expected: `${index} ${hostile}`, observed: hostile })),
  attacks: [{ id: 'S1', title: hostile, hardened: 'refused', stock: 'succeeded', denial: hostile }],
};
const all = [
  ['of a hardened cluster', hardened],
  ['of a stock cluster', stock],
  ['that is hostile', attacked],
] as const;

test('what verify writes is read again', () => {
  expect(parseEvidence(JSON.parse(report('json', hardened)))).toEqual(JSON.parse(JSON.stringify(hardened)));
  expect(() => parseEvidence({ ...hardened, schema: 'bulwark.dev/evidence/v9' })).toThrow();
});

test.each(Object.keys(formats))(
  '%s shows each waiver with its owner, reach, end and what does not stand in',
  (format) => {
    const waiver = {
      reason: 'an old program needs its token',
      owner: 'team of the shop',
      expires: '2026-06-30',
      namespaces: ['shop'],
      objects: [{ kind: 'ServiceAccount', namespace: 'bank', name: 'teller' }],
      compensatedBy: ['network/default-deny'],
      uncompensated: ['network/default-deny: fail'],
    };
    const id = 'access/default-service-accounts';
    const text = report(format, {
      ...hardened,
      controls: hardened.controls.map((each) =>
        each.id === id ? { ...each, verdict: 'waived', waivers: [waiver] } : each,
      ),
      rows: hardened.rows.map((row) =>
        row.control === id ? { ...row, verdict: 'waived', seen: 'fail', waivers: [waiver] } : row,
      ),
    });
    const shown = text.replace(/\\(?=[-/:()*])/g, '');
    for (const part of [waiver.reason, waiver.owner, waiver.expires, 'shop', 'teller', 'network/default-deny: fail']) {
      expect(shown).toContain(part);
    }
  },
  20_000,
);

describe('SARIF', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  ajv.addFormat('uri', (text: string) => URL.canParse(text));
  ajv.addFormat('uri-reference', (text: string) => URL.canParse(text, 'file:///'));
  // The schema is of draft 4, of which it uses nothing that later drafts read otherwise but the name of its id.
  const { id, $schema, ...schema } = JSON.parse(
    readFileSync(join(__dirname, '../../../support/schemas/sarif-2.1.0.json'), 'utf8'),
  );
  const validate = ajv.compile({ ...schema, $id: id });

  test.each(all)('follows the schema for evidence %s', (_, evidence) => {
    expect($schema).toContain('draft-04');
    validate(JSON.parse(report('sarif', evidence)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(benchmarkNames)('follows the schema with the taxonomy of %s', (name) => {
    const log = JSON.parse(report('sarif', stock, undefined, benchmarkEvidence(name, catalogue, stock)));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    const [run] = log.runs;
    const taxa = new Set(run.taxonomies[0].taxa.map(({ id }: { id: string }) => id));
    const targets = run.tool.driver.rules.flatMap(
      ({ relationships = [] }: { relationships?: { target: { id: string } }[] }) =>
        relationships.map(({ target }) => target.id),
    );
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((id: string) => !taxa.has(id))).toEqual([]);
  });

  test('the schema finds what is wrong', () => {
    const log = JSON.parse(report('sarif', hardened));
    log.runs[0].results[0].level = 'terrible';
    expect(validate(log)).toBe(false);
  });

  test('fails what failed and suppresses what is waived', () => {
    const { results } = JSON.parse(report('sarif', stock)).runs[0];
    const failing = results.filter(
      (one: { kind: string; suppressions?: [] }) => one.kind === 'fail' && !one.suppressions,
    );
    expect(failing).toHaveLength(stock.rows.filter(isUnproven).length);
    const waived = results.filter((one: { suppressions?: [] }) => one.suppressions);
    expect(waived).toHaveLength(stock.rows.filter(({ verdict }) => verdict === 'waived').length);
    expect(waived.length).toBeGreaterThan(0);
  });
});

describe('locations', () => {
  const specFile = join(__dirname, '../../../../examples/three-machines/cluster.yaml');
  const text = `${readFileSync(specFile, 'utf8').replace(/^waivers:[\s\S]*/m, '')}
waivers:
  - control: node/time-sync
    reason: the clock belongs to somebody else here
    owner: platform team
    platform: true
`;
  const options = { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) };
  const resolution = resolve(parseSpec(text, options).spec, catalogue);
  const bundle = makeBundle(resolution);
  const locate = locator({ resolution, bundle, document: readDocument(text), specFile: 'cluster.yaml' });
  const lineOf = (id: string, where: string): string => {
    const control = resolution.controls.find((each) => each.id === id);
    if (!control) throw new Error(`${id} is not on`);
    const { file, line } = locate(control, where);
    const content = file === 'cluster.yaml' ? text : bundle.get(file.replace(/^bundle\//, ''));
    return `${file}: ${content?.split('\n')[line - 1]?.trim()}`;
  };
  const [first] = resolution.cluster.controlPlanes;

  test('point at the line that carries the setting', () => {
    const path = `bundle/nodes/${first?.name}/files/etc/kubernetes/bulwark/kubeadm/init.yaml`;
    expect(lineOf('kube-apiserver/profiling', first?.name ?? '')).toBe(`${path}: - name: profiling`);
  });

  test('point at the waiver of what is waived', () => {
    expect(lineOf('node/time-sync', first?.name ?? '')).toBe('cluster.yaml: - control: node/time-sync');
  });

  test('always point at a line that is there', () => {
    const places = ['cluster', ...resolution.cluster.spec.nodes.map(({ name }) => name)];
    for (const control of resolution.controls) {
      for (const where of places) expect(lineOf(control.id, where)).not.toMatch(/undefined$/);
    }
  });
});

describe('JUnit', () => {
  test.each(all)('is XML with the right counts for evidence %s', (_, evidence) => {
    const problems: string[] = [];
    const document = new DOMParser({ onError: (_level, message) => problems.push(message) }).parseFromString(
      report('junit', evidence),
      'text/xml',
    );
    expect(problems).toEqual([]);
    const tags = (name: string) => document.getElementsByTagName(name).length;
    const wrong = evidence.rows.filter(isUnproven);
    expect(tags('testcase')).toBe(evidence.rows.length);
    expect(tags('failure')).toBe(wrong.filter(({ verdict }) => verdict === 'fail').length);
    expect(tags('error')).toBe(wrong.filter(({ verdict }) => verdict !== 'fail').length);
    expect(document.documentElement?.getAttribute('failures')).toBe(String(tags('failure')));
    expect(document.documentElement?.getAttribute('errors')).toBe(String(tags('error')));
  });
});

describe('OSCAL', () => {
  test('satisfies nothing that was not seen to hold', () => {
    const blind = { ...hardened, rows: hardened.rows.map((row): EvidenceRow => ({ ...row, verdict: 'not-observed' })) };
    const { findings } = JSON.parse(report('oscal', blind))['assessment-results'].results[0];
    expect(new Set(findings.map((one: { target: { status: { state: string } } }) => one.target.status.state))).toEqual(
      new Set(['not-satisfied']),
    );
  });
});

describeWith('OSCAL as the compliance-trestle program reads it', ['trestle'], ({ trestle }) => {
  const seeds = benchmarkEvidence('seeds', catalogue, stock);
  const held = all.map(([title, evidence]) => [title, evidence, undefined] as const);
  test.each([...held, ['held against a benchmark', stock, seeds] as const])(
    'is valid for evidence %s',
    (_, evidence, benchmark) => {
      const folder = mkdtempSync(join(tmpdir(), 'bulwark-oscal-'));
      try {
        // It imports nothing from within its own workspace.
        const workspace = join(folder, 'workspace');
        mkdirSync(workspace);
        const run = (...args: string[]) => spawnSync(trestle, args, { cwd: workspace, encoding: 'utf8' });
        expect(run('init', '--local').status).toBe(0);
        const file = join(folder, 'results.json');
        writeFileSync(file, report('oscal', evidence, undefined, benchmark));
        expect(run('import', '-f', file, '-o', 'results')).toMatchObject({ status: 0 });
        expect(run('validate', '-t', 'assessment-results', '-n', 'results')).toMatchObject({ status: 0 });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

describe('Markdown', () => {
  test('lets no text break out of its cell', () => {
    const lines = report('markdown', attacked).split('\n');
    expect(lines.some((line) => /(?<!\\)</.test(line.replace(/&lt;/g, '')))).toBe(false);
    const table = lines.slice(lines.indexOf('## What is wrong') + 2).filter((line) => line.startsWith('| '));
    for (const line of table.slice(0, 20)) expect(line.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  test('tells what changed', () => {
    expect(report('markdown', hardened, stock)).toContain('| before | now |');
    expect(report('markdown', hardened, hardened)).toMatch(/## What changed since .*\n\nNothing\./);
  });
});

describe('HTML', () => {
  test('begins with what needs work, the most severe first, and says nothing of it where nothing does', () => {
    const severities = [...report('html', stock).matchAll(/<\/th><td>(critical|high|medium|low)<\/td>/g)].map(
      ([, severity]) => severity,
    );
    const order = ['critical', 'high', 'medium', 'low'];
    expect(new Set(severities)).toEqual(new Set(order));
    expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a ?? '') - order.indexOf(b ?? '')));
    const page = report('html', stock);
    for (const { control } of stock.rows.filter(isUnproven)) {
      expect(page.slice(0, page.indexOf('id="posture"'))).toContain(`href="#${control}"`);
    }
    const good = { ...hardened, rows: hardened.rows.filter((row) => !isUnproven(row)) };
    expect(report('html', good)).not.toContain('id="work"');
  });

  const page = report('html', attacked, hardened);

  test('loads nothing and runs only its own script', () => {
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page.match(/<script/g)).toHaveLength(1);
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    for (const own of [script, style]) {
      expect(page).toContain(`&#39;sha256-${createHash('sha256').update(own).digest('base64')}&#39;`);
    }
    expect(style).not.toMatch(/url\(|@import/);
  });

  test('shows denials, and says where an attack proves nothing', () => {
    const attacks = [
      { id: 'S1', title: 'one', hardened: 'refused', stock: 'succeeded', denial: 'HTTP 401' },
      { id: 'S2', title: 'two', hardened: 'refused', stock: 'succeeded', lifted: 'void' },
      { id: 'A04', title: 'four', hardened: 'refused', stock: 'succeeded', lifted: 'opens' },
      { id: 'S3', title: 'three', hardened: 'refused', stock: 'void' },
    ] as const;
    const told = report('html', { ...hardened, attacks });
    expect(told).toContain('<pre>HTTP 401</pre>');
    expect(told).toContain('refused; on a stock cluster: void');
    expect(told).toContain('With the policy off, the same connection opens.');
    expect(told).toContain('the silence proves nothing');
    expect(report('html', hardened)).toContain('They were not played in this run.');
  });
});
