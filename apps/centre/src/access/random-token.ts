import { randomBytes, randomInt } from 'node:crypto';

export const randomToken = (): string => randomBytes(32).toString('base64url');

/** Without letters and digits that are taken for each other when read aloud. */
const READABLE = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679';

/** Some 112 bits, in groups that are read aloud: `kT4m-9xQr-…`; has small letters, capitals, digits and others. */
export function readablePassword(): string {
  for (;;) {
    const text = readableGroups(5);
    if (/[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)) return text;
  }
}

/** Some 67 bits: too many to be guessed from their hash. */
export const readableCode = (): string => readableGroups(3);

function readableGroups(count: number): string {
  const draw = (): string => READABLE[randomInt(READABLE.length)] ?? '';
  return Array.from({ length: count }, () => Array.from({ length: 4 }, draw).join('')).join('-');
}
