import { createHmac } from 'node:crypto';

/** RFC 6238 with SHA-1, 30 s and 6 digits: what every authenticator app takes when nothing else is said. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** Steps before and after the present one: clocks of telephones are not ours (RFC 6238, 5.2). */
const TOLERANCE = 1;

/** The code of one step (counted from 1970) as text, with its leading zeros. RFC 4226, 5.3. */
export function codeOfStep(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** Of which step this code is, the oldest first; undefined when it is of none that counts now. */
export function stepOfCode(secret: Buffer, code: string, now: number): number | undefined {
  const present = Math.floor(now / STEP_MS);
  for (let step = present - TOLERANCE; step <= present + TOLERANCE; step++)
    if (step >= 0 && codeOfStep(secret, step) === code) return step;
  return undefined;
}

/** What an authenticator app reads from the QR code (the key URI format that all of them know). */
export function otpauthUri(account: string, secret: Buffer): string {
  const issuer = 'Fengsui';
  const parameters = new URLSearchParams({ secret: base32(secret), issuer, algorithm: 'SHA1', digits: String(DIGITS) });
  parameters.set('period', String(STEP_MS / 1000));
  return `otpauth://totp/${issuer}:${encodeURIComponent(account)}?${parameters.toString()}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, without padding: apps refuse it. Of a multiple of 5 bytes there is none anyway. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}
