import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CommandKey } from '@fengsui/protocol';

/** Public keys whose commands are obeyed, by key id. */
export type PinnedKeys = ReadonlyMap<string, KeyObject>;

/**
 * @throws RangeError naming the key that is none, or whose id is not that of its bytes: a key under a wrong name would
 *   refuse every command in silence.
 */
export function pinnedKeys(keys: readonly CommandKey[]): PinnedKeys {
  return new Map(
    keys.map(({ keyId, publicKey }) => {
      const bytes = Buffer.from(publicKey, 'base64url');
      if (bytes.length !== 32 || bytes.toString('base64url') !== publicKey) {
        throw new RangeError(`command key ${keyId}: publicKey is ${publicKey}, expected base64url of 32 bytes`);
      }
      const expected = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      if (keyId !== expected) throw new RangeError(`command key ${keyId}: the key's own id is ${expected}`);
      return [keyId, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })] as const;
    }),
  );
}

/** Reads `{"commandKeys":[{"keyId","publicKey"}]}`. @throws Error naming the file and what is wrong with it. */
export function loadPinnedKeys(file: string): PinnedKeys {
  try {
    const { commandKeys } = JSON.parse(readFileSync(file, 'utf8')) as { readonly commandKeys?: unknown };
    if (!Array.isArray(commandKeys) || commandKeys.length === 0) throw new Error('commandKeys is no list of keys');
    return pinnedKeys(
      commandKeys.map((key: unknown) => {
        const { keyId, publicKey } = (typeof key === 'object' && key !== null ? key : {}) as Partial<CommandKey>;
        if (typeof keyId !== 'string' || typeof publicKey !== 'string') {
          throw new Error('expected keyId and publicKey of every key');
        }
        return { keyId, publicKey };
      }),
    );
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
