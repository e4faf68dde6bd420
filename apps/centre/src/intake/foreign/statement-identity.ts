import { createHash } from 'node:crypto';
import type { MappedStatement, WireReport } from '@fengsui/protocol';
import type { ForeignIdentity } from '../../journal/foreign-meta.ts';
import type { ForeignDelivery } from './foreign-delivery.ts';

/** What has a key or an instant of its own may come again within a day. */
const KEPT_MS = 24 * 3_600_000;
/** What has neither is the same only when it is said again at once, with nothing else said in between. */
const REPEATED_MS = 60_000;
/** A request may come again for as long as its signature holds, on both sides of our clock. */
export const REQUEST_KEPT_MS = 15 * 60_000;

const hash = (...parts: readonly (string | Uint8Array)[]): string => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${part.length}:`).update(part);
  return sum.digest('base64url').slice(0, 22);
};

export const messageIdOf = (sourceId: string, body: Uint8Array, topic?: string): string =>
  topic === undefined ? hash('message', sourceId, body) : hash('message', sourceId, topic, body);

export const shapeIdOf = (shape: string): string => hash('shape', shape);

/** A PUBLISH with DUP has the packet id it had before, in the session of the same client id (MQTT 3.1.1, 3.3.1.1). */
export const publishIdOf = (
  sourceId: string,
  clientId: string,
  {
    messageId = 0,
    topic,
    payload,
  }: { readonly messageId?: number | undefined; readonly topic: string; readonly payload: Uint8Array },
): string => hash('publish', sourceId, clientId, String(messageId), topic, payload);

/** A retained message comes again with every subscription. */
export const retainedIdOf = (sourceId: string, topic: string, payload: Uint8Array): string =>
  hash('retained', sourceId, topic, payload);

export const requestIdOf = (sourceId: string, timestamp: string, signature: string): string =>
  hash('request', sourceId, timestamp, signature.toLowerCase());

/** The statement itself: device and wire form. */
export const statementHashOf = ({ deviceId }: MappedStatement, { channel, payload }: WireReport): string =>
  hash('statement', deviceId, channel, payload);

/**
 * By what a statement is known again. With a key of the platform: that key, with what it says (raise and clear under
 * one number are two things). Without one but with an instant: its content. With neither: its content, when it was the
 * last that was said of the same condition, within a minute. And the delivery it came in: where the carrier says which
 * deliveries are repeats, only those are compared, and a value that is measured twice alike is two values.
 */
export function identitiesOf(
  delivery: {
    readonly sourceId: string;
    readonly requestId: string;
    readonly repetition: ForeignDelivery['repetition'];
    readonly receivedAt: number;
  },
  statement: MappedStatement,
  content: string,
  occurrence: number,
): { readonly identities: readonly ForeignIdentity[]; readonly remembered?: readonly ForeignIdentity[] } {
  const { sourceId, requestId, repetition, receivedAt: at } = delivery;
  const request = deliveryIdentity(
    requestId,
    content,
    occurrence,
    at + (repetition === 'possible' ? REQUEST_KEPT_MS : KEPT_MS),
  );
  const own = ownIdentity(sourceId, statement, content, occurrence, at, repetition === 'possible');
  const first = own === undefined ? [] : [own];
  return repetition === 'none' ? { identities: first, remembered: [request] } : { identities: [...first, request] };
}

const deliveryIdentity = (
  deliveryId: string,
  content: string,
  occurrence: number,
  keptUntil: number,
): ForeignIdentity => ({ key: hash('r', deliveryId, content, String(occurrence)), value: '', keptUntil });

/** A message that waited and was read later is known when its broker, which retains it, sends it once more. */
export const retainedIdentityOf = (
  { sourceId, topic, body }: { readonly sourceId: string; readonly topic: string; readonly body: Uint8Array },
  content: string,
  occurrence: number,
  at: number,
): ForeignIdentity => deliveryIdentity(retainedIdOf(sourceId, topic, body), content, occurrence, at + KEPT_MS);

function ownIdentity(
  sourceId: string,
  statement: MappedStatement,
  content: string,
  occurrence: number,
  at: number,
  mayRepeatUnsaid: boolean,
): ForeignIdentity | undefined {
  const { deviceId } = statement;
  if (statement.key !== undefined) {
    const key = hash('k', sourceId, deviceId, statement.key, wordsOf(statement, true), String(occurrence));
    return { key, value: '', keptUntil: at + KEPT_MS };
  }
  if (statement.at !== undefined) return { key: hash('d', sourceId, content), value: '', keptUntil: at + KEPT_MS };
  if (statement.kind === 'values' && !mayRepeatUnsaid) return undefined;
  const last = hash('s', sourceId, deviceId, wordsOf(statement, false));
  return { key: last, value: content, keptUntil: at + REPEATED_MS };
}

function wordsOf(statement: MappedStatement, withState: boolean): string {
  if (statement.kind === 'values') return 'values';
  const { eventKind, point, level, active } = statement;
  return JSON.stringify(withState ? [eventKind, point, level, active] : [eventKind, point]);
}
