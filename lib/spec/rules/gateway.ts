import { addressOf } from '../../gateway';
import { addressRange, covers, overlaps } from '../address-range';
import type { Finding, Rule } from '../finding';

/** Behind a gateway every node has a lease in its network, and nothing else leads to it. */
export const gateway: Rule = ({ gateway: host, nodes = [], ssh }) => {
  const inside = host?.inside?.address;
  const outside = host?.outside?.address;
  if (!host || inside === undefined || outside === undefined) return [];
  const network = addressRange(inside);
  const findings: Finding[] = [];
  if (overlaps(network, addressRange(outside))) {
    findings.push({
      code: 'SPEC_GATEWAY_NETWORKS',
      path: ['gateway', 'inside', 'address'],
      message: 'the networks inside and outside of the gateway overlap',
      got: `${inside} and ${outside}`,
      fix: 'give the nodes a network of their own',
    });
  }
  if (host.outside?.interface !== undefined && host.outside.interface === host.inside?.interface) {
    findings.push({
      code: 'SPEC_GATEWAY_INTERFACE',
      path: ['gateway', 'inside', 'interface'],
      message: 'inside and outside are one interface, so that nothing would be between them',
      got: host.outside.interface,
      fix: 'name two interfaces; one of them may be a USB adapter',
    });
  }
  if (ssh?.jump !== undefined) {
    findings.push({
      code: 'SPEC_GATEWAY_JUMP',
      path: ['ssh', 'jump'],
      message: 'the gateway is the jump host of every node',
      fix: 'remove `ssh.jump`',
    });
  }
  const macs = new Set<string>();
  nodes.forEach((node, index) => {
    if (!node) return;
    const { address, macAddress: mac } = node;
    if (address !== undefined && !covers(network, addressRange(address))) {
      findings.push({
        code: 'SPEC_GATEWAY_NODE',
        path: ['nodes', index, 'address'],
        message: 'this node is not in the network inside of the gateway',
        got: address,
        allowed: inside,
        fix: 'give it an address of that network',
      });
    } else if (address !== undefined && address === addressOf(inside)) {
      findings.push({
        code: 'SPEC_GATEWAY_NODE',
        path: ['nodes', index, 'address'],
        message: 'this is the address of the gateway itself',
        got: address,
        fix: 'give the node another one',
      });
    }
    if (mac === undefined || macs.has(mac)) {
      findings.push({
        code: 'SPEC_GATEWAY_LEASE',
        path: ['nodes', index, 'macAddress'],
        message:
          mac === undefined ? 'a node behind a gateway needs a fixed lease' : 'two nodes have this hardware address',
        ...(mac !== undefined && { got: mac }),
        fix: 'set `macAddress` to what `ip link` on the node shows',
      });
    }
    if (mac !== undefined) macs.add(mac);
  });
  const names = nodes.map((node) => node?.name);
  if (host.name !== undefined && names.includes(host.name)) {
    findings.push({
      code: 'SPEC_GATEWAY_NAME',
      path: ['gateway', 'name'],
      message: 'a node has this name',
      got: host.name,
      fix: 'give the gateway its own name',
    });
  }
  const taken = new Set([6443, host.ssh?.port ?? 22]);
  (host.publish ?? []).forEach((entry, index) => {
    if (entry?.node !== undefined && !names.includes(entry.node)) {
      findings.push({
        code: 'SPEC_GATEWAY_PUBLISH',
        path: ['gateway', 'publish', index, 'node'],
        message: 'no node has this name',
        got: entry.node,
        fix: 'name a node of the spec',
      });
    }
    if (entry?.port === undefined) return;
    if (taken.has(entry.port)) {
      findings.push({
        code: 'SPEC_GATEWAY_PUBLISH',
        path: ['gateway', 'publish', index, 'port'],
        message: 'this port of the gateway is taken: by the API server, SSH or an earlier entry',
        got: `${entry.port}`,
        fix: 'choose another port',
      });
    }
    taken.add(entry.port);
  });
  return findings;
};
