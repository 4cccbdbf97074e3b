import { fieldsOf, itemsOf, textOf } from '../fields';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Ports of one protocol, both ends included. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
}

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
const lastPort = 65535;

export const everyPort: readonly PortRange[] = protocols.map((protocol) => ({ protocol, from: 1, to: lastPort }));

/** A port that a container says it listens on. */
export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** A port as a policy names it: by number, by the name a container gives it, or every port of its protocol. */
export interface PolicyPort {
  readonly protocol: Protocol | 'ANY';
  readonly port?: number | string;
  readonly endPort?: number;
}

export function protocolOf(value: unknown): Protocol {
  return protocols.find((protocol) => protocol === value) ?? 'TCP';
}

/** Ports that containers of a pod's spec declare. */
export function containerPorts(spec: unknown): readonly ContainerPort[] {
  const { containers, initContainers } = fieldsOf(spec);
  // An init container that is restarted is a sidecar, and listens while the others run.
  const sidecars = itemsOf(initContainers).filter((item) => fieldsOf(item).restartPolicy === 'Always');
  return [...sidecars, ...itemsOf(containers)].flatMap((container) =>
    itemsOf(fieldsOf(container).ports).flatMap((item): ContainerPort[] => {
      const { name, containerPort, protocol } = fieldsOf(item);
      if (typeof containerPort !== 'number') return [];
      return [
        { ...(textOf(name) !== '' && { name: textOf(name) }), number: containerPort, protocol: protocolOf(protocol) },
      ];
    }),
  );
}

/**
 * What a policy's ports mean on the pod that listens; no ports mean every port.
 *
 * @param listening ports of that pod; undefined where it is not known, which makes a named port every one of its protocol
 */
export function resolvePorts(
  ports: readonly PolicyPort[],
  listening: readonly ContainerPort[] | undefined,
): readonly PortRange[] {
  if (ports.length === 0) return everyPort;
  return ports.flatMap(({ protocol, port, endPort }) =>
    protocols
      .filter((each) => protocol === 'ANY' || each === protocol)
      .flatMap((each): readonly PortRange[] => {
        if (typeof port === 'number') return [{ protocol: each, from: port, to: endPort ?? port }];
        if (port === undefined || listening === undefined) return [{ protocol: each, from: 1, to: lastPort }];
        return listening
          .filter(({ name, protocol: spoken }) => name === port && spoken === each)
          .map(({ number }) => ({ protocol: each, from: number, to: number }));
      }),
  );
}

/** What is in both. */
export function commonPorts(some: readonly PortRange[], others: readonly PortRange[]): readonly PortRange[] {
  return mergePorts(
    some.flatMap((a) =>
      others
        .filter((b) => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to)
        .map((b) => ({ protocol: a.protocol, from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })),
    ),
  );
}

/** What is in the first and not in the second. */
export function withoutPorts(ports: readonly PortRange[], without: readonly PortRange[]): readonly PortRange[] {
  return without.reduce<readonly PortRange[]>(
    (rest, hole) =>
      rest.flatMap((range) => {
        if (range.protocol !== hole.protocol || hole.to < range.from || range.to < hole.from) return [range];
        return [
          { ...range, to: hole.from - 1 },
          { ...range, from: hole.to + 1 },
        ].filter(({ from, to }) => from <= to);
      }),
    ports,
  );
}

/** The same ports as few ranges, in order. */
export function mergePorts(ports: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  const order = (range: PortRange) => protocols.indexOf(range.protocol) * (lastPort + 2) + range.from;
  for (const range of [...ports].sort((a, b) => order(a) - order(b))) {
    const last = merged.at(-1);
    if (last && last.protocol === range.protocol && range.from <= last.to + 1) {
      merged[merged.length - 1] = { ...last, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** `6379/TCP`, `53/TCP+UDP`, `every port`. */
export function formatPorts(ports: readonly PortRange[]): string {
  const merged = mergePorts(ports);
  if (merged.length === protocols.length && merged.every(({ from, to }) => from === 1 && to === lastPort)) {
    return 'every port';
  }
  const spoken = new Map<string, Protocol[]>();
  for (const { protocol, from, to } of merged) {
    const text = from === 1 && to === lastPort ? 'every' : from === to ? String(from) : `${from}-${to}`;
    spoken.set(text, [...(spoken.get(text) ?? []), protocol]);
  }
  return [...spoken].map(([text, those]) => `${text}/${those.join('+')}`).join(', ');
}
