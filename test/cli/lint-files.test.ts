import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintFiles } from '../../cli/lint-files';
import { readManifests } from '../../cli/read-manifests';
import { HardeningError } from '../../lib/errors';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const today = '2026-01-01';

function fileOf(text: string): string {
  const file = join(folder, 'manifests.yaml');
  writeFileSync(file, text);
  return file;
}

const issuesOf = (files: string[]) => {
  try {
    lintFiles(files, today);
  } catch (error) {
    if (error instanceof HardeningError) return { kind: error.kind, issues: error.issues };
  }
  throw new Error('no HardeningError');
};

describe('lint', () => {
  test('names the line of what is there, and of what is nearest above what is missing', () => {
    const file = fileOf(`# a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  colour: green
  app.properties: |
    db.password=hunter2
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: []
  type: NodePort
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: all}
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
  - apiGroups: [""]
    resources: [secrets]
    verbs: ["*"]
`);
    const { objects, findings } = lintFiles([file], today);
    expect(objects).toBe(3);
    expect(findings.map(({ control, line }) => [control, line])).toEqual([
      ['secrets/config-map', 7],
      ['services/node-port', 15],
      ['rbac/wildcards', 26],
    ]);
    expect(new Set(findings.map((finding) => finding.file))).toEqual(new Set([file]));
  });

  test('judges the members of a List, several documents, and leaves other YAML alone', () => {
    const service = '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: NodePort}}';
    const file = fileOf(
      `{apiVersion: v1, kind: List, items: [${service}, ${service}]}\n---\n---\nvalues: 3\n--- ${service}\n`,
    );
    const { objects, findings } = lintFiles([file], today);
    expect(objects).toBe(3);
    expect(findings.map(({ control }) => control)).toEqual(Array(3).fill('services/node-port'));
  });

  test('says where a file is no YAML', () => {
    const { kind, issues } = issuesOf([fileOf('a: 1\nb: {{ .Values.b }\nc: [')]);
    expect(kind).toBe('spec');
    expect(issues[0]).toMatchObject({ code: 'LINT_YAML', fix: expect.stringContaining('helm template') });
    expect(issues[0]?.line).toBeGreaterThan(1);
  });

  test('refuses aliases that multiply without bound', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`),
    ];
    expect(issuesOf([fileOf(bomb.join('\n'))])).toMatchObject({ kind: 'spec', issues: [{ code: 'LINT_YAML' }] });
  });

  describe('reads what kubectl would send', () => {
    const pod = (text: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n${text}\n`;
    const container = '  containers: [{name: c, image: i}]';
    const controlsOf = (text: string | Buffer) => {
      const file = join(folder, 'manifests.yaml');
      writeFileSync(file, text);
      return lintFiles([file], today).findings.map(({ control }) => control);
    };
    const onHost = 'pod-security/hostNamespaces';

    test.each([
      ['yes', pod(`  hostNetwork: yes\n${container}`)],
      ['On', pod(`  hostPID: On\n${container}`)],
      ['a merged map', `x: &host {hostPID: true}\n${pod(`  <<: *host\n${container}`)}`],
      [
        'the last of two merged over what was said before',
        pod(`  hostNetwork: false\n  <<: {hostNetwork: true}\n${container}`),
      ],
      ['the first of several sources', pod(`  <<: [{hostNetwork: true}, {hostNetwork: false}]\n${container}`)],
      ['the last of two equal keys', pod(`  hostNetwork: false\n  hostNetwork: true\n${container}`)],
      ['a kind in base64', pod(`  hostNetwork: true\n${container}`).replace('kind: Pod', 'kind: !!binary UG9k')],
      ['another version of YAML', `%YAML 1.2\n---\n${pod(`  hostNetwork: yes\n${container}`)}`],
      ['a byte order mark', `\ufeff${pod(`  hostNetwork: true\n${container}`)}`],
      ['lines that end as on Windows', pod(`  hostNetwork: true\n${container}`).replaceAll('\n', '\r\n')],
      ['UTF-16', Buffer.from(`\ufeff${pod(`  hostNetwork: true\n${container}`)}`, 'utf16le')],
      ['a name that is made up later', pod(`  hostNetwork: true\n${container}`).replace('name: p', 'generateName: p-')],
      [
        'members of a PodList',
        'apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: p}\n  spec: {hostNetwork: true, containers: [{name: c}]}\n',
      ],
      [
        'a List in a List',
        `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, spec: {hostNetwork: true}}]}]}`,
      ],
      [
        'a template deep in a custom resource',
        'apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nspec: {replicaSpecs: {Worker: {template: {spec: {hostNetwork: true, containers: [{name: c}]}}}}}\n',
      ],
    ])('%s', (_, text) => expect(controlsOf(text)).toContain(onHost));

    test('octal, hexadecimal and binary numbers', () => {
      for (const root of ['0', '00', '0x0', '0b0', '0o0', '-0']) {
        const found = controlsOf(pod(`  securityContext: {runAsUser: ${root}}\n${container}`));
        expect([root, found]).toEqual([root, expect.arrayContaining(['pod-security/runAsUser'])]);
      }
    });

    test('times and dates stay text', () => {
      const file = fileOf('{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {at: 2026-01-01, for: 1:30}}');
      const [read] = readManifests([file]);
      expect(read?.object.data).toEqual({ at: '2026-01-01', for: '1:30' });
    });

    test('nothing of an empty file, of comments, and of what is no object', () => {
      for (const text of ['', '\ufeff', '# nothing\n', '---\n---\n', 'null', '[]', '3', 'a: &a [*a]\n', '"<<": 3']) {
        expect([text, lintFiles([fileOf(text)], today).objects]).toEqual([text, 0]);
      }
    });
  });

  const multiplied = [...'abcdefghij']
    .map(
      (name, index, names) =>
        `${name}: &${name} {<<: [${Array(9).fill(index === 0 ? '{x: 1}' : `*${names[index - 1]}`)}]}`,
    )
    .join('\n');

  test.each([
    ['nesting that no program can follow', '['.repeat(50_000)],
    ['maps in maps without end', '{a: '.repeat(50_000)],
    ['a map that merges itself', 'a: &a {<<: *a}'],
    ['an alias of nothing', 'a: *b'],
    ['a merge of no map', 'a: {<<: 3}'],
    ['merges that multiply without bound', multiplied],
  ])('refuses %s', (_, text) => {
    expect(issuesOf([fileOf(text)])).toMatchObject({ kind: 'spec', issues: [{ code: 'LINT_YAML' }] });
  });

  test('judges folders however deep, and names every file that is no YAML at once', () => {
    const chart = mkdtempSync(join(folder, 'chart-'));
    mkdirSync(join(chart, 'templates/.hidden'), { recursive: true });
    for (const name of ['values.yaml', 'templates/web.yaml', 'templates/db.yml', 'templates/.hidden/c.yaml', 'a.txt']) {
      writeFileSync(join(chart, name), name === 'values.yaml' ? 'a: 1' : '{{- if .Values.x }}\na: {{ .Values.a }}');
    }
    const { kind, issues } = issuesOf([chart]);
    expect(kind).toBe('spec');
    expect([...new Set(issues.map(({ file }) => file))]).toEqual(
      ['db.yml', 'web.yaml'].map((name) => join(chart, 'templates', name)),
    );
  });

  test('says which file is missing', () => {
    const file = join(folder, 'missing.yaml');
    expect(issuesOf([file])).toEqual({
      kind: 'usage',
      issues: [{ code: 'LINT_FILE', file, message: 'there is no such file' }],
    });
  });
});
