import { verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { manifestBytes, type CommandKey, type ReleaseManifest } from '@fengsui/protocol';
import { pinnedKeys, type PinnedKeys } from '../command/pinned-keys.ts';

/** Why a manifest is not trusted; undefined when one of the pinned release keys signed exactly this. */
export function releaseProblem(
  manifest: ReleaseManifest,
  keys: PinnedKeys,
): { readonly code: 'unknownReleaseKey' | 'badReleaseSignature'; readonly detail: string } | undefined {
  const key = keys.get(manifest.keyId);
  if (key === undefined) return { code: 'unknownReleaseKey', detail: `no release key ${manifest.keyId} is pinned` };
  const signature = Buffer.from(manifest.signature, 'base64url');
  // Only the one spelling: else two texts would stand for one signature.
  const isOne = signature.toString('base64url') === manifest.signature;
  if (isOne && isVerified(manifest, key, signature)) return undefined;
  return { code: 'badReleaseSignature', detail: 'the signature of the manifest is not that of the release key' };
}

function isVerified(manifest: ReleaseManifest, key: Parameters<typeof verify>[2], signature: Uint8Array): boolean {
  try {
    return verify(null, manifestBytes(manifest), key, signature);
  } catch {
    return false;
  }
}

/** Reads `{"releaseKeys":[{"keyId","publicKey"}]}`. @throws Error naming the file and what is wrong with it. */
export function loadReleaseKeys(file: string): PinnedKeys {
  try {
    const { releaseKeys } = JSON.parse(readFileSync(file, 'utf8')) as { readonly releaseKeys?: unknown };
    if (!Array.isArray(releaseKeys) || releaseKeys.length === 0) throw new Error('releaseKeys is no list of keys');
    return pinnedKeys(
      releaseKeys.map((key: unknown) => {
        const { keyId, publicKey } = (typeof key === 'object' && key !== null ? key : {}) as Partial<CommandKey>;
        if (typeof keyId !== 'string' || typeof publicKey !== 'string')
          throw new Error('expected keyId and publicKey of every key');
        return { keyId, publicKey };
      }),
    );
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
