import { createHmac, timingSafeEqual } from 'node:crypto';

/** A push may be this much older or newer than our clock. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;

const signatureOver = (secret: string, timestamp: string, body: Uint8Array | string): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();

/** What `isSigned` accepts. */
export const signed = (secret: string, timestamp: string, body: Uint8Array | string): string =>
  `sha256=${signatureOver(secret, timestamp, body).toString('hex')}`;

/**
 * Whether `given` (`sha256=` and 64 hex digits) is the HMAC-SHA256 of `timestamp + "." + body`. The work is the same
 * whether it is or not; what is no signature at all is compared with one that nobody can send.
 */
export function isSigned(secret: string, timestamp: string, body: Uint8Array, given: string): boolean {
  const expected = signatureOver(secret, timestamp, body);
  const digits = /^sha256=([0-9a-f]{64})$/i.exec(given)?.[1];
  const signature = digits === undefined ? Buffer.alloc(expected.length) : Buffer.from(digits, 'hex');
  return timingSafeEqual(signature, expected) && digits !== undefined;
}

/** Seconds since 1970 as epoch ms; undefined when it is no such text. */
export const readTimestamp = (text: string): number | undefined =>
  /^\d{1,11}$/.test(text) ? Number(text) * 1000 : undefined;
