import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pod = '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{name: main}]}}';

const graph = (args: readonly string[], input = '') =>
  spawnSync(join(root, 'node_modules/.bin/tsx'), [join(root, 'cli/main.ts'), 'graph', ...args], {
    input,
    encoding: 'utf8',
  });

describe('bulwark graph', () => {
  test('draws what it reads from standard input', () => {
    const { status, stdout } = graph(['-', '--format', 'mermaid'], pod);
    expect(status).toBe(0);
    expect(stdout).toContain('n0["web<br>Pod"]:::workload');
    expect(stdout).toContain('n0 -.->|"every port"|');
    expect(graph(['-', '--format', 'mermaid', '--default-deny'], pod).stdout).not.toContain('every port');
  });

  test('draws a folder of manifests into a file, and prints JSON for programs', () => {
    writeFileSync(join(folder, 'web.k8s.yaml'), pod);
    const picture = join(folder, 'picture.svg');
    expect(graph([folder, '--out', picture])).toMatchObject({ status: 0, stdout: `${picture}: 3 nodes, 2 edges\n` });
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(JSON.parse(graph([folder, '--json']).stdout).nodes[0]).toMatchObject({
      id: 'shop/Pod/web',
      kind: 'workload',
    });
  });

  test('says what is missing', () => {
    const { status, stderr } = graph(['-'], '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}');
    expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining('GRAPH_NOTHING') });
  });
});
