import { isWireId } from '@fengsui/protocol';
import { isSecureUrl } from '../../platform/secure-url.ts';
import { LONGEST_REASON, type CallMessage, type Channel, type ChannelOutcome } from './channel.ts';
import { outcomeOf, postJson } from './post-json.ts';

/** One address that takes messages as a template says; data of the operator. */
export type Webhook = {
  readonly name: string;
  readonly url: string;
  /** JSON whose texts may hold placeholders. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
  /** Chat robots answer 200 also when they take nothing: what their answer then must have. `path`: names with dots between. */
  readonly okWhen?: { readonly path: string; readonly equals: unknown };
};

const placeholders: Readonly<Record<string, (message: CallMessage) => string>> = {
  title: ({ title }) => title,
  text: ({ text }) => text,
  link: ({ link = '' }) => link,
  callId: ({ callId }) => callId,
  to: ({ to = '' }) => to,
  language: ({ language }) => language,
  test: ({ isTest }) => String(isTest),
};

const KEYS: ReadonlySet<string> = new Set(['name', 'url', 'body', 'headers', 'secret', 'okWhen']);
const PLACEHOLDER = /\{\{(\w*)\}\}/g;

/** Webhooks by name. Nothing can be asked of one without writing to people: its fault is found by the first call. */
export function webhookChannel(webhooks: readonly Webhook[], now: () => number): Channel {
  const byName = new Map(webhooks.map((webhook) => [webhook.name, webhook]));
  return {
    send: async (message, signal) => {
      const webhook = byName.get(message.to ?? '');
      if (webhook === undefined)
        return { kind: 'failed', reason: `webhook ${message.to ?? ''} is not in callOut.webhooks`, isForGood: true };
      const { url, headers, secret, body } = webhook;
      const filled = filledIn(body, message);
      const post = { url, secret, at: now(), signal, body: filled };
      const answer = await postJson({ ...post, headers: { ...headers, 'idempotency-key': message.callId } });
      return 'error' in answer ? outcomeOf(answer) : judged(webhook, answer, outcomeOf(answer));
    },
    check: () => Promise.resolve(undefined),
  };
}

function judged({ okWhen }: Webhook, { words }: { readonly words: string }, outcome: ChannelOutcome): ChannelOutcome {
  if (okWhen === undefined || outcome.kind === 'failed') return outcome;
  const isTaken = JSON.stringify(valueAt(words, okWhen.path)) === JSON.stringify(okWhen.equals);
  // What a robot refuses it refuses by its set-up (a key word, its rate): the next call would fare no better.
  return isTaken
    ? outcome
    : { kind: 'failed', reason: `not taken: ${words}`.slice(0, LONGEST_REASON), isChannelDown: true };
}

function valueAt(words: string, path: string): unknown {
  try {
    return path
      .split('.')
      .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | null)?.[name], JSON.parse(words));
  } catch {
    return undefined;
  }
}

/** Inside of texts, never of the JSON around them: whatever is said, it stays one text. */
function filledIn(template: unknown, message: CallMessage): unknown {
  if (typeof template === 'string')
    return template.replaceAll(PLACEHOLDER, (_all, name: string) => placeholders[name]?.(message) ?? '');
  if (Array.isArray(template)) return template.map((one) => filledIn(one, message));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filledIn(value, message)]));
}

/** @throws Error naming the place and what is expected there. */
export function readWebhooks(text: string): readonly Webhook[] {
  const read: unknown = JSON.parse(text);
  if (!Array.isArray(read)) throw new Error('expected a list of webhooks, [{"name":…,"url":…,"body":…}]');
  const webhooks = read.map(readWebhook);
  const names = webhooks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`name ${twice} is there twice, expected one webhook for each name`);
  return webhooks;
}

function readWebhook(given: unknown, index: number): Webhook {
  const place = `webhook ${index + 1}`;
  const fail = (problem: string): never => {
    throw new Error(`${place}: ${problem}`);
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return fail('expected an object');
  const { name, url, body, headers, secret, okWhen } = given as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return fail(`${unknown} is unknown, expected ${[...KEYS].join(', ')}`);
  if (typeof name !== 'string' || !isWireId(name))
    return fail(`name is ${JSON.stringify(name ?? null)}, expected letters, digits, dot, dash, underscore`);
  if (typeof url !== 'string' || !URL.canParse(url) || !isSecureUrl(url))
    return fail('url: expected https:// (http:// only on loopback)');
  if (body === undefined) return fail('body is missing, expected the JSON that is sent');
  const odd = [...JSON.stringify(body).matchAll(PLACEHOLDER)].find(
    ([, word = '']) => !Object.hasOwn(placeholders, word),
  );
  if (odd !== undefined)
    return fail(
      `body has ${odd[0]}, expected of ${Object.keys(placeholders)
        .map((word) => `{{${word}}}`)
        .join(' ')}`,
    );
  if (secret !== undefined && typeof secret !== 'string') return fail('secret: expected a text');
  return {
    ...{ name, url, body },
    ...(headers !== undefined && { headers: readHeaders(headers, fail) }),
    ...(secret !== undefined && { secret }),
    ...(okWhen !== undefined && { okWhen: readOkWhen(okWhen, fail) }),
  };
}

type Fail = (problem: string) => never;

function readHeaders(given: unknown, fail: Fail): Readonly<Record<string, string>> {
  const entries =
    typeof given === 'object' && given !== null ? Object.entries(given) : fail('headers: expected an object');
  for (const [name, value] of entries)
    if (!/^(authorization|x-[\w-]+)$/i.test(name) || typeof value !== 'string' || /[^\t\x20-\x7e]/.test(value))
      return fail(`headers.${name}: expected authorization or x-… with a text`);
  return Object.fromEntries(entries);
}

function readOkWhen(given: unknown, fail: Fail): NonNullable<Webhook['okWhen']> {
  const { path, equals } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || path === '' || equals === undefined)
    return fail('okWhen: expected {"path":"errcode","equals":0}');
  return { path, equals };
}
