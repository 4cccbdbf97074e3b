export { labDown } from './down';
export { type HostChange, type HostState, hostChanges, readHostState } from './host-state';
export { type LabMachineStatus, type LabStatus, labNames, labReboot, labSsh, labStatus } from './inspect';
export { type Prerequisite, prerequisites } from './prerequisites';
export { sshArguments } from './ssh';
export {
  artifactsMount,
  type LabMachine,
  type LabMachines,
  type LabNetwork,
  type LabNode,
  type LabRequest,
  type LabRole,
  type LabSsh,
} from './types';
export { labUp } from './up';
export { type LabWeakening, labWeakenings } from './weakenings';
