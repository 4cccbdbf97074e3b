import { type AddressRange, addressRange, overlaps } from '../address-range';
import type { PropertyPath } from '../document';
import type { Finding, Rule } from '../finding';

interface Placed {
  readonly what: string;
  readonly text: string;
  readonly range: AddressRange;
  readonly path: PropertyPath;
}

const place = (what: string, text: string | undefined, path: PropertyPath): readonly Placed[] =>
  text === undefined ? [] : [{ what, text, range: addressRange(text), path }];

/** Bits of the range that kube-controller-manager gives to every node. */
const nodePrefix = { ipv4: 24, ipv6: 64 } as const;
/** kube-apiserver refuses service ranges with more host bits than this. */
const serviceHostBits = 20;

function overlap(a: Placed, b: Placed): readonly Finding[] {
  if (!overlaps(a.range, b.range)) return [];
  return [
    {
      code: 'SPEC_CIDR_OVERLAP',
      path: b.path,
      message: `${b.what} overlaps ${a.what} ${a.text}, so packets would go astray`,
      got: b.text,
      allowed: `addresses outside ${a.text}`,
      fix: 'choose a range that nothing else uses',
    },
  ];
}

function podSize(pods: Placed, nodeCount: number): readonly Finding[] {
  const spare = nodePrefix[pods.range.family] - pods.range.prefix;
  if (spare >= 0 && (spare > 16 || 2 ** spare >= nodeCount)) return [];
  return [
    {
      code: 'SPEC_POD_CIDR_SMALL',
      path: pods.path,
      message: `every node gets a /${nodePrefix[pods.range.family]} of the pod range, which has too few for ${nodeCount} nodes`,
      got: pods.text,
      fix: 'choose a larger range, such as 10.244.0.0/16',
    },
  ];
}

function serviceSize(services: Placed): readonly Finding[] {
  const hostBits = (services.range.family === 'ipv4' ? 32 : 128) - services.range.prefix;
  if (hostBits <= serviceHostBits && hostBits >= 4) return [];
  return [
    {
      code: 'SPEC_SERVICE_CIDR_SIZE',
      path: services.path,
      message:
        hostBits > serviceHostBits
          ? 'the API server refuses so large a service range'
          : 'the service range is too small',
      got: services.text,
      allowed: `between /${services.range.prefix + hostBits - serviceHostBits} and /${services.range.prefix + hostBits - 4}`,
      fix: 'choose a range such as 10.96.0.0/16',
    },
  ];
}

/** Pods, services and nodes have addresses of their own, and enough of them. */
export const networks: Rule = ({ networking, nodes = [] }) => {
  const [pods] = place('the pod range', networking?.podCidr, ['networking', 'podCidr']);
  const [services] = place('the service range', networking?.serviceCidr, ['networking', 'serviceCidr']);
  const hosts = nodes.flatMap((node, index) =>
    place('the address of a node', node?.address, ['nodes', index, 'address']),
  );
  return [
    ...(pods && services ? overlap(pods, services) : []),
    ...[pods, services].flatMap((range) => (range ? hosts.flatMap((host) => overlap(range, host)) : [])),
    ...(pods ? podSize(pods, nodes.length) : []),
    ...(services ? serviceSize(services) : []),
  ];
};
