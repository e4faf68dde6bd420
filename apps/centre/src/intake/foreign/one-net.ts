import { createHash, timingSafeEqual } from 'node:crypto';
import { rawMember } from './raw-member.ts';

/**
 * How OneNET (China Mobile) proves that a push is its own: base64 of MD5 over token, nonce and message. Written from
 * its documents (open.iot.10086.cn/doc/nb-iot/book/manual/httppush/develop-manual.html), plain mode; never tried with
 * the platform. MD5 without a key schedule is weak: whoever listens may send what he heard once more.
 */
export const oneNetSignature = (token: string, nonce: string, message: string): string =>
  createHash('md5').update(token).update(nonce).update(message).digest('base64');

export function isOneNetSigned(token: string, nonce: string, message: string, given: string): boolean {
  const expected = Buffer.from(oneNetSignature(token, nonce, message));
  // A query turns "+" into a space, and the platform may encode the signature once more.
  const signature = Buffer.from(decodeOnce(given).replaceAll(' ', '+'));
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** What of a pushed body is signed, and by what. The message is a text, or an object that is signed as it was written. */
export type OneNetPush = { readonly nonce: string; readonly signature: string; readonly messages: readonly string[] };

const LONGEST = 256;

/** undefined when the body is no push of the platform. */
export function readOneNetPush(body: Uint8Array): OneNetPush | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const document = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (typeof document !== 'object' || document === null) return undefined;
    const { nonce, msg, msg_signature: old, signature = old } = document;
    if (typeof nonce !== 'string' || typeof signature !== 'string') return undefined;
    if (nonce.length > LONGEST || signature.length > LONGEST) return undefined;
    if (typeof msg === 'string') return { nonce, signature, messages: [msg] };
    const raw = rawMember(text, 'msg');
    if (raw === undefined || typeof msg !== 'object' || msg === null) return undefined;
    // Some versions sign the object without the spaces they send.
    return { nonce, signature, messages: [...new Set([raw, JSON.stringify(msg)])] };
  } catch {
    return undefined;
  }
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
