import { plainText } from './plain-text.ts';

const MOST_BYTES = 4_096;
const LONGEST_TEXT = 200;
const MOST_ITEMS = 20;
const DEEPEST = 6;
const SECRET = /pass(word|phrase)|secret|token|code|key|pin$|credential|signature|cookie|authori[sz]ation|csrf|otp/i;

/** JSON of what was asked, as an auditor may read it: secrets and long texts left out, at most 4 KiB. */
export function shownRequest(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = JSON.stringify(shown(value, 0));
  const bytes = Buffer.byteLength(text);
  return bytes <= MOST_BYTES ? text : JSON.stringify({ leftOut: `${bytes} bytes` });
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? `(${value.length} characters)` : plainText(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return `(${typeof value})`;
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (typeof (value as { pipe?: unknown }).pipe === 'function') return '(bytes)';
  if (depth === DEEPEST) return '(deeper)';
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => shown(item, depth + 1));
    return value.length > MOST_ITEMS ? [...items, `(${value.length - MOST_ITEMS} more)`] : items;
  }
  const members = Object.entries(value).map(([name, member]) => [
    plainText(name, 64),
    SECRET.test(name) ? '(left out)' : shown(member, depth + 1),
  ]);
  return Object.fromEntries(members) as Record<string, unknown>;
}
