import { HardeningError } from '../../lib/errors';
import {
  collectorUser,
  metricsFile,
  outOfSight,
  type VerificationSpec,
  verificationTimer,
  verifier,
} from '../../lib/verification/schedule';
import type { ProbePlan } from '../bundle/checks';
import { paths } from '../paths';
import { forRole, type Generator, type NodeFile, originsOf } from '../plan/planning';
import { comment } from '../render/comment';
import { canonicalJson } from '../render/json';

const collector = `${paths.programs}/observe.py`;
const judge = `${paths.programs}/judge.js`;
const probes = `${paths.verification}/probes.json`;
const spec = `${paths.verification}/spec.json`;
const observations = '/run/bulwark-observe/observations.json';

/** What both services are denied. */
const confinement = `NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
TasksMax=128
`;

/**
 * Nothing that it looks at is hidden from it: a masked file would be judged instead of the real one. Hence no
 * InaccessiblePaths, ProtectProc or ProtectKernelModules here, and homes are read-only instead of gone.
 */
const observeUnit = (addresses: readonly string[]): string => `[Unit]
Description=Looks at this control plane for the scheduled verification
ConditionPathExists=/etc/kubernetes/manifests/kube-apiserver.yaml
After=network-online.target

[Service]
Type=oneshot
ExecStart=${collector} ${probes}
TimeoutStartSec=2min
Nice=10
RuntimeDirectory=bulwark-observe
RuntimeDirectoryMode=0700
# The next service reads what this one leaves.
RuntimeDirectoryPreserve=yes
User=${collectorUser}
UMask=0077
ProtectHome=read-only
# Not root: it owns nothing. It reads files of others, lists the packet filter, and sees which program holds a socket.
AmbientCapabilities=CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_SYS_PTRACE
CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_SYS_PTRACE
${confinement}SystemCallFilter=~@debug process_vm_readv process_vm_writev
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
IPAddressDeny=any
IPAddressAllow=localhost ${addresses.join(' ')}
`;

const verifyUnit = (metrics: string): string => `[Unit]
Description=Judges what was seen of this control plane and writes metrics
ConditionPathExists=/etc/kubernetes/manifests/kube-apiserver.yaml
Requires=bulwark-observe.service
After=bulwark-observe.service

[Service]
Type=oneshot
# A filter: systemd opens what it reads and where it writes, it opens nothing itself but the spec.
StandardInput=file:${observations}
StandardOutput=file:${metrics}.incoming
StandardError=journal
LoadCredential=spec.json:${spec}
ExecStartPre=+/usr/bin/rm -f ${metrics}.incoming
# Without a compiler at run time no memory is ever both writable and executable.
ExecStart=/usr/bin/node --jitless ${judge} %d/spec.json
# A reader finds the old metrics or the new ones.
ExecStartPost=+/usr/bin/mv -T ${metrics}.incoming ${metrics}
TimeoutStartSec=2min
Nice=10
DynamicUser=yes
UMask=0022
CapabilityBoundingSet=
${confinement}ProtectHome=yes
ProtectProc=invisible
ProtectKernelModules=yes
PrivateNetwork=yes
RestrictAddressFamilies=none
IPAddressDeny=any
InaccessiblePaths=-/etc/kubernetes -/var/lib/kubelet -/var/lib/etcd -/run/containerd
`;

const timerUnit = ({ schedule }: VerificationSpec): string => `[Unit]
Description=Verifies this control plane ${schedule}

[Timer]
OnCalendar=${schedule}
# Control planes do not all look at the same moment, and one that was off does not wait for the next date.
RandomizedDelaySec=${schedule === 'hourly' ? '5min' : '1h'}
FixedRandomDelay=yes
OnBootSec=5min
Unit=bulwark-verify.service

[Install]
WantedBy=timers.target
`;

/** The timer on control planes that judges them, with its two services, their programs and what they read. */
export const scheduledVerificationFiles: Generator = (planning, node): readonly NodeFile[] => {
  const { cluster, settings, programs } = planning;
  const asked = forRole(
    settings.of('node-service').filter(({ setting }) => setting.service === 'verification'),
    node.role,
  );
  const { verification } = cluster.spec;
  if (asked.length === 0 || !verification) return [];
  if (!programs.verification) throw missingPrograms();
  const origins = originsOf(asked);
  const file = (path: string, content: string, mode = '0644', restarts: readonly string[] = []): NodeFile => ({
    path,
    content,
    mode,
    restarts,
    origins,
  });
  const unit = (name: string, text: string, restarts?: readonly string[]) =>
    file(`/etc/systemd/system/${name}`, comment(origins) + text, '0644', restarts);
  const addresses = cluster.spec.nodes.map(({ address }) => address);
  const metrics = metricsFile(verification);
  const payload = {
    name: node.name,
    role: node.role,
    user: verifier,
    nodes: Object.fromEntries(cluster.spec.nodes.map(({ name, address }) => [name, address])),
    endpoint: `${cluster.endpoint.host}:${cluster.endpoint.port}`,
    probes: inSight(planning.probes, node.name, verification),
  };
  return [
    file(probes, canonicalJson(payload), '0600'),
    file(spec, canonicalJson(cluster.spec), '0600'),
    file(collector, programs.verification.collector, '0755'),
    ...[...programs.verification.modules].map(([path, text]) => file(`${paths.programs}/${path}`, text)),
    file(judge, programs.verification.judge),
    unit('bulwark-observe.service', observeUnit(addresses)),
    unit('bulwark-verify.service', verifyUnit(metrics)),
    unit(verificationTimer, timerUnit(verification), [verificationTimer]),
  ];
};

/** The probes of the node itself and those of the whole cluster, as far as the service may make them. */
function inSight({ nodes, cluster }: ProbePlan, node: string, verification: VerificationSpec) {
  const all = new Map([...(nodes[node] ?? []), ...cluster].map((item) => [item.key, item]));
  return [...all.values()].filter(({ probe }) => outOfSight(probe, verification) === undefined);
}

const missingPrograms = () =>
  new HardeningError('usage', [
    {
      code: 'BUNDLE_PROGRAMS_MISSING',
      path: 'verification',
      message: 'the spec asks for scheduled verification, and its programs were not given',
      fix: 'give `programs.verification`, as `bulwark synth` does, or leave `verification` out of the spec',
    },
  ]);
