import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

const lint = (file: string) => {
  const args = ['--import', 'tsx', 'cli/main.ts', 'lint', join('examples/plain-yaml', file), '--json'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, report: JSON.parse(stdout) };
};

test('a reader that stops reading is no error of the command', () => {
  const service = (index: number) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s${index}` },
    spec: { type: 'NodePort' },
  });
  const input = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: Array.from({ length: 2000 }, (_, index) => service(index)),
  });
  const command = `${process.execPath} --import tsx cli/main.ts lint - | head -1`;
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: root,
    encoding: 'utf8',
    input,
  });
  expect(stderr).not.toMatch(/EPIPE|Error/);
  expect(stdout).toContain('services/node-port');
  expect(status).toBe(3);
}, 60_000);

describe('the example of plain YAML', () => {
  test('has nothing to find', () => {
    const { status, report } = lint('web.yaml');
    expect({ status, objects: report.objects, errors: report.errors, warnings: report.warnings }).toEqual({
      status: 0,
      objects: 1,
      errors: 0,
      warnings: 0,
    });
  }, 30_000);

  test('as it was found is refused, each finding with its place and its fix', () => {
    const { status, report } = lint('web-as-found.yaml');
    expect(status).toBe(3);
    const controls = report.findings.map(({ control }: { control: string }) => control);
    expect(controls).toEqual(
      expect.arrayContaining(['pod-security/restrictedVolumes', 'secrets/plain-environment', 'images/digest']),
    );
    for (const { path, fix } of report.findings) expect([path, fix]).toEqual([expect.any(String), expect.any(String)]);
  }, 30_000);
});
