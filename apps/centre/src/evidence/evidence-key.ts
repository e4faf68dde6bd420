import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';

/** RFC 8410, 7: what stands before the 32 bytes of an Ed25519 key in PKCS 8. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs evidence packages; the same for every centre that may lead. */
export type EvidenceSigner = {
  readonly keyId: string;
  /** base64url, 32 bytes. */
  readonly publicKey: string;
  /** base64url. */
  sign(bytes: Buffer): string;
};

/** A key of its own: whoever checks a package learns nothing that commands a device. @param seed of the centre, secret */
export function evidenceSigner(seed: Buffer): EvidenceSigner {
  const secret = Buffer.from(hkdfSync('sha256', seed, '', 'fengsui evidence', 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secret]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    keyId: createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16),
    publicKey: x,
    sign: (bytes) => sign(null, bytes, key).toString('base64url'),
  };
}
