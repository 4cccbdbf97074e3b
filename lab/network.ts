import { HardeningError } from '../lib/errors';
import { addressRange, overlaps } from '../lib/spec/address-range';
import { attempt, podman, podmanJson } from './podman';
import type { LabNetwork } from './types';

/** Label of everything in Podman that belongs to a lab; its value is the lab's name. */
export const labLabel = 'bulwark.lab';

/** Label of a lab's network: where the lab keeps its keys. */
export const stateLabel = 'bulwark.lab.state';

/** A lab's network, and where the lab keeps its keys. */
export interface RegisteredNetwork extends LabNetwork {
  readonly stateDirectory: string;
}

interface PodmanNetwork {
  readonly name: string;
  readonly subnets?: readonly { readonly subnet: string; readonly gateway?: string }[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Ranges that a lab may take, first to last: inside Podman's own, away from what clusters and offices like. */
const candidates = Array.from({ length: 64 }, (_, index) => `10.89.${36 + index}.0/24`);

/**
 * The first candidate that overlaps none of the ranges in use.
 *
 * @throws HardeningError of kind `prerequisite` when every candidate is taken.
 */
export function freeSubnet(used: readonly string[]): string {
  const taken = used.map(addressRange);
  const free = candidates.find((candidate) => !taken.some((range) => overlaps(range, addressRange(candidate))));
  if (free) return free;
  throw new HardeningError('prerequisite', [
    {
      code: 'LAB_NO_FREE_SUBNET',
      message: 'every address range that a lab may take is in use',
      allowed: `${candidates[0]} to ${candidates.at(-1)}`,
      fix: 'remove a route or a Podman network that covers them (ip route; podman network ls)',
    },
  ]);
}

/** The address of a lab's machine; `index` counts from 0. */
export function machineAddress(network: LabNetwork, index: number): string {
  return network.gateway.replace(/\d+$/, `${11 + index}`);
}

/** The networks of all labs on this computer, by the lab's name. */
export async function labNetworks(): Promise<ReadonlyMap<string, RegisteredNetwork>> {
  const networks = await podmanNetworks();
  return new Map(
    networks.flatMap(({ name, labels, subnets }) => {
      const lab = labels?.[labLabel];
      const [first] = subnets ?? [];
      if (lab === undefined || first === undefined) return [];
      const { subnet, gateway = '' } = first;
      return [[lab, { name, subnet, gateway, stateDirectory: labels?.[stateLabel] ?? '' }] as const];
    }),
  );
}

/**
 * Makes a lab's network, or returns the one that is there.
 *
 * @param stateDirectory of a new lab; one that exists keeps its own, so that another clone finds the same keys
 */
export async function ensureNetwork(lab: string, stateDirectory: string): Promise<RegisteredNetwork> {
  const existing = (await labNetworks()).get(lab);
  if (existing) return existing;
  const subnet = freeSubnet(await usedRanges());
  const labels = ['--label', `${labLabel}=${lab}`, '--label', `${stateLabel}=${stateDirectory}`];
  // Machines find each other by address; a name server of Podman's would be one more thing that reality lacks.
  await podman(['network', 'create', '--disable-dns', '--subnet', subnet, ...labels, `bulwark-${lab}`]);
  const made = (await labNetworks()).get(lab);
  if (made) return made;
  throw new HardeningError('internal', [{ code: 'LAB_NETWORK_LOST', message: `the network of lab ${lab} is gone` }]);
}

async function podmanNetworks(): Promise<readonly PodmanNetwork[]> {
  const names = (await podman(['network', 'ls', '--quiet'])).split('\n').filter(Boolean);
  return names.length > 0 ? podmanJson(['network', 'inspect', ...names]) : [];
}

async function usedRanges(): Promise<string[]> {
  const { stdout } = await attempt('ip', ['-4', '-json', 'route']);
  const routes = (JSON.parse(stdout || '[]') as { dst: string }[])
    .map(({ dst }) => dst)
    .filter((dst) => /^\d/.test(dst));
  const networks = (await podmanNetworks()).flatMap(({ subnets = [] }) => subnets.map(({ subnet }) => subnet));
  return [...routes, ...networks.filter((subnet) => !subnet.includes(':'))];
}
