import { hash } from 'node:crypto';
import webPush, { type RequestOptions } from 'web-push';
import { isSecureUrl } from '../../platform/secure-url.ts';
import { CHANNEL_TIMEOUT_MS, LONGEST_REASON, type CallMessage, type Channel, type PushTarget } from './channel.ts';
import type { VapidKeys } from './vapid-keys.ts';

export type PushDoor = {
  /** mailto: or https:, by which a push service reaches who runs this centre. */
  readonly contact: string;
  readonly keys: VapidKeys;
};

/** Of no use when it comes later. */
const TTL_S = 120;
/** RFC 8030, 5.4: 32 characters of base64url. */
const TOPIC_CHARACTERS = 32;

/** To the browsers of a person. Nothing can be asked of a push service without writing to people: the first call finds its fault. */
export function pushChannel(door: PushDoor): Channel {
  return {
    send: async (message, signal) => {
      const targets = message.pushTargets ?? [];
      const results = await Promise.all(targets.map((target) => pushTo(target, message, door, signal)));
      const takenCount = results.filter((result) => result === 'taken').length;
      if (takenCount > 0) return { kind: 'sent', receipt: `${takenCount} of ${targets.length} browsers` };
      const reasons = results.filter((result) => typeof result === 'object');
      if (reasons.length === 0)
        return { kind: 'failed', reason: 'no browser of this person takes push', isForGood: true };
      return { kind: 'failed', reason: (reasons[0]?.reason ?? '').slice(0, LONGEST_REASON), isChannelDown: true };
    },
    check: () => Promise.resolve(undefined),
  };
}

/** `gone`: this browser has taken its permission back. Never rejects. */
async function pushTo(
  target: PushTarget,
  { title, text, link, callId, isTest }: CallMessage,
  { contact, keys }: PushDoor,
  signal: AbortSignal,
): Promise<'taken' | 'gone' | { readonly reason: string }> {
  if (!URL.canParse(target.endpoint) || !isSecureUrl(target.endpoint)) return 'gone';
  const options: RequestOptions = {
    vapidDetails: { subject: contact, ...keys },
    TTL: TTL_S,
    urgency: 'high',
    topic: hash('sha256', callId, 'base64url').slice(0, TOPIC_CHARACTERS),
  };
  try {
    const payload = JSON.stringify({ title, body: text, link, callId, test: isTest });
    const { endpoint, method, headers, body } = webPush.generateRequestDetails({ ...target }, payload, options);
    const { status } = await fetch(endpoint, {
      method,
      headers: headers as Record<string, string>,
      body: new Uint8Array(body ?? Buffer.alloc(0)),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CHANNEL_TIMEOUT_MS)]),
    });
    if (status >= 200 && status < 300) return 'taken';
    return status === 404 || status === 410 ? 'gone' : { reason: `HTTP ${status}` };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') return { reason: `no answer within ${CHANNEL_TIMEOUT_MS / 1000} s` };
    return { reason: cause instanceof Error ? cause.message : message };
  }
}
