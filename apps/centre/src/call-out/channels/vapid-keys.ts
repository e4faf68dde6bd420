import { createECDH, hkdfSync } from 'node:crypto';

/** Of this centre, base64url; RFC 8292. */
export type VapidKeys = { readonly publicKey: string; readonly privateKey: string };

/** The order of P-256 less one in hexadecimal: a private key is from 1 to that (FIPS 186-5, A.2). */
const MOST = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550', 'hex');

/** The same for every centre that has the same seed, so that browsers know whoever leads. @param seed 32 bytes */
export function vapidKeys(seed: Buffer): VapidKeys {
  for (let count = 0; ; count++) {
    const scalar = Buffer.from(hkdfSync('sha256', seed, '', `fengsui web push ${count}`, 32));
    if (scalar.compare(MOST) > 0 || scalar.every((byte) => byte === 0)) continue;
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(scalar);
    return { publicKey: curve.getPublicKey('base64url'), privateKey: scalar.toString('base64url') };
  }
}
