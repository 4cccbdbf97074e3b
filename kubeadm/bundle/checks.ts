import { type Probe, probeKey } from '../../lib/checks/probe';
import type { Resolution } from '../../lib/resolve';

interface KeyedProbe {
  readonly key: string;
  readonly probe: Probe;
}

/** What observe must collect: `checks.json`. */
export interface ProbePlan {
  /** Probes of each node, by node name. */
  readonly nodes: Readonly<Record<string, readonly KeyedProbe[]>>;
  /** Probes that run once, on the first control plane. */
  readonly cluster: readonly KeyedProbe[];
}

function keyed(probes: readonly Probe[]): readonly KeyedProbe[] {
  const byKey = new Map(probes.map((probe) => [probeKey(probe), probe]));
  return [...byKey].map(([key, probe]) => ({ key, probe })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The probes of every control, waived ones included: a waiver never stops the check. */
export function probePlan({ cluster, controls }: Resolution): ProbePlan {
  const checks = controls.flatMap((control) => control.checks(cluster));
  const nodes = cluster.spec.nodes.map((node) => {
    const concern = checks.filter(({ scope }) => scope === 'node' || scope === node.role);
    return [node.name, keyed(concern.map(({ probe }) => probe))] as const;
  });
  const once = checks.filter(({ scope }) => scope === 'cluster').map(({ probe }) => probe);
  return { nodes: Object.fromEntries(nodes), cluster: keyed(once) };
}
