import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The page of one call is shown for so long. */
export const LINK_LIVES_MS = 24 * 3_600_000;

const TOKEN_BYTES = 18;

/** Derived from the key that seals secrets of accounts: every centre that may lead has it, the store has not. */
export const linkKeyOf = (sealKey: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', sealKey, '', 'fengsui call link', 32));

const tokenOf = (key: Buffer, callId: string): Buffer =>
  createHmac('sha256', key).update(callId).digest().subarray(0, TOKEN_BYTES);

/** The last part of the page's address: who has it may see and answer this one call, and nothing else. */
export const callLink = (key: Buffer, callId: string): string =>
  `${callId}.${tokenOf(key, callId).toString('base64url')}`;

/** The call whose link it is; undefined for whatever this centre has not made. */
export function readCallLink(key: Buffer, link: string): string | undefined {
  const [, callId = '', token = ''] = /^(.{1,80})[.]([\w-]{24})$/.exec(link) ?? [];
  const given = Buffer.from(token, 'base64url');
  const expected = tokenOf(key, callId);
  return given.length === expected.length && timingSafeEqual(given, expected) ? callId : undefined;
}
