import { labReboot } from '../../lab';
import { bulwark, jsonOf } from './support/bulwark';
import { hardenedTarget, labs, runningLab, specOf, type UpResult, unproven, verify } from './support/cluster';
import { fingerprints } from './support/fingerprint';
import { eventually } from './support/shell';
import { timed } from './support/timing';

describe('a reboot of all nodes at once', () => {
  test('ends with every node ready, every control proven and nothing changed', async () => {
    const files = async () =>
      (await fingerprints(await runningLab(labs.hardened))).map(({ node, files }) => ({ node, files }));
    const before = await files();
    const target = await hardenedTarget();
    await timed('reboot', () => labReboot(labs.hardened));
    const condition = 'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}';
    await timed('every node ready', () =>
      eventually('every node ready', 180, async () => {
        const { stdout } = await target.kubectl(['get', 'nodes', '-o', condition, '--request-timeout=3s']);
        return stdout.trim() === 'True True True' && (await settled(target));
      }),
    );
    expect(await files()).toEqual(before);
    expect(unproven(await timed('bulwark verify after the reboot', () => verify(labs.hardened)))).toEqual([]);
    const up = await bulwark(['up', specOf(labs.hardened), '--yes', '--no-preview', '--json']);
    expect(jsonOf<UpResult>(up).nodes.flatMap(({ changes }) => changes)).toEqual([]);
  });

  /** Ready may be a node's word from before the reboot: its pods must have started since. */
  const settled = async (target: Awaited<ReturnType<typeof hardenedTarget>>): Promise<boolean> => {
    const status = ['-n', 'kube-system', 'rollout', 'status', '--timeout=2s'];
    const [agents, dns] = await Promise.all([
      target.kubectl([...status, 'daemonset/cilium']),
      target.kubectl([...status, 'deployment/coredns']),
    ]);
    return agents.code === 0 && dns.code === 0;
  };
});
