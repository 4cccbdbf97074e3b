import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whether an address block holds every address of another; an address stands for the block of itself. */
export function contains(block: string, inner: string): boolean {
  const [network = '', bits] = block.split('/');
  const [address = '', innerBits] = inner.split('/');
  const width = isIPv6(network) ? 128 : 32;
  const prefix = Number(bits ?? width);
  if (isIP(network) === 0 || isIP(network) !== isIP(address) || !(prefix >= 0 && prefix <= width)) return false;
  if (Number(innerBits ?? width) < prefix) return false;
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(address, family);
}
