import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits: a plain hash is enough where nothing can be guessed, and costs a reconnect storm nothing. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex');

const NOBODY = hashSecret('no device has this secret');

/** Constant time; false for a device without a secret. */
export function verifySecret(secret: string, expectedSha256: string | undefined): boolean {
  const given = Buffer.from(hashSecret(secret), 'hex');
  const expected = Buffer.from(expectedSha256 ?? NOBODY, 'hex');
  return timingSafeEqual(given, expected) && expectedSha256 !== undefined;
}
