import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureIdentity, pinHostKeys, sshArguments, sshFiles } from '../../lab/ssh';

describe('the keys of a lab', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-lab-'));
  const files = sshFiles(folder);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are made once, for the owner alone', async () => {
    const publicKey = await ensureIdentity(folder);
    expect(publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ bulwark-lab\n$/);
    expect(statSync(files.identityFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'machines')).mode & 0o777).toBe(0o700);
    expect(await ensureIdentity(folder)).toBe(publicKey);
  });

  test('pin exactly the machines’ host keys', async () => {
    const machine = { name: 'a', role: 'worker', address: '10.89.36.11', hostKey: 'ssh-ed25519 AAAA' } as const;
    await pinHostKeys(folder, [machine, { ...machine, address: '10.89.36.12', hostKey: 'ssh-ed25519 BBBB' }]);
    expect(readFileSync(files.knownHostsFile, 'utf8')).toBe(
      '10.89.36.11 ssh-ed25519 AAAA\n10.89.36.12 ssh-ed25519 BBBB\n',
    );
  });

  test('are the only ones that ssh uses and accepts', () => {
    const line = sshArguments(files, '10.89.36.11').join(' ');
    for (const part of [
      '-F /dev/null',
      'StrictHostKeyChecking=yes',
      'GlobalKnownHostsFile=/dev/null',
      `UserKnownHostsFile=${files.knownHostsFile}`,
      'IdentitiesOnly=yes',
    ]) {
      expect(line).toContain(part);
    }
    expect(line.endsWith('ops@10.89.36.11')).toBe(true);
  });
});
