import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { manifestBytes, type CommandKey, type ReleaseManifest } from '@fengsui/protocol';

/** Public halves of the keys that sign releases. The private ones are never here. */
export const RELEASE_KEYS_FILE = 'release-keys.json';

/**
 * Reads `{"releaseKeys":[{"keyId","publicKey"}]}` of the keys folder, every time anew; [] when there is none: then
 * nothing is taken.
 *
 * @throws Error naming the file and what is wrong with it.
 */
export async function readReleaseKeys(folder: string): Promise<readonly CommandKey[]> {
  const file = path.join(folder, RELEASE_KEYS_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { releaseKeys } = JSON.parse(text) as { readonly releaseKeys?: unknown };
    if (!Array.isArray(releaseKeys)) throw new Error('releaseKeys is no list of keys');
    return releaseKeys.map((key: unknown) => {
      const { keyId, publicKey } = (typeof key === 'object' && key !== null ? key : {}) as Partial<CommandKey>;
      if (typeof keyId !== 'string' || typeof publicKey !== 'string') throw new Error('a key lacks keyId or publicKey');
      const bytes = Buffer.from(publicKey, 'base64url');
      const own = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      if (bytes.length !== 32 || own !== keyId) throw new Error(`${keyId} is not the id of its key (${own})`);
      return { keyId, publicKey };
    });
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Whether the manifest is signed by one of the keys. */
export function isSignedRelease(manifest: ReleaseManifest, keys: readonly CommandKey[]): boolean {
  const key = keys.find(({ keyId }) => keyId === manifest.keyId);
  if (key === undefined) return false;
  const signature = Buffer.from(manifest.signature, 'base64url');
  if (signature.toString('base64url') !== manifest.signature) return false;
  try {
    return verify(null, manifestBytes(manifest), keyOf(key), signature);
  } catch {
    return false;
  }
}

const keyOf = ({ publicKey }: CommandKey): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
