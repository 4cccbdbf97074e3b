import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type PlaybookEvent, runPlaybook } from '../../apply';
import type { Observation } from '../../lib/checks/probe';
import type { PlacedProbe } from '../../lib/foreign/observation-plan';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import type { Canary } from './canary';

/** Name of this computer among the hosts of a run, and of its part of the plan. */
const operator = 'bulwark-operator';
const operatorPart = '_api';

export interface CollectRequest {
  /** A directory that only this user may enter. */
  readonly directory: string;
  /** Inventory of the nodes. @default no node is logged in to */
  readonly inventory?: string;
  /** Name of the host that reaches each node, by node name. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly nodes: readonly NodeSpec[];
  /** `host:port` of the cluster's API server. */
  readonly endpoint: string;
  /** Socket of the API server's proxy on this computer. */
  readonly socket: string;
  /** What nodes look at themselves. */
  readonly onNodes: readonly PlacedProbe[];
  /** What is asked from here, with the credentials of the kubeconfig where they are needed. */
  readonly fromHere: readonly PlacedProbe[];
  /** The Secret that is there to be looked at, or why there is none. */
  readonly canary: Canary | string;
  readonly cacheDirectory?: string;
  readonly onEvent?: (event: PlaybookEvent) => void;
}

/** What one run saw. */
export interface Collected {
  onNode(probe: PlacedProbe): Observation | undefined;
  fromHere(probe: PlacedProbe): Observation | undefined;
}

/** Two nodes may have the same probe, but this computer runs the probes of all. */
const sharedKey = ({ node, key }: PlacedProbe): string => `${node}\n${key}`;

/**
 * Extra variables win over everything an inventory says: host keys are always checked, and nothing is left on a node.
 * OpenSSH takes the first value of an option, and these arguments come first.
 */
const connection = {
  ansible_host_key_checking: true,
  ansible_ssh_host_key_checking: true,
  ansible_pipelining: true,
  ansible_ssh_pipelining: true,
  ansible_ssh_retries: 0,
  ansible_ssh_args:
    '-o StrictHostKeyChecking=yes -o ControlMaster=auto -o ControlPersist=60s -o ConnectTimeout=10 -o ServerAliveInterval=10',
};

/** Runs all probes side by side: one connection to each node, and this computer for the API server. */
export async function collect(request: CollectRequest): Promise<Collected> {
  const { hosts, onNodes, fromHere } = request;
  const directory = await mkdtemp(join(request.directory, 'run-'));
  const output = join(directory, 'output');
  await mkdir(output, { mode: 0o700 });
  const looked = [...hosts].filter(([node]) => onNodes.some((probe) => probe.node === node));
  await writeFile(join(directory, 'plan.json'), JSON.stringify({ hosts: payloads(request, looked) }), { mode: 0o600 });
  const inventory = join(directory, 'inventory.yaml');
  await writeFile(
    inventory,
    inventoryOf(
      looked.map(([, host]) => host),
      fromHere.length > 0,
    ),
  );

  const results = await runPlaybook({
    playbook: 'observe_foreign',
    bundleDirectory: directory,
    // What is ours comes last and wins.
    inventories: [...(request.inventory === undefined ? [] : [request.inventory]), inventory],
    variables: { ...connection, bulwark_output: output },
    cacheDirectory: request.cacheDirectory,
    onEvent: request.onEvent,
  });
  const seen = new Map<string, Readonly<Record<string, Observation>>>();
  for (const name of await readdir(output)) {
    seen.set(name.replace(/\.json$/, ''), JSON.parse(await readFile(join(output, name), 'utf8')));
  }
  const failures = new Map(
    results
      .filter(({ status }) => status === 'unreachable' || status === 'ignored' || status === 'failed')
      .map(({ node, status, message = '' }) => {
        const what = status === 'unreachable' ? 'no SSH' : 'the probes did not run';
        return [node, `${what}: ${message.replace(/\s+/g, ' ').trim().slice(0, 300).replace(/:+$/, '')}`] as const;
      }),
  );
  const find = (part: string, host: string | undefined, key: string): Observation | undefined => {
    const failure = failures.get(host ?? '');
    return seen.get(part)?.[key] ?? (failure === undefined ? undefined : { unseen: failure });
  };
  return {
    onNode: (probe) => find(probe.node, hosts.get(probe.node), probe.key),
    fromHere: (probe) => find(operatorPart, operator, sharedKey(probe)),
  };
}

function payloads(request: CollectRequest, looked: readonly (readonly [string, string])[]) {
  const { nodes, endpoint, canary, onNodes, fromHere, socket } = request;
  const common = {
    foreign: true,
    endpoint,
    nodes: Object.fromEntries([...nodes.map(({ name, address }) => [name, address]), [operatorPart, 'localhost']]),
    no_canary: typeof canary === 'string' ? canary : '',
    ...(typeof canary === 'object' && { canary }),
  };
  const here = fromHere.map((placed) => ({ key: sharedKey(placed), probe: { of: placed.node, ...placed.probe } }));
  return {
    [operator]: { ...common, name: operatorPart, role: 'operator', socket, probes: here },
    ...Object.fromEntries(
      looked.map(([name, host]) => {
        const role = nodes.find((node) => node.name === name)?.role;
        return [host, { ...common, name, role, probes: onNodes.filter(({ node }) => node === name) }];
      }),
    ),
  };
}

/** Names the hosts of this run; how they are reached is the business of the inventory below it. */
function inventoryOf(hosts: readonly string[], withOperator: boolean): string {
  const self = {
    ansible_connection: 'local',
    ansible_become: false,
    ansible_python_interpreter: '{{ ansible_playbook_python }}',
  };
  const members = { ...Object.fromEntries(hosts.map((host) => [host, {}])), ...(withOperator && { [operator]: self }) };
  return stringify({ all: { children: { bulwark_observed: { hosts: members } } } });
}
