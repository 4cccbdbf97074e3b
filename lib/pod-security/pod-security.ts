import type { Level, PodCheck, Violation } from './check';
import { allowPrivilegeEscalation } from './checks/allow-privilege-escalation';
import { appArmorProfile } from './checks/app-armor-profile';
import { capabilitiesBaseline } from './checks/capabilities-baseline';
import { capabilitiesRestricted } from './checks/capabilities-restricted';
import { hostNamespaces } from './checks/host-namespaces';
import { hostPathVolumes } from './checks/host-path-volumes';
import { hostPorts } from './checks/host-ports';
import { hostProbesAndHostLifecycle } from './checks/host-probes';
import { privileged } from './checks/privileged';
import { procMountBaseline, procMountRestricted } from './checks/proc-mount';
import { restrictedVolumes } from './checks/restricted-volumes';
import { runAsNonRoot } from './checks/run-as-non-root';
import { runAsUser } from './checks/run-as-user';
import { seLinuxOptions } from './checks/se-linux-options';
import { seccompProfileBaseline, seccompProfileRestricted } from './checks/seccomp-profile';
import { sysctls } from './checks/sysctls';
import { windowsHostProcess } from './checks/windows-host-process';
import type { Pod } from './pod';

/** Every check, in the order in which the API server names what it refuses. */
export const podChecks: readonly PodCheck[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMountBaseline,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

const overridden = podChecks.map(({ overrides }) => overrides);

/** The checks of a level: `restricted` has those of `baseline` too, except where it has a stricter one. */
export function checksOf(level: Level): readonly PodCheck[] {
  return level === 'baseline'
    ? podChecks.filter((check) => check.level === 'baseline')
    : podChecks.filter(({ id }) => !overridden.includes(id));
}

/** What the Pod Security admission of Kubernetes 1.36 refuses about a pod. */
export function judgePod(
  pod: Pod,
  level: Level,
): readonly { readonly check: PodCheck; readonly violation: Violation }[] {
  return checksOf(level).flatMap((check) => {
    const violation = check.judge(pod);
    return violation ? [{ check, violation }] : [];
  });
}
