import { randomBytes, randomInt } from 'node:crypto';

export const randomToken = (): string => randomBytes(32).toString('base64url');

/** Without letters and digits that are taken for each other when read aloud. */
const READABLE = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679';

/** Some 112 bits, in groups that are read aloud: `kT4m-9xQr-…`; has small letters, capitals, digits and others. */
export function readablePassword(): string {
  const draw = (): string => READABLE[randomInt(READABLE.length)] ?? '';
  for (;;) {
    const text = Array.from({ length: 5 }, () => Array.from({ length: 4 }, draw).join('')).join('-');
    if (/[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)) return text;
  }
}
