import { execFileSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePorts } from '../support/free-ports';
import { describeWith } from '../support/judges';
import { scanFixture, scanPrograms } from './scan-fixture';

jest.setTimeout(300_000);

describeWith('bulwark inventory scan, with real SSH servers', scanPrograms, ({ sshd }) => {
  const { folder, file, serve, draft, entry, written, pinned, scan, scanOnTerminal } = scanFixture(sshd);

  test('on a terminal: what is shown is what ssh-keygen shows; no writes nothing, yes pins and keeps the mode', async () => {
    const [one, two] = await Promise.all([
      serve({ keys: [{ type: 'rsa', bits: 3072 }, { type: 'ed25519' }] }),
      serve(),
    ]);
    const before = draft([entry('one', one), entry('two', two)]);
    chmodSync(file, 0o640);

    const refused = await scanOnTerminal(['n']);
    expect(refused).toMatchObject({ code: 64, stdout: expect.stringContaining('nothing of this was changed') });
    expect(refused.stdout).toContain(`one  127.0.0.1  ED25519  ${one.fingerprints.ed25519}  new`);
    expect(refused.stdout).toContain(`two  127.0.0.1  ED25519  ${two.fingerprints.ed25519}  new`);
    expect(refused.stdout).not.toContain(one.fingerprints.rsa);
    expect(written()).toBe(before);

    const agreed = await scanOnTerminal(['yes']);
    expect(agreed).toMatchObject({ code: 0, stdout: expect.stringContaining('Pinned one, two in cluster.yaml') });
    expect(pinned()).toEqual({ one: one.hostKeys.ed25519, two: two.hostKeys.ed25519 });
    expect(written()).toMatch(/^# ours\n/);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('640');

    // Nothing is left to be asked.
    const again = await scan();
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('is the one that cluster.yaml pins') });
  });

  test('without a terminal: refused, unless a fingerprint from elsewhere speaks for each key', async () => {
    const [one, two] = await Promise.all([serve(), serve({ keys: [{ type: 'ecdsa' }] })]);
    const before = draft([entry('one', one), entry('two', two)]);
    expect(await scan()).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('CONFIRMATION_NEEDED'),
    });
    const half = await scan('--yes', '--fingerprint', `${one.fingerprints.ed25519}`);
    expect(half.code).toBe(64);
    expect(half.stderr).toMatch(new RegExp(`two: .*${two.fingerprints.ecdsa?.replace(/[+/]/g, '\\$&')}`));
    expect(half.stderr).not.toMatch(/^.*one: .*SCAN_NOT_EXPECTED/m);
    expect(written()).toBe(before);

    const expected = Object.values({ ...one.fingerprints, ...two.fingerprints });
    const printed = await scan('--yes', '--json', '--print', '--fingerprint', ...expected);
    expect(JSON.parse(printed.stdout)).toMatchObject({
      keys: [
        { name: 'one', port: one.port, fingerprint: one.fingerprints.ed25519, status: 'expected', known: false },
        { name: 'two', port: two.port, fingerprint: two.fingerprints.ecdsa, status: 'expected', known: false },
      ],
      nodes: [{ name: 'one', hostKey: one.hostKeys.ed25519 }, { name: 'two' }],
    });
    expect(written()).toBe(before);

    const pin = await scan('--yes', '--json', '--fingerprint', ...expected);
    expect({ code: pin.code, file: JSON.parse(pin.stdout).file }).toEqual({ code: 0, file: 'cluster.yaml' });
    expect(pinned()).toEqual({ one: one.hostKeys.ed25519, two: two.hostKeys.ecdsa });
  });

  test('a machine that shows another key than the spec pins is refused with both fingerprints', async () => {
    const [one, two] = await Promise.all([serve({ keys: [{ type: 'ed25519' }, { type: 'ecdsa' }] }), serve()]);
    const pin = one.hostKeys.ecdsa;
    const before = draft([entry('one', one, { hostKey: `${pin} installed by us` }), entry('two', two)]);
    // The pinned kind is asked for, though a better one is offered.
    const same = await scan('--yes', '--fingerprint', `${two.fingerprints.ed25519}`, '--print', '--json');
    expect(JSON.parse(same.stdout).keys[0]).toMatchObject({ hostKey: pin, status: 'pinned' });

    const old = one.fingerprints.ecdsa;
    await one.reinstall();
    const now = Object.values(one.fingerprints);
    const { code, stdout, stderr } = await scan(
      '--json',
      '--yes',
      '--fingerprint',
      ...now,
      `${two.fingerprints.ed25519}`,
    );
    expect(code).toBe(9);
    expect(JSON.parse(stdout).error).toMatchObject({
      kind: 'verify',
      issues: [{ code: 'HOST_KEY_CHANGED', path: 'one', allowed: old, got: now.join(', ') }],
    });
    expect(stderr).toContain('THE HOST KEY OF THIS MACHINE HAS CHANGED');
    expect(written()).toBe(before);
  });

  test('a key of known_hosts is remarked, another one there is refused, and the way out it names works', async () => {
    const one = await serve();
    const known = join(folder, '.ssh/known_hosts');
    const before = draft([entry('one', one)]);
    writeFileSync(known, `[127.0.0.1]:${one.port} ${one.hostKeys.ed25519}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', known], { stdio: 'ignore' });
    expect((await scanOnTerminal(['n'])).stdout).toContain(`${one.fingerprints.ed25519}  in your known_hosts`);

    await one.reinstall();
    const { code, stderr } = await scan();
    expect({ code, unchanged: written() === before }).toEqual({ code: 9, unchanged: true });
    const [, where = ''] = /ssh-keygen -R '([^']+)'/.exec(stderr) ?? [];
    execFileSync('ssh-keygen', ['-R', where, '-f', known], { stdio: 'ignore' });
    expect((await scanOnTerminal(['y'])).code).toBe(0);
    expect(pinned()).toEqual({ one: one.hostKeys.ed25519 });
  });

  test('machines that do not answer, and keys that are too weak, are named all at once; nothing is written', async () => {
    const [one, weak] = await Promise.all([serve(), serve({ keys: [{ type: 'rsa', bits: 2048 }] })]);
    const [closed = 0] = await freePorts(1);
    const nobody = { address: '127.0.0.1', port: closed };
    const before = draft([entry('one', one), entry('weak', weak), entry('gone', nobody)]);
    const { code, stdout } = await scan('--json', '--yes', '--fingerprint', `${one.fingerprints.ed25519}`);
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({
      kind: 'unreachable',
      issues: [
        { code: 'SCAN_WEAK_KEY', path: 'weak', got: 'ssh-rsa' },
        { code: 'SCAN_UNREACHABLE', path: 'gone', got: expect.stringContaining(`${closed}`) },
      ],
    });
    expect(written()).toBe(before);
  });

  test('hosts of the command line listen where the spec says that machines do, unless they say otherwise', async () => {
    const [one, two] = await Promise.all([serve(), serve()]);
    draft([], { ssh: { port: one.port } });
    const fingerprints = [one, two].map(({ fingerprints: { ed25519 } }) => `${ed25519}`);
    const hosts = ['one=127.0.0.1', `two=127.0.0.1:${two.port}`, '--control-plane', 'two'];
    const pin = await scan(...hosts, '--yes', '--fingerprint', ...fingerprints);
    expect({ code: pin.code, said: pin.code === 0 ? '' : pin.stderr }).toEqual({ code: 0, said: '' });
    expect(parse(written()).nodes).toEqual([
      { name: 'one', role: 'worker', address: '127.0.0.1', hostKey: one.hostKeys.ed25519 },
      {
        name: 'two',
        role: 'control-plane',
        address: '127.0.0.1',
        hostKey: two.hostKeys.ed25519,
        ssh: { port: two.port },
      },
    ]);
  });

  test.each(['nodes: {one: 192.0.2.1}', 'ssh: 22', 'nodes: [one]', 'gateway: no'])(
    'a draft that is none is an error with its place: %s',
    async (text) => {
      writeFileSync(file, `name: shop\n${text}\n`);
      const { code, stderr } = await scan();
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/cluster\.yaml:2: (nodes|ssh|gateway)/),
      });
      expect(written()).toBe(`name: shop\n${text}\n`);
    },
  );
});
