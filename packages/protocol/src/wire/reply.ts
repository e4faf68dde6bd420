import { discard, shortText, type Discarded } from './discarded.ts';
import { inspectJson, parseJsonObject } from './json-object.ts';
import { readInstant } from './report-identity.ts';
import { isWireId } from './topic.ts';
import { encodeUtf8 } from './utf8.ts';

/** A device's answer to a command, with what it read back. */
export type Reply = {
  readonly kind: 'reply';
  /** Id of the command. */
  readonly id: string;
  readonly ok: boolean;
  /** Any JSON, at most 32 levels deep; null when the device sent none. */
  readonly result: unknown;
  readonly at?: number;
};

export function decodeReply(bytes: Uint8Array): Reply | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const { id, ok, result = null } = parsed.object;
  if (!isWireId(id)) return discard('invalidField', `id is ${shortText(id)}, [A-Za-z0-9._-]{1,64} expected`);
  if (typeof ok !== 'boolean') return discard('invalidField', `ok is ${shortText(ok)}, true or false expected`);
  const { depth, isStorable } = inspectJson(result);
  if (depth > 32 || !isStorable) {
    return discard('invalidField', 'result is nested deeper than 32 or holds a NUL or a lone surrogate');
  }
  const at = readInstant(parsed.object['at']);
  return { kind: 'reply', id, ok, result, ...(typeof at === 'number' ? { at } : {}) };
}

export function encodeReply(reply: Omit<Reply, 'kind'>): Uint8Array<ArrayBuffer> {
  const { id, ok, result, at } = reply;
  return encodeUtf8(JSON.stringify({ id, ok, result, at }));
}
