import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** What a certificate vouches for: a DNS name in ASCII and lower case, or an address in its shortest form. */
export type CertificateName = { readonly kind: 'dns' | 'ip'; readonly value: string };

// RFC 1123 2.1: labels of letters, digits and inner hyphens, 63 at most. No wildcard: one server, its own names.
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** The name in the form that is compared and encoded, or undefined when it is neither a DNS name nor an address. */
export function parseCertificateName(given: string): CertificateName | undefined {
  const text = given.trim().replace(/^\[(.*)\]$/, '$1');
  const family = isIP(text);
  if (family === 4) return { kind: 'ip', value: text };
  if (family === 6) {
    // A zone (%eth0) means something on this machine only.
    if (text.includes('%')) return undefined;
    // The URL parser writes every spelling of an IPv6 address in one way (RFC 5952), mapped IPv4 included.
    return { kind: 'ip', value: new URL(`https://[${text}]`).hostname.slice(1, -1) };
  }
  const ascii = domainToASCII(text.replace(/[.]$/, ''));
  // All digits and dots, yet no address: 10.0.0 would be read as 10.0.0.0 by some and as a name by others.
  if (!DNS_NAME.test(ascii) || /^[\d.]+$/.test(ascii)) return undefined;
  return { kind: 'dns', value: ascii };
}

export const sameName = (a: CertificateName, b: CertificateName): boolean => a.kind === b.kind && a.value === b.value;

/** Without repetition, in the given order. */
export function distinctNames(names: readonly CertificateName[]): CertificateName[] {
  return names.filter((name, index) => names.findIndex((other) => sameName(name, other)) === index);
}

/** An address as it stands in a URL. */
export const hostInUrl = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);
