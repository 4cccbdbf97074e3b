import { BlockList, isIPv4 } from 'node:net';

/** An address range such as `10.244.0.0/16`; a plain address is a range of one. */
export interface AddressRange {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads text that the schema has accepted as an address or a range. */
export function addressRange(text: string): AddressRange {
  const [address = '', length] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  return { address, family, prefix: length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length) };
}

function contains(outer: AddressRange, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return list.check(address, outer.family);
}

/** Two ranges overlap exactly where the larger contains an address of the smaller. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  if (a.family !== b.family) return false;
  return a.prefix <= b.prefix ? contains(a, b.address) : contains(b, a.address);
}

/** Whether every address of `inner` is one of `outer`. */
export function covers(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && contains(outer, inner.address);
}
