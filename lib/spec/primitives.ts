import { isIP, isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

/** RFC 1123 label: what Kubernetes takes as a namespace name and we take as a node name. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, 63 characters at most');

export const ipAddress = z.string().refine((text) => isIP(text) !== 0, 'an IPv4 or IPv6 address');

function isCidr(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || length === undefined || !/^\d{1,3}$/.test(length)) return false;
  return (isIPv4(address) && Number(length) <= 32) || (isIPv6(address) && Number(length) <= 128);
}

export const cidr = z.string().refine(isCidr, 'an address range such as 10.244.0.0/16');
export const cidrOrAddress = z
  .string()
  .refine((text) => isCidr(text) || isIP(text) !== 0, 'an address range such as 203.0.113.0/24, or one address');

/** An IPv4 address of a host with the length of its network. */
export const interfaceAddress = z
  .string()
  .refine(
    (text) => isCidr(text) && isIPv4(text.split('/')[0] ?? ''),
    'an IPv4 address with its prefix, such as 10.42.0.1/24',
  );

/** The kernel takes 15 characters; quotes and slashes would end what is rendered with it. */
export const interfaceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'the name of a network interface, such as eth0');

export const macAddress = z
  .string()
  .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'a hardware address in lower case, such as dc:a6:32:01:02:03');

const dnsName = /^(?=.{1,253}$)[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/;

/** DNS name or address. */
export const serverName = z
  .string()
  .refine((text) => isIP(text) !== 0 || dnsName.test(text), 'a DNS name or an address');

/** `host:port`, IPv6 in brackets. */
export const hostPort = z.string().refine((text) => {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (!match) return false;
  const [, six, host, port] = match;
  const hostFits = six === undefined ? isIPv4(host ?? '') || dnsName.test(host ?? '') : isIPv6(six);
  return hostFits && Number(port) >= 1 && Number(port) <= 65535;
}, 'host:port, such as api.example.org:6443');

/** Public host key in `known_hosts` form without the host. DSA and short RSA keys are not accepted by type. */
export const sshHostKey = z
  .string()
  .regex(
    /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,3}( .*)?$/,
    'a public host key such as `ssh-ed25519 AAAA…` (read it on the machine: /etc/ssh/ssh_host_ed25519_key.pub)',
  );

export const isoDate = z.iso.date('a date such as 2027-01-31');

export const httpsUrl = z.url({ protocol: /^https$/, error: 'a URL that begins with https://' });
export const httpUrl = z.url({ protocol: /^https?$/, error: 'a URL that begins with http:// or https://' });

/** A container registry, `host` or `host:port`, with or without the path of a repository. */
export const imageRegistry = z
  .string()
  .regex(
    /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    'a registry such as ghcr.io, registry.example:5000 or ghcr.io/team, without tag and scheme',
  );

/** A directory that is ours to make, and whose name unit files take as it is: three parts keep it off `/var` or `/tmp`. */
export const ownDirectory = z
  .string()
  .regex(
    /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*){3,}$/,
    'an absolute path of three parts or more: letters, digits and . _ -',
  );
