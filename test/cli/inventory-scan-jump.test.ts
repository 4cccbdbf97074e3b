import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describeWithAnsible } from '../support/ansible';
import { freePorts } from '../support/free-ports';
import { describeWith } from '../support/judges';
import type { SshServer } from '../support/ssh-server';
import { type Outcome, scanFixture, scanPrograms } from './scan-fixture';

jest.setTimeout(300_000);

describeWith('bulwark inventory scan, through real jump hosts', scanPrograms, ({ sshd }) => {
  const { folder, file, identity, serve, serveJump, draft, entry, written, pinned, scan, scanOnTerminal } =
    scanFixture(sshd);

  const spec = (jump: SshServer, more: object = {}) => ({
    ssh: { identityFile: identity, jump: { address: jump.address, port: jump.port, user: jump.user, ...more } },
  });
  test('its own key is asked for first, then those behind it; who says no to it logs in nowhere', async () => {
    // One address for both: only the port tells whose key is whose.
    const inside = await serve({ address: '127.0.0.2' });
    const jump = await serveJump(inside);
    const before = draft([entry('one', inside)], spec(jump));
    const refused = await scanOnTerminal(['n']);
    expect(refused.code).toBe(64);
    expect(refused.stdout).toContain(`jump host 127.0.0.1  127.0.0.1  ED25519  ${jump.fingerprints.ed25519}  new`);
    expect(refused.stdout).not.toContain(`${inside.fingerprints.ed25519}`);
    expect(jump.log()).not.toContain('Accepted publickey');
    expect(inside.log()).not.toContain('Connection from');
    expect(written()).toBe(before);

    const agreed = await scanOnTerminal(['y', 'y']);
    expect(agreed.stdout).toContain(`one  127.0.0.2  ED25519  ${inside.fingerprints.ed25519}  new`);
    expect({ code: agreed.code, keys: pinned() }).toEqual({ code: 0, keys: { one: inside.hostKeys.ed25519 } });
    expect(jump.log()).toContain(`Accepted publickey for ${jump.user}`);
    expect(agreed.stdout).toContain('Pinned jump host 127.0.0.1, one in cluster.yaml');
    expect(parse(written()).ssh.jump.hostKey).toBe(jump.hostKeys.ed25519);
    expect(await scan()).toMatchObject({ code: 0, stdout: expect.stringContaining('is the one that') });
  });

  test('a gateway is the way to its nodes, and gets its own key pinned', async () => {
    const inside = await serve({ address: '127.0.0.2' });
    const gateway = await serveJump(inside);
    draft([entry('one', inside)], {
      ssh: { identityFile: identity },
      gateway: {
        ssh: { user: gateway.user, port: gateway.port },
        outside: { interface: 'eth0', address: `${gateway.address}/8` },
      },
    });
    const fingerprints = [gateway, inside].map(({ fingerprints: { ed25519 } }) => `${ed25519}`);
    const pin = await scan('--yes', '--fingerprint', ...fingerprints);
    expect(pin).toMatchObject({ code: 0, stdout: expect.stringContaining('Pinned gateway, one') });
    expect(parse(written()).gateway.hostKey).toBe(gateway.hostKeys.ed25519);
    expect(gateway.log()).toContain('Accepted publickey');
  });

  test('one of the command line is written to the node; a pinned one is not asked for', async () => {
    const inside = await serve();
    const jump = await serveJump(inside);
    draft([entry('one', inside)], { ssh: { identityFile: identity } });
    const via = `${jump.user}@${jump.address}:${jump.port}`;
    const fingerprints = [jump, inside].map(({ fingerprints: { ed25519 } }) => `${ed25519}`);
    const pin = await scan('--yes', '--jump', via, '--fingerprint', ...fingerprints);
    expect(pin).toMatchObject({ code: 0, stdout: expect.stringContaining('Pinned one') });
    const [one] = parse(written()).nodes;
    expect(one).toMatchObject({
      hostKey: inside.hostKeys.ed25519,
      ssh: { jump: { address: jump.address, port: jump.port, user: jump.user, hostKey: jump.hostKeys.ed25519 } },
    });
    expect(await scan()).toMatchObject({ code: 0, stdout: expect.stringContaining('pins') });
  });

  test('one that lets nobody through, has another key, or knows no such machine is named', async () => {
    const inside = await serve();
    const [closed = 0] = await freePorts(1);
    const gone = { address: '127.0.0.1', port: closed };
    const jump = await serveJump(inside, gone);
    const hostKey = jump.hostKeys.ed25519;
    const trusted = ['--json', '--yes', '--fingerprint', `${inside.fingerprints.ed25519}`];
    const issuesOf = ({ stdout }: Outcome) => JSON.parse(stdout).error.issues;

    draft([entry('one', inside), entry('two', gone)], spec(jump, { hostKey }));
    const missing = await scan(...trusted);
    expect({ code: missing.code, issues: issuesOf(missing) }).toMatchObject({
      code: 4,
      issues: [{ code: 'SCAN_UNREACHABLE', path: 'two' }],
    });

    const stranger = await serve();
    draft([entry('one', stranger)], spec(jump, { hostKey }));
    const closedOff = await scan(...trusted, `${stranger.fingerprints.ed25519}`);
    expect({ code: closedOff.code, issues: issuesOf(closedOff) }).toMatchObject({
      code: 4,
      issues: [{ code: 'SCAN_UNREACHABLE', path: 'one', got: expect.stringContaining(`${stranger.port} through 127`) }],
    });

    draft([entry('one', inside)], spec(jump, { hostKey, user: 'somebody-else' }));
    const locked = await scan(...trusted);
    expect({ code: locked.code, issues: issuesOf(locked) }).toMatchObject({
      code: 4,
      issues: [{ code: 'JUMP_UNREACHABLE', got: expect.stringContaining('Permission denied') }],
    });

    draft([entry('one', inside)], spec(jump, { hostKey }));
    await jump.reinstall();
    const changed = await scan(...trusted, `${jump.fingerprints.ed25519}`);
    expect({ code: changed.code, issues: issuesOf(changed) }).toMatchObject({
      code: 9,
      issues: [{ code: 'HOST_KEY_CHANGED', path: 'jump host 127.0.0.1', got: jump.fingerprints.ed25519 }],
    });
  });

  describeWithAnsible('with an inventory of Ansible', () => {
    test('its machines, their ports and their jump host are scanned and written', async () => {
      const [lead, work] = await Promise.all([serve(), serve({ address: '127.0.0.2' })]);
      const jump = await serveJump(work);
      writeFileSync(
        join(folder, 'hosts.ini'),
        `[masters]\ncp-1 ansible_host=${lead.address} ansible_port=${lead.port}\n[nodes]\nworker-1\n[nodes:vars]\n` +
          `ansible_ssh_private_key_file=${identity}\nansible_ssh_common_args='-J ${jump.user}@${jump.address}:${jump.port}'\n`,
      );
      mkdirSync(join(folder, 'host_vars'), { recursive: true });
      writeFileSync(
        join(folder, 'host_vars/worker-1.yml'),
        `ansible_host: ${work.address}\nansible_port: ${work.port}\n`,
      );
      writeFileSync(file, 'name: shop\n');
      const fingerprints = [lead, work, jump].map((server) => `${server.fingerprints.ed25519}`);
      const elsewhere = join(folder, 'others');
      const own = `-o UserKnownHostsFile=${elsewhere}`;
      const inventory = readFileSync(join(folder, 'hosts.ini'), 'utf8');
      writeFileSync(elsewhere, `[127.0.0.1]:${jump.port} ${work.hostKeys.ed25519}\n`);
      writeFileSync(join(folder, 'hosts.ini'), inventory.replace("args='", `args='${own} `));
      const changed = await scan('--inventory', 'hosts.ini', '--yes', '--fingerprint', ...fingerprints);
      expect({ code: changed.code, stderr: changed.stderr }).toEqual({
        code: 9,
        stderr: expect.stringContaining(`ssh-keygen -R '[127.0.0.1]:${jump.port}' -f '${elsewhere}'`),
      });
      writeFileSync(join(folder, 'hosts.ini'), inventory);

      const pin = await scan('--inventory', 'hosts.ini', '--yes', '--fingerprint', ...fingerprints);
      expect({ code: pin.code, said: pin.code === 0 ? '' : pin.stderr }).toEqual({ code: 0, said: '' });
      expect(parse(written()).nodes).toEqual([
        {
          name: 'cp-1',
          role: 'control-plane',
          address: lead.address,
          hostKey: lead.hostKeys.ed25519,
          ssh: { port: lead.port },
        },
        {
          name: 'worker-1',
          role: 'worker',
          address: work.address,
          hostKey: work.hostKeys.ed25519,
          ssh: {
            port: work.port,
            identityFile: identity,
            jump: { address: jump.address, port: jump.port, user: jump.user, hostKey: jump.hostKeys.ed25519 },
          },
        },
      ]);
    });
  });
});
