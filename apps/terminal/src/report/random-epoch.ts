import { randomBytes } from 'node:crypto';

/** Eight characters that no earlier start of the counter had: 40 random bits. */
export function randomEpoch(): string {
  return Array.from(randomBytes(8), (byte) => '0123456789abcdefghijklmnopqrstuv'.charAt(byte & 31)).join('');
}
