import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintFiles } from '../../cli/lint-files';
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

  test('says which file is missing', () => {
    const file = join(folder, 'missing.yaml');
    expect(issuesOf([file])).toEqual({
      kind: 'usage',
      issues: [{ code: 'LINT_FILE', file, message: 'there is no such file' }],
    });
  });
});
