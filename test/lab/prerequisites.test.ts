import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPrerequisites, prerequisites } from '../../lab/prerequisites';
import { HardeningError } from '../../lib/errors';

function issuesOf(work: () => void) {
  try {
    work();
  } catch (error) {
    if (error instanceof HardeningError) return { kind: error.kind, issues: error.issues };
    throw error;
  }
  return { kind: undefined, issues: [] };
}

describe('what the lab needs', () => {
  let folder = '';
  const install = (names: readonly string[]) => {
    for (const name of names) {
      writeFileSync(join(folder, name), '');
      chmodSync(join(folder, name), 0o755);
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-lab-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is complete with every program on the path and root', () => {
    install(prerequisites.map(({ program }) => program));
    expect(issuesOf(() => checkPrerequisites({ uid: 0, platform: 'linux', path: folder })).issues).toEqual([]);
  });

  test('is reported in one error, with the package that brings each missing program', () => {
    const { kind, issues } = issuesOf(() => checkPrerequisites({ uid: 1000, platform: 'darwin', path: folder }));
    expect(kind).toBe('prerequisite');
    expect(issues.map(({ code }) => code)).toEqual([
      'LAB_NEEDS_LINUX',
      'LAB_NEEDS_ROOT',
      ...prerequisites.map(() => 'LAB_PROGRAM_MISSING'),
    ]);
    expect(issues.map(({ fix }) => fix)).toContain('apt-get install mmdebstrap, with /usr/sbin on the PATH');
    expect(issues.find(({ message }) => message.startsWith('podman'))?.message).toContain('Docker');
  });
});
