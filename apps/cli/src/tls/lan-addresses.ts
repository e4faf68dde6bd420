import { BlockList, isIP } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { parseCertificateName } from './certificate-name.ts';

/** Networks that are nobody's on the Internet: RFC 1918, 3927, 6598 and 4193, 4291 2.5.6, and loopback. */
export const PRIVATE_NETWORKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const;

// Bridges and tunnels of containers and virtual machines: no phone is on them.
const VIRTUAL_INTERFACE = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|tailscale|utun|zt|vEthernet)/i;

/**
 * The addresses under which other machines may reach this one, the likeliest first: real interfaces before virtual,
 * IPv4 before IPv6, private before public. Without loopback; without link-local IPv6, which needs a zone that a browser
 * does not take; without public IPv6, which changes daily (RFC 8981): a stable one can be given with --name.
 */
export function lanAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces()): string[] {
  const privates = networks(PRIVATE_NETWORKS);
  const linkLocal = networks(['fe80::/10']);
  const ranked = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos.flatMap(({ address: given, internal }) => {
      const address = parseCertificateName(given)?.value;
      if (internal || address === undefined || includesAddress(linkLocal, address)) return [];
      const isPrivate = includesAddress(privates, address);
      if (isIP(address) === 6 && !isPrivate) return [];
      const rank = (VIRTUAL_INTERFACE.test(name) ? 4 : 0) + (isIP(address) === 6 ? 2 : 0) + (isPrivate ? 0 : 1);
      return [{ address, rank }];
    }),
  );
  return [...new Set(ranked.sort((a, b) => a.rank - b.rank).map(({ address }) => address))];
}

/** @param cidrs `address/prefix`, both families */
export function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

export const includesAddress = (list: BlockList, address: string): boolean => list.check(address, familyOf(address));

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
