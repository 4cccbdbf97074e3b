import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, knownKey } from '../../apply/host-keys';
import { describeWith } from '../support/judges';

// A long RSA key takes seconds on a busy computer.
jest.setTimeout(60_000);

describeWith('host keys, held against OpenSSH', ['ssh-keygen'], () => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const make = (name: string, ...options: readonly string[]) => {
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', '', '-f', join(directory, name), ...options]);
    return readFileSync(join(directory, `${name}.pub`), 'utf8').trim();
  };
  const knownHosts = (...lines: readonly string[]) => {
    const file = join(directory, 'known_hosts');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  };

  test('fingerprints read as ssh-keygen prints them', () => {
    for (const type of ['ed25519', 'ecdsa']) {
      const key = make(`of-${type}`, '-t', type);
      const printed = execFileSync('ssh-keygen', ['-lf', join(directory, `of-${type}.pub`)], { encoding: 'utf8' });
      expect(printed).toContain(` ${fingerprint(key)} `);
    }
  });

  test('known_hosts is read as OpenSSH reads it: ports, several names, hashes, the best key first', async () => {
    const good = make('good', '-t', 'ed25519');
    const ecdsa = make('second', '-t', 'ecdsa');
    const file = knownHosts(`192.0.2.1,other ${ecdsa}`, `192.0.2.1 ${good}`, `[192.0.2.1]:2222 ${ecdsa}`);
    const ask = (port: number) => knownKey({ address: '192.0.2.1', port }, [file, '/nowhere']);
    expect([await ask(22), await ask(2222), await ask(23)]).toEqual([good, ecdsa, undefined]);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).not.toContain('192.0.2.1');
    expect([await ask(22), await ask(2222)]).toEqual([good, ecdsa]);
  });

  test('short RSA keys, authorities and revoked keys are never taken', async () => {
    const short = make('short', '-t', 'rsa', '-b', '2048');
    const long = make('long', '-t', 'rsa', '-b', '3072');
    const file = knownHosts(`a ${short}`, `b ${long}`, `@cert-authority c ${long}`, `@revoked d ${long}`);
    const ask = (address: string) => knownKey({ address, port: 22 }, [file]);
    expect([await ask('a'), await ask('b'), await ask('c'), await ask('d')]).toEqual([
      undefined,
      long,
      undefined,
      undefined,
    ]);
  });
});
