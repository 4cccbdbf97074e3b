import { createHash } from 'node:crypto';
import type { LabMachines } from '../../../lab';
import { sshRoot } from './lab-target';
import { must } from './shell';

/** What a run that changes nothing must leave as it is on one machine. */
export interface Fingerprint {
  readonly node: string;
  /** A line for each file: digest, mode, owner, group, path. */
  readonly files: readonly string[];
  /** The same files with the times of their last change: a file that was written again shows here. */
  readonly written: readonly string[];
  /** Start times of units and of the programs that matter. */
  readonly started: readonly string[];
}

const places =
  '/etc /usr/bin/kube* /usr/bin/containerd* /usr/sbin/runc /opt/cni /usr/local /var/lib/kubelet/*.yaml ' +
  '/var/lib/kubelet/*.env /var/lib/kubelet/pki';

const script = `export LC_ALL=C
# The compiled terminfo and mount tables are none of ours; the kernel and Podman write them as they like.
list() { find ${places} -type f ! -path /etc/mtab ! -path /etc/resolv.conf -print0 2>/dev/null | sort -z; }
list | xargs -0 sha256sum
echo '==='
list | xargs -0 stat -c '%n %a %U %G'
echo '==='
list | xargs -0 stat -c '%n %Y'
echo '==='
systemctl list-units --type=service --state=running --plain --no-legend | awk '{print $1}' | grep -v '^user@' | while read -r unit; do
  echo "$unit $(systemctl show -P ExecMainStartTimestampMonotonic "$unit")"
done
ps -eo comm,pid,lstart | grep -E '^(etcd|kube-|kubelet|containerd |cilium)' | sort`;

/** Takes the fingerprint of every machine of a lab. */
export function fingerprints(machines: LabMachines): Promise<Fingerprint[]> {
  return Promise.all(
    machines.nodes.map(async (node) => {
      const text = await must(sshRoot(machines, node, script));
      const [digests = '', owners = '', times = '', started = ''] = text.split('===\n');
      const lines = (part: string) => part.split('\n').filter(Boolean);
      return {
        node: node.name,
        files: [...lines(digests), ...lines(owners)],
        written: lines(times),
        // The login that takes the fingerprint leaves units of its own, and a question for the time starts a service.
        started: lines(started).filter((line) => !/^(session-|ssh@|run-|systemd-timedated)/.test(line)),
      };
    }),
  );
}

/** Paths of the files, and names of the units and programs, that differ between two fingerprints of one machine. */
export function differing(before: Fingerprint, after: Fingerprint) {
  const changed = (one: readonly string[], other: readonly string[]) => [
    ...one.filter((line) => !other.includes(line)),
    ...other.filter((line) => !one.includes(line)),
  ];
  const written = [...changed(before.files, after.files), ...changed(before.written, after.written)];
  const unique = (names: readonly (string | undefined)[]) => [...new Set(names)].sort();
  return {
    files: unique(written.map((line) => /\/\S+/.exec(line)?.[0])),
    started: unique(changed(before.started, after.started).map((line) => line.split(' ')[0])),
  };
}

/** Short form for a report. */
export const digestOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
