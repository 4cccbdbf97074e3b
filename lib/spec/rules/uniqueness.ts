import type { PropertyPath } from '../document';
import type { Finding, Rule } from '../finding';

interface Named {
  readonly value: string | undefined;
  readonly path: PropertyPath;
  /** How an error shows the value. @default as it is */
  readonly got?: string;
}

/** A finding for every value that an earlier entry has already. */
function repeated(entries: readonly Named[], code: string, message: string, fix: string): readonly Finding[] {
  const seen = new Set<string>();
  return entries.flatMap(({ value, path, got = value }) => {
    if (value === undefined) return [];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ code, path, message, got, fix }];
  });
}

/** Names, addresses and issuers occur once. */
export const uniqueness: Rule = ({ nodes = [], namespaces = [], authentication, waivers = [] }) => [
  ...repeated(
    nodes.map((node, index) => ({ value: node?.name, path: ['nodes', index, 'name'] })),
    'SPEC_DUPLICATE_NODE',
    'two nodes have this name',
    'give every node its own name',
  ),
  ...repeated(
    nodes.map((node, index) => ({ value: node?.address, path: ['nodes', index, 'address'] })),
    'SPEC_DUPLICATE_ADDRESS',
    'two nodes have this address',
    'give every node its own address',
  ),
  ...repeated(
    namespaces.map((namespace, index) => ({ value: namespace?.name, path: ['namespaces', index, 'name'] })),
    'SPEC_DUPLICATE_NAMESPACE',
    'this namespace is listed twice',
    'keep one entry',
  ),
  ...repeated(
    (authentication?.oidc ?? []).map((issuer, index) => ({
      value: issuer?.issuerUrl,
      path: ['authentication', 'oidc', index, 'issuerUrl'],
    })),
    'SPEC_DUPLICATE_ISSUER',
    'this issuer is listed twice, which the API server refuses',
    'keep one entry with every audience',
  ),
  ...repeated(
    waivers.map((waiver, index) => ({
      value: waiver && JSON.stringify([waiver.control, waiver.nodes, waiver.namespaces, waiver.objects]),
      got: waiver?.control,
      path: ['waivers', index, 'control'],
    })),
    'SPEC_DUPLICATE_WAIVER',
    'this control is waived twice for the same nodes, namespaces and objects',
    'keep one waiver',
  ),
];
