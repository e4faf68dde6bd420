import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { localActionPolicyProblems, type LocalActionPolicy, type PolicyOnRecord } from '@fengsui/hazard';
import { canonicalJson } from '@fengsui/protocol';

/** A policy as it lies in a file: Ed25519, base64url, over the policy in the form of RFC 8785 (JCS). */
export type SignedPolicy = { readonly policy: LocalActionPolicy; readonly signature: string };

/** Bytes a signature covers. @throws RangeError for what JCS has no form for. */
function signedBytes(policy: unknown): Buffer {
  return Buffer.from(canonicalJson(policy), 'utf8');
}

/** @throws RangeError naming everything that is wrong with the policy's form. */
export function signPolicy(policy: LocalActionPolicy, privateKey: KeyObject): SignedPolicy {
  const problems = localActionPolicyProblems(policy);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return { policy, signature: sign(null, signedBytes(policy), privateKey).toString('base64url') };
}

/** Whether the owner of the key signed exactly this policy. */
export function isSignedBy({ policy, signature }: SignedPolicy, ownerKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  // Only the one spelling: else two texts would stand for one signature.
  return bytes.toString('base64url') === signature && verify(null, signedBytes(policy), ownerKey, bytes);
}

/**
 * Reads the signed policies of a terminal: one object or a list. A wrong signature is no error here: the policy then
 * permits nothing, and the refusal says why.
 *
 * @throws Error naming the file and what is wrong with its form, or a key that is not Ed25519.
 */
export async function loadPolicies(file: string, ownerKeyFile: string): Promise<readonly PolicyOnRecord[]> {
  const ownerKey = createPublicKey(await readFile(ownerKeyFile, 'utf8'));
  if (ownerKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`${ownerKeyFile}: a key of type ${String(ownerKey.asymmetricKeyType)}, Ed25519 expected`);
  }
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return (Array.isArray(document) ? document : [document]).map((entry: unknown) => {
    const { policy, signature } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<SignedPolicy>;
    const problems = [
      ...localActionPolicyProblems(policy),
      ...(typeof signature === 'string' ? [] : ['signature is missing: expected base64url of 64 bytes']),
    ];
    if (policy === undefined || signature === undefined || problems.length > 0) {
      throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    }
    return { policy, isSignatureValid: isSignedBy({ policy, signature }, ownerKey) };
  });
}
