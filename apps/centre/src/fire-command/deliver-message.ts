import { formatCap, type FireMessage, type FireMessageText } from '@fengsui/protocol';
import { signed } from '../platform/signature.ts';
import type { FireChannel } from './fire-command-settings.ts';
import { fireMessageCap } from './fire-message-cap.ts';

/** `receipt`: what they call it, or that they took it. */
export type Delivery =
  { readonly kind: 'delivered'; readonly receipt: string } | { readonly kind: 'failed'; readonly reason: string };

export const DELIVERY_TIMEOUT_MS = 5_000;
const LARGEST_ANSWER_BYTES = 64 * 1024;
const LONGEST_WORDS = 200;

export type DeliveryAt = {
  /** Of this try, epoch ms. */
  readonly at: number;
  readonly utcOffsetMinutes: number;
  readonly signal: AbortSignal;
};

/**
 * One try to hand a message over. An answer 2xx is the receipt; its JSON may name one in `receipt`. Never rejects. The id
 * is the idempotency key: whoever has it already says so again and rings nobody.
 */
export async function deliverMessage(
  channel: FireChannel,
  text: FireMessageText,
  { at, utcOffsetMinutes, signal }: DeliveryAt,
): Promise<Delivery> {
  const { type, body } = bodyOf(channel, text, utcOffsetMinutes);
  const timestamp = String(Math.floor(at / 1000));
  try {
    const response = await fetch(channel.url, {
      method: 'POST',
      headers: {
        'content-type': type,
        accept: 'application/json',
        'idempotency-key': text.messageId,
        'x-fengsui-timestamp': timestamp,
        ...(channel.secret !== undefined && { 'x-fengsui-signature': signed(channel.secret, timestamp, body) }),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]),
      redirect: 'error',
    });
    const answer = await wordsOf(response);
    if (!response.ok)
      return { kind: 'failed', reason: `HTTP ${response.status} ${answer}`.trim().slice(0, LONGEST_WORDS) };
    return { kind: 'delivered', receipt: receiptIn(answer) ?? `HTTP ${response.status}` };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error).slice(0, LONGEST_WORDS) };
  }
}

/** The message as it goes over the line. */
export function bodyOf(
  { format, sender }: FireChannel,
  text: FireMessageText,
  utcOffsetMinutes: number,
): { readonly type: string; readonly body: string } {
  const message: FireMessage = { ...text, sender };
  if (format === 'json') return { type: 'application/json', body: JSON.stringify(message) };
  const alert = fireMessageCap(message, 'fire and rescue command');
  return { type: 'application/cap+xml; charset=utf-8', body: formatCap(alert, utcOffsetMinutes) };
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

function receiptIn(answer: string): string | undefined {
  try {
    const { receipt } = JSON.parse(answer) as { readonly receipt?: unknown };
    return typeof receipt === 'string' && receipt.trim() !== '' ? receipt.slice(0, LONGEST_WORDS) : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` says why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${DELIVERY_TIMEOUT_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
