import { join } from 'node:path';
import type { LabNode } from '../../lab';
import { type Properties, type ResourceName, unknown } from './resource';

/** What a program gives. */
export interface LabInputs {
  readonly name: string;
  /** Machines beside the control plane. */
  readonly workers: number;
  /** Where keys and known hosts of the machines are kept. */
  readonly stateDirectory: string;
  /** Lets a deletion remove the machines. @default false */
  readonly destroyMachines?: boolean;
  /** By machine, whether it runs; a refresh writes here what it sees. */
  readonly machines: Readonly<Record<string, string>>;
}

export const inputsOf = (properties: Properties) => properties as unknown as LabInputs;

/** The machines of a lab. */
export const machinesOf = (workers: number): readonly LabNode[] => [
  { name: 'cp-1', role: 'control-plane' },
  ...Array.from({ length: workers }, (_, index): LabNode => ({ name: `worker-${index + 1}`, role: 'worker' })),
];

/** What a program leaves open is decided once and stays, and every machine is to run. */
export function withNames(olds: Properties, news: Properties, of: ResourceName): Properties {
  const { name = olds.name ?? of.name } = news;
  const { stateDirectory = olds.stateDirectory ?? join('.bulwark', of.stack, of.name) } = news;
  const { workers } = inputsOf(news);
  const running = () => Object.fromEntries(machinesOf(workers).map((machine) => [machine.name, 'running']));
  return { ...news, name, stateDirectory, machines: news.workers === unknown ? unknown : running() };
}
