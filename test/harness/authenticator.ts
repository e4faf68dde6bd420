import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;

/** An authenticator app: what somebody holds in his hand. Written from RFC 6238, with no line of the centre's. */
export class Authenticator {
  readonly #secret: Buffer;
  #shown = 0;

  /** @param secret base 32, as it is typed, or the address that a QR code holds. */
  constructor(secret: string) {
    const text = secret.startsWith('otpauth:') ? (new URL(secret).searchParams.get('secret') ?? '') : secret;
    let bits = 0n;
    for (const letter of text) bits = (bits << 5n) | BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
    this.#secret = Buffer.from((bits >> BigInt((text.length * 5) % 8)).toString(16).padStart(40, '0'), 'hex');
  }

  /** A code that was not shown before; one that follows at once is of the next half minute, which the centre takes. */
  next(now = Date.now()): string {
    this.#shown = Math.max(Math.floor(now / STEP_MS), this.#shown + 1);
    const counter = Buffer.from(this.#shown.toString(16).padStart(16, '0'), 'hex');
    const mac = createHmac('sha1', this.#secret).update(counter).digest();
    const at = mac[19]! & 15; // eslint-disable-line @typescript-eslint/no-non-null-assertion -- SHA-1 has 20 bytes
    return String(Number(BigInt(`0x${mac.subarray(at, at + 4).toString('hex')}`) & 0x7fffffffn) % 1_000_000).padStart(
      6,
      '0',
    );
  }
}
