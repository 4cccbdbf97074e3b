import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bulwark, jsonOf } from './support/bulwark';
import { labs, runningLab, specOf, stateOf, type UpResult, unproven } from './support/cluster';
import { digestOf, type Fingerprint, fingerprints } from './support/fingerprint';
import { timed } from './support/timing';
import { workDirectory } from './support/work-directory';

describe('a second run', () => {
  let before: Fingerprint[];
  beforeAll(async () => {
    before = await fingerprints(await runningLab(labs.hardened));
  });

  const unchanged = async (spec: string, title: string) => {
    const up = jsonOf<UpResult>(await timed(title, () => bulwark(['up', spec, '--yes', '--no-preview', '--json'])));
    expect(up.nodes.flatMap(({ name, changes }) => changes.map((change) => ({ name, change })))).toEqual([]);
    expect(up.nodes.map(({ changed }) => changed)).toEqual([0, 0, 0]);
    expect(unproven(up.evidence)).toEqual([]);
    const after = await fingerprints(await runningLab(labs.hardened));
    for (const { node, files } of after)
      process.stderr.write(`    ${node}: ${files.length} lines, ${digestOf(files)}\n`);
    expect(after).toEqual(before);
  };

  test('changes nothing: files, their times and the start of every unit stay as they were', () =>
    unchanged(specOf(labs.hardened), 'bulwark up, second run'));

  test('changes nothing with the spec that the cluster gives back, from a folder without any local state', async () => {
    const elsewhere = join(workDirectory, 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    const spec = join(elsewhere, 'cluster.yaml');
    const kubeconfig = join(stateOf(labs.hardened), 'kubeconfig');
    const imported = await timed('bulwark import of a cluster of ours', () =>
      bulwark(['import', '--kubeconfig', kubeconfig, '--out', spec, '--json']),
    );
    expect(jsonOf<object>(imported)).toMatchObject({ recorded: true, lost: [], unread: [], changes: [], warnings: [] });
    await unchanged(spec, 'bulwark up with the imported spec');
  });

  test('previews nothing, and the preview leaves the nodes as they are', async () => {
    const up = await timed('bulwark up with its preview', () =>
      bulwark(['up', specOf(labs.hardened), '--yes', '--json']),
    );
    expect(jsonOf<UpResult>(up).nodes.map(({ changed }) => changed)).toEqual([0, 0, 0]);
    expect(unproven(jsonOf<UpResult>(up).evidence)).toEqual([]);
    // A second look at the same things would prove no more.
    expect(up.stderr).toContain('Nothing to do');
    expect(await fingerprints(await runningLab(labs.hardened))).toEqual(before);
  });
});
