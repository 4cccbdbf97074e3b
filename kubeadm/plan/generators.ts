import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { admissionFile } from '../documents/admission-configuration';
import { auditPolicyFile } from '../documents/audit-policy';
import { authenticationFile } from '../documents/authentication-configuration';
import { boardFiles } from '../documents/board-files';
import { containerdConfigFile } from '../documents/containerd-config';
import { csrApproverFiles } from '../documents/csr-approver';
import { discoveryFile } from '../documents/discovery-file';
import { encryptionFile } from '../documents/encryption-configuration';
import { firewallFiles } from '../documents/firewall';
import { initFile } from '../documents/init-configuration';
import { joinFile } from '../documents/join-configuration';
import { moduleFiles, sysctlFile } from '../documents/kernel';
import { kubeletPatchFile } from '../documents/kubelet-configuration';
import { resolvConfFile, timesyncdFile } from '../documents/name-and-time';
import { registryMirrorFiles } from '../documents/registry-mirror';
import { scheduledVerificationFiles } from '../documents/scheduled-verification';
import { unitDropIns, unitFiles } from '../documents/systemd-units';
import { upgradeFile } from '../documents/upgrade-configuration';
import type { Generator, NodeFile, Planning } from './planning';

const generators: readonly Generator[] = [
  initFile,
  joinFile,
  discoveryFile,
  upgradeFile,
  kubeletPatchFile,
  authenticationFile,
  admissionFile,
  auditPolicyFile,
  encryptionFile,
  containerdConfigFile,
  registryMirrorFiles,
  unitFiles,
  unitDropIns,
  sysctlFile,
  moduleFiles,
  firewallFiles,
  csrApproverFiles,
  scheduledVerificationFiles,
  resolvConfFile,
  timesyncdFile,
  boardFiles,
];

/** Every file of a node's tree, in path order. */
export function generateFiles(planning: Planning, node: NodeSpec): readonly NodeFile[] {
  return generators.flatMap((generate) => generate(planning, node)).sort((a, b) => (a.path < b.path ? -1 : 1));
}
