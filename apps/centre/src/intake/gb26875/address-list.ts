import { BlockList, isIP } from 'node:net';

/** IP addresses that may come in. */
export type AddressList = { allows(address: string): boolean };

/** An IPv4 peer of a socket that speaks IPv6 is still that peer. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * A list of addresses and networks: `10.1.0.0/16`, `192.0.2.7`, `2001:db8::/32`.
 *
 * @throws RangeError naming the entry that is none.
 */
export function addressListOf(entries: readonly string[]): AddressList {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', bits] = entry.trim().split('/');
    const version = isIP(network);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (version === 0 || !(prefix >= 0 && prefix <= most)) {
      throw new RangeError(`${JSON.stringify(entry)}: expected an IP address or a network such as 10.1.0.0/16`);
    }
    list.addSubnet(network, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    allows: (address) => {
      const plain = plainAddress(address);
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** `a, b c` → [a, b, c]. */
export const splitAddresses = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || plainAddress(address).startsWith('127.');
