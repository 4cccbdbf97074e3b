import type { Command } from 'commander';
import { HardeningError, type Issue } from '../../lib/errors';
import { publicServer } from '../../lib/gateway';
import { shortestReason } from '../../lib/lint/waiver';
import { type CommonOptions, consoleOf, withJson } from './common';

interface BreakGlassOptions extends CommonOptions {
  readonly user?: string;
  readonly for: string;
  readonly reason?: string;
  readonly end?: boolean;
}

/** Longest time that rights are given for, in minutes. */
const longest = 4 * 60;

/** `bulwark break-glass`: every right for a short time, and an alarm. */
export function addBreakGlass(program: Command): void {
  const command = program
    .command('break-glass')
    .description('Give one person every right for a short time and raise the alarm')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('--user <name>', 'who gets the rights')
    .option('--for <duration>', 'how long, such as 30m or 1h; 4h at most', '1h')
    .option('--reason <text>', `why, in ${shortestReason} characters or more; everybody who is told reads it`)
    .option('--end', 'end every such grant now');
  withJson(command).action(breakGlassVerb);
}

async function breakGlassVerb(file: string, options: BreakGlassOptions): Promise<void> {
  const out = consoleOf(options);
  const grant = options.end ? undefined : readGrant(options);
  const { breakGlass, endBreakGlass } = await import('../../apply');
  const { loadCluster } = await import('../load-cluster');
  const { writeClusterBundle } = await import('../write-bundle');
  const { showEvents } = await import('../playbook-progress');
  const { Progress } = await import('../progress');
  const loaded = loadCluster(file, out);
  const request = { bundleDirectory: writeClusterBundle(loaded), stateDirectory: loaded.stateDirectory };
  if (!grant) {
    const ended = await new Progress().step('Break glass', (report) =>
      endBreakGlass({ ...request, onEvent: showEvents(report) }),
    );
    out.object({ ended });
    out.result(ended.length === 0 ? 'There was no such grant' : `Ended: ${ended.join(', ')}`);
    return;
  }
  const path = await new Progress().step('Break glass', (report) =>
    breakGlass({
      ...request,
      ...grant,
      server: publicServer(loaded.resolution.cluster),
      onEvent: showEvents(report),
    }),
  );
  out.object({ kubeconfig: path, user: grant.user, seconds: grant.seconds });
  out.result(`${path} is cluster-admin for ${options.for}. End it sooner with: bulwark break-glass ${file} --end`);
}

/** @throws HardeningError of kind `usage` with everything that is wrong */
function readGrant({ user = '', reason = '', for: time }: BreakGlassOptions) {
  const issues: Issue[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/.test(user)) {
    issues.push({
      code: 'BREAK_GLASS_USER',
      message: '--user names nobody',
      got: user,
      allowed: 'a-z, 0-9, ., _, @, -',
    });
  }
  if (reason.trim().length < shortestReason) {
    const message = `--reason has fewer than ${shortestReason} characters`;
    issues.push({ code: 'BREAK_GLASS_REASON', message, got: reason, fix: 'say what is broken' });
  }
  const [, hours = '0', minutes = '0'] = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?$/.exec(time) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (total < 1 || total > longest) {
    issues.push({ code: 'BREAK_GLASS_TIME', message: '--for is no time to give', got: time, allowed: '1m to 4h' });
  }
  if (issues.length > 0) throw new HardeningError('usage', issues);
  return { user, reason: reason.trim(), seconds: total * 60 };
}
