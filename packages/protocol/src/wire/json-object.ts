import { discard, maxPacketBytes, type Discarded } from './discarded.ts';
import { decodeUtf8 } from './utf8.ts';

export type JsonObject = { readonly [key: string]: unknown };

export type ParsedJsonObject = {
  readonly kind: 'object';
  readonly object: JsonObject;
  /** A key was written twice in one object; the last one counts (RFC 8259 section 4 leaves it open). */
  readonly hasDuplicateKeys: boolean;
};

/**
 * The JSON object in a payload. White space and a byte order mark before it are allowed. Never throws.
 *
 * `__proto__` arrives as an ordinary own key and changes no prototype.
 */
export function parseJsonObject(bytes: Uint8Array): ParsedJsonObject | Discarded {
  if (bytes.length === 0) return discard('empty', 'payload of 0 bytes, a JSON object expected');
  if (bytes.length > maxPacketBytes) {
    return discard('tooLarge', `payload of ${bytes.length} bytes, at most ${maxPacketBytes} expected`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) return discard('notUtf8', 'payload is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return discard('notJson', `payload is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (!isJsonObject(value)) return discard('notObject', 'payload is JSON but not an object');
  return { kind: 'object', object: value, hasDuplicateKeys: membersWritten(text) !== membersHeld(value) };
}

/** True for a JSON object, false for null and arrays. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type JsonInspection = {
  /** Members of all objects together. */
  readonly members: number;
  /** 1 for a flat object or array, 0 for a bare value. */
  readonly depth: number;
  /** Every string and key can be stored as PostgreSQL text and jsonb: no NUL, no lone surrogate. */
  readonly isStorable: boolean;
};

/** Counts what a parsed JSON value holds, without recursion, so that no nesting can exhaust the stack. */
export function inspectJson(root: unknown): JsonInspection {
  let members = 0;
  let depth = 0;
  let isStorable = true;
  const pending: { value: object; level: number }[] = [];
  const visit = (value: unknown, level: number) => {
    if (typeof value === 'string') isStorable &&= isStorableText(value);
    else if (typeof value === 'object' && value !== null) pending.push({ value, level });
  };
  visit(root, 1);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    depth = Math.max(depth, next.level);
    if (Array.isArray(next.value)) {
      for (const item of next.value) visit(item, next.level + 1);
      continue;
    }
    for (const [key, value] of Object.entries(next.value)) {
      members += 1;
      isStorable &&= isStorableText(key);
      visit(value, next.level + 1);
    }
  }
  return { members, depth, isStorable };
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Members of all objects in a parsed JSON value; `inspectJson` without what only stored documents need. */
function membersHeld(root: object): number {
  let members = 0;
  const pending: object[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (values !== next) members += values.length;
    for (const value of values) if (typeof value === 'object' && value !== null) pending.push(value);
  }
  return members;
}

/** Members as written in valid JSON text: the colons outside strings. */
function membersWritten(text: string): number {
  let count = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x3a) count += 1;
  }
  return count;
}
