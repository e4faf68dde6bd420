import type { CallMessage, Channel } from './channel.ts';
import { outcomeOf, postJson } from './post-json.ts';

/** Who makes calls and sends short messages for us: docs/reference/call-out.md. */
export type PhoneAdapter = {
  readonly url: string;
  readonly secret: string;
  /** Where it tells of answers; undefined: it knows. */
  readonly answersUrl?: string;
  readonly now: () => number;
};

/** Calls that ask for a key, or short messages, by an adapter over HTTP. */
export function phoneChannel(kind: 'voice' | 'sms', { url, secret, answersUrl, now }: PhoneAdapter): Channel {
  const post = (body: object, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}) =>
    postJson({ url, secret, headers, at: now(), signal, body: { schema: 'fengsui.call.1', ...body } });
  return {
    send: async (message, signal) => {
      const { callId, to, language, keys, isTest } = message;
      const body = {
        ...{ kind, callId, to, language, text: textOf(kind, message) },
        keys: keys.map(({ key, words }) => ({ key, words })),
        test: isTest,
        ...(answersUrl !== undefined && { answersUrl }),
      };
      return outcomeOf(await post(body, signal, { 'idempotency-key': callId }));
    },
    check: async (signal) => {
      const outcome = outcomeOf(await post({ kind: 'check' }, signal));
      return outcome.kind === 'failed' ? outcome.reason : undefined;
    },
  };
}

const textOf = (kind: 'voice' | 'sms', { spoken, text, link }: CallMessage): string =>
  kind === 'voice' ? spoken : [text, link].filter((line) => line !== undefined).join('\n');
