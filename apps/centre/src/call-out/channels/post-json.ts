import { signed } from '../../platform/signature.ts';
import { CHANNEL_TIMEOUT_MS, LONGEST_REASON, type ChannelOutcome } from './channel.ts';

const LARGEST_ANSWER_BYTES = 64 * 1024;
/** Not of this call: they say that the channel as a whole is not for us now. */
const CHANNEL_DOWN: ReadonlySet<number> = new Set([401, 403, 408, 429]);

export type JsonPost = {
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the signature; undefined: it is not signed. */
  readonly secret?: string | undefined;
  /** Of this try, epoch ms. */
  readonly at: number;
  readonly signal: AbortSignal;
};

export type JsonAnswer = { readonly status: number; readonly words: string };

/** `words`: as far as it may be read. Never rejects; an error is in words. Redirects are not followed. */
export async function postJson(post: JsonPost): Promise<JsonAnswer | { readonly error: string }> {
  const { url, secret, at, signal, headers } = post;
  const body = JSON.stringify(post.body);
  const timestamp = String(Math.floor(at / 1000));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json',
        ...(secret !== undefined && {
          'x-fengsui-timestamp': timestamp,
          'x-fengsui-signature': signed(secret, timestamp, body),
        }),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(CHANNEL_TIMEOUT_MS)]),
      redirect: 'error',
    });
    return { status: response.status, words: await wordsOf(response) };
  } catch (error) {
    return { error: reasonOf(error).slice(0, LONGEST_REASON) };
  }
}

/** What an answer means for the call. `receipt` by its JSON, or its status. */
export function outcomeOf(answer: JsonAnswer | { readonly error: string }): ChannelOutcome {
  if ('error' in answer) return { kind: 'failed', reason: answer.error, isChannelDown: true };
  const { status, words } = answer;
  if (status >= 200 && status < 300) return { kind: 'sent', receipt: receiptIn(words) ?? `HTTP ${status}` };
  const reason = `HTTP ${status} ${words}`.trim().slice(0, LONGEST_REASON);
  const isForGood = status >= 400 && status < 500 && !CHANNEL_DOWN.has(status);
  return { kind: 'failed', reason, ...(isForGood ? { isForGood } : { isChannelDown: true }) };
}

/** What is longer than an answer may be is not read to its end. */
async function wordsOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    pieces.push(piece);
    if (bytes > LARGEST_ANSWER_BYTES) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

function receiptIn(words: string): string | undefined {
  try {
    const { receipt } = JSON.parse(words) as { readonly receipt?: unknown };
    return typeof receipt === 'string' && receipt.trim() !== '' ? receipt.slice(0, LONGEST_REASON) : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` says why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${CHANNEL_TIMEOUT_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
