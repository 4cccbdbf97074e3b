import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type LabMachines, labUp } from '../../../lab';
import { readLabHost } from '../../../lab/lab-host';
import { labSpec } from '../../../lab/lab-spec';
import { labContainers } from '../../../lab/machines';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { artifacts, labDirectory } from './cluster';
import { must, run } from './shell';

/** The machines behind the gateway, with the hardware and network addresses of their leases. */
export const boards = {
  'board-1': { role: 'control-plane', macAddress: 'dc:a6:32:00:00:11', address: '10.42.0.11' },
  'board-2': { role: 'worker', macAddress: 'dc:a6:32:00:00:12', address: '10.42.0.12' },
} as const;
type Board = keyof typeof boards;
type Machine = Board | 'gateway' | 'house';

/** Of a machine that the spec does not know. */
export const strange = 'dc:a6:32:00:00:99';
export const insideAddress = '10.42.0.1';
/** Beyond the network around the gateway: the machine `house` answers for it. */
export const internet = '203.0.113.9';

const names = Object.keys(boards) as Board[];
/** What a machine answers on, with the address that it sees. */
const answers = { board: ['TCP:6443', 'TCP:10250'], house: ['TCP:443', 'UDP:123', 'UDP:514'] };
const dhclient = 'timeout 8;\nretry 2;\nrequest subnet-mask, routers;\n';

/**
 * Two nodes behind a gateway. Their one cable leads to a switch, and so does the second interface of `gateway`; they
 * have no address before somebody leases them one. `house` and this computer are in the network around.
 */
export class GatewayLab {
  private constructor(
    readonly lab: LabMachines,
    private readonly containers: ReadonlyMap<string, string>,
  ) {}

  static async start(name: string): Promise<GatewayLab> {
    const lab = await labUp({
      name,
      nodes: [
        { name: 'gateway', role: 'worker' },
        ...names.map((board) => ({ name: board, role: boards[board].role })),
        { name: 'house', role: 'worker' },
      ],
      stateDirectory: labDirectory(name),
      artifactsDirectory: (await artifacts()).directory,
    });
    const containers = new Map((await labContainers(name)).map((each) => [each.name, each.container]));
    const made = new GatewayLab(lab, containers);
    await made.#wire();
    return made;
  }

  /** Address in the network around. */
  addressOf(machine: Machine): string {
    return this.#machine(machine).address;
  }

  /** Runs a shell script as root on a machine, by Podman and not over the network. */
  sh(machine: Machine, script: string, timeout = 120): Promise<string> {
    return must(this.#argv(machine, script), { timeout });
  }

  /** Whether a shell script ends well on a machine. */
  async succeeds(machine: Machine, script: string, timeout = 120): Promise<boolean> {
    return (await run(this.#argv(machine, script), { timeout })).code === 0;
  }

  /** What a machine hears from an address and port: whom the other side saw, or nothing. */
  async hears(machine: Machine, protocol: 'TCP' | 'UDP', address: string, port: number): Promise<string> {
    const target = `${protocol}:${address}:${port}${protocol === 'TCP' ? ',connect-timeout=3' : ''}`;
    const { stdout } = await run(this.#argv(machine, `echo | timeout 6 socat -t3 -T3 - ${target} 2>/dev/null`));
    return stdout.split('\n')[0]?.trim() ?? '';
  }

  /** Starts or stops what answers on the ports of the API server and of the kubelet, where no cluster does. */
  async standIn(verb: 'start' | 'stop'): Promise<void> {
    await Promise.all(names.map((board) => this.#answer(board, answers.board, verb)));
  }

  /** The spec of a cluster behind the gateway. */
  writeSpec(file: string, changes: { readonly hostKey?: string; readonly operators?: readonly string[] } = {}): string {
    const base = labSpec(this.lab, readLabHost());
    const { hostKey, address } = this.#machine('gateway');
    const operator = this.lab.network.gateway;
    const spec = {
      ...base,
      nodes: names.map((name) => ({ name, hostKey: this.#machine(name).hostKey, ...boards[name] })),
      gateway: {
        hostKey: changes.hostKey ?? hostKey,
        ssh: { user: this.lab.ssh.user },
        outside: { interface: 'eth0', address: `${address}/24` },
        inside: { interface: 'eth1', address: `${insideAddress}/24` },
      },
      networking: {
        ...base.networking,
        allowedApiCidrs: [operator],
        operatorCidrs: [...(changes.operators ?? [operator])],
      },
    } satisfies ClusterSpecInput;
    const path = join(labDirectory(this.lab.name), file);
    mkdirSync(labDirectory(this.lab.name), { recursive: true });
    writeFileSync(path, stringify(spec));
    return path;
  }

  async #wire(): Promise<void> {
    // The switch has no address; it stands in the house.
    await this.sh('house', 'ip link add switch type bridge && ip link set switch up');
    await this.#cable('gateway');
    await this.sh('gateway', `ip address add ${insideAddress}/24 dev eth1 && ip link set eth1 up`);
    await this.sh(
      'gateway',
      `ip route add ${internet} via ${this.addressOf('house')} && sysctl -q -w net.ipv4.ip_forward=1`,
    );
    await this.sh('house', `ip address add ${internet}/32 dev lo`);
    await this.sh('house', `ip route add 10.42.0.0/24 via ${this.addressOf('gateway')}`);
    await this.#answer('house', answers.house, 'start');
    await Promise.all(
      names.map(async (board) => {
        const client = 'apt-get update -q && apt-get install -y -q --no-install-recommends isc-dhcp-client';
        await this.sh(board, client, 300);
        await this.sh(board, `printf '%s' '${dhclient}' > /etc/dhcp/dhclient.conf && ip link set eth0 down`);
        await this.#cable(board);
        await this.sh(board, `ip link set eth1 address ${boards[board].macAddress} up`);
      }),
    );
    await this.standIn('start');
  }

  /** A cable from a machine's `eth1` to the switch. */
  async #cable(machine: Machine): Promise<void> {
    const [own, other] = [await this.#pid(machine), await this.#pid('house')];
    const plug = `to-${machine}`;
    const pair = ['type', 'veth', 'peer', 'name', plug, 'netns', other];
    await must(['ip', 'link', 'add', 'eth1', 'netns', own, ...pair]);
    await this.sh('house', `ip link set ${plug} master switch up`);
  }

  async #answer(machine: Machine, ports: readonly string[], verb: 'start' | 'stop'): Promise<void> {
    for (const port of ports) {
      const [protocol, number] = port.split(':');
      const unit = `answer-${port.toLowerCase().replace(':', '-')}`;
      // An answer over UDP comes from the address that was asked.
      const bound = protocol === 'UDP' ? `,bind=${internet}` : '';
      const listen = `${protocol}-LISTEN:${number},fork,reuseaddr${bound}`;
      const start = `systemd-run --quiet --unit=${unit} socat ${listen} EXEC:'printenv SOCAT_PEERADDR'`;
      await this.sh(machine, verb === 'start' ? start : `systemctl stop ${unit}`);
    }
  }

  #argv(machine: Machine, script: string): string[] {
    return ['podman', 'exec', '--interactive', this.containers.get(machine) ?? '', 'sh', '-c', script];
  }

  #machine(name: Machine) {
    const machine = this.lab.nodes.find((node) => node.name === name);
    if (!machine) throw new Error(`the lab has no machine ${name}`);
    return machine;
  }

  async #pid(machine: Machine): Promise<string> {
    const container = this.containers.get(machine) ?? '';
    return (await must(['podman', 'inspect', '--format', '{{.State.Pid}}', container])).trim();
  }
}
