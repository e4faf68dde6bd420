import { createCipheriv, createDecipheriv, createPrivateKey, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The key under which secrets of accounts lie in the store: who has a copy of the database alone reads none. Derived from
 * the centre's command key, because every centre that may lead has that one and refuses to stand by with another.
 *
 * @param keysFolder with `command.pem` in it. @throws Error when it cannot be read.
 */
export async function openSealKey(keysFolder: string): Promise<Buffer> {
  const pem = await readFile(path.join(keysFolder, 'command.pem'));
  // Not the text: a copy may have other line ends.
  const key = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return Buffer.from(hkdfSync('sha256', key, '', 'fengsui second factor', KEY_BYTES));
}

/** AES-256-GCM, base64url: nonce, tag, text. It opens for the same owner only: rows cannot be exchanged. */
export function seal(key: Buffer, owner: string, secret: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** What was sealed; undefined when it was sealed with another key, for another owner, or was changed. */
export function unseal(key: Buffer, owner: string, sealed: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  const rest = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(rest), decipher.final()]);
  } catch {
    return undefined;
  }
}
