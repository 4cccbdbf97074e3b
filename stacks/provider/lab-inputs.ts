import type { Properties } from './resource';

/** What a program gives. */
export interface LabInputs {
  readonly name: string;
  /** Machines beside the control plane. */
  readonly workers: number;
  /** Where keys and known hosts of the machines are kept. */
  readonly stateDirectory: string;
  /** Lets a deletion remove the machines. @default false */
  readonly destroyMachines?: boolean;
}

export const inputsOf = (properties: Properties) => properties as unknown as LabInputs;
