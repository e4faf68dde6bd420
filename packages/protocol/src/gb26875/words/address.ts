import { fromHex } from '../hex.ts';
import type { GbProfile } from '../profile.ts';

/** A device address as people of the make read it; the hex itself when it is not six bytes. */
export function gbAddressText(address: string, form: GbProfile['addressForm'] = 'number'): string {
  const bytes = fromHex(address, 6);
  if (bytes === undefined || form === 'digits') return address;
  const number = (part: Uint8Array) => part.reduceRight((sum, byte) => sum * 256 + byte, 0);
  if (form === 'number') return String(number(bytes));
  return `${bytes.subarray(0, 4).join('.')}:${number(bytes.subarray(4))}`;
}

/**
 * A component address taken apart: low 16 bits zone 区(回路)号, high 16 bits point 位(部件)号, as most makes do; the
 * standard gives it no structure. Undefined for an opaque address.
 */
export function gbPartAddressParts(
  partAddress: string,
  form: GbProfile['partAddressForm'] = 'zoneAndPoint',
): { readonly zone: number; readonly point: number } | { readonly number: number } | undefined {
  const bytes = fromHex(partAddress, 4);
  if (bytes === undefined || form === 'opaque') return undefined;
  const view = new DataView(bytes.buffer);
  if (form === 'number') return { number: view.getUint32(0, true) };
  return { zone: view.getUint16(0, true), point: view.getUint16(2, true) };
}
