import { createHash } from 'node:crypto';
import type { MappedStatement, WireReport } from '@fengsui/protocol';
import type { ForeignIdentity } from '../../journal/foreign-meta.ts';

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

export const messageIdOf = (sourceId: string, body: Uint8Array): string => hash('message', sourceId, body);

export const requestIdOf = (sourceId: string, timestamp: string, signature: string): string =>
  hash('request', sourceId, timestamp, signature.toLowerCase());

/** The statement itself: device and wire form. */
export const statementHashOf = ({ deviceId }: MappedStatement, { channel, payload }: WireReport): string =>
  hash('statement', deviceId, channel, payload);

/**
 * By what a statement is known again. With a key of the platform: that key, with what it says (raise and clear under
 * one number are two things). Without one but with an instant: its content. With neither: its content, when it was the
 * last that was said of the same condition, within a minute. And always the request it came in.
 */
export function identitiesOf(
  sourceId: string,
  statement: MappedStatement,
  content: string,
  requestId: string,
  occurrence: number,
  at: number,
): readonly ForeignIdentity[] {
  const { deviceId } = statement;
  const request = {
    key: hash('r', requestId, content, String(occurrence)),
    value: '',
    keptUntil: at + REQUEST_KEPT_MS,
  };
  if (statement.key !== undefined) {
    const key = hash('k', sourceId, deviceId, statement.key, wordsOf(statement, true), String(occurrence));
    return [{ key, value: '', keptUntil: at + KEPT_MS }, request];
  }
  if (statement.at !== undefined)
    return [{ key: hash('d', sourceId, content), value: '', keptUntil: at + KEPT_MS }, request];
  const last = hash('s', sourceId, deviceId, wordsOf(statement, false));
  return [{ key: last, value: content, keptUntil: at + REPEATED_MS }, request];
}

function wordsOf(statement: MappedStatement, withState: boolean): string {
  if (statement.kind === 'values') return 'values';
  const { eventKind, point, level, active } = statement;
  return JSON.stringify(withState ? [eventKind, point, level, active] : [eventKind, point]);
}
