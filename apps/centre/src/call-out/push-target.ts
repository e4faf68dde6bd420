import type { PushTarget } from './channels/channel.ts';

/** Browsers that are kept for a person; the oldest goes. */
export const PUSH_TARGETS_KEPT = 4;

/**
 * What a browser gave the page of a call. Its endpoint is a place that the centre will write to: only the push services
 * that are named in the settings are.
 *
 * @param services hosts; `*.` at the beginning: every host below. @returns undefined for anything else
 */
export function readPushTarget(given: unknown, services: readonly string[]): PushTarget | undefined {
  const { endpoint, keys } = (given ?? {}) as { readonly endpoint?: unknown; readonly keys?: unknown };
  const { p256dh, auth } = (keys ?? {}) as { readonly p256dh?: unknown; readonly auth?: unknown };
  if (typeof endpoint !== 'string' || endpoint.length > 1_000 || !URL.canParse(endpoint)) return undefined;
  const { hostname, protocol } = new URL(endpoint);
  const isLoopback = hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return undefined;
  if (!services.some((service) => isOf(hostname, service))) return undefined;
  // RFC 8291, 3.2: a point of P-256, not compressed, and 16 octets.
  if (!isBytes(p256dh, 65) || !isBytes(auth, 16)) return undefined;
  return { endpoint, keys: { p256dh, auth } };
}

const isOf = (host: string, service: string): boolean =>
  service.startsWith('*.') ? host.endsWith(service.slice(1)) : host === service;

const isBytes = (text: unknown, bytes: number): text is string =>
  typeof text === 'string' && /^[\w-]+={0,2}$/.test(text) && Buffer.from(text, 'base64url').length === bytes;
