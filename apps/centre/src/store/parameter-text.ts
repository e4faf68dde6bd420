import { StoreError } from './store-error.ts';
import type { SqlValue } from './store.ts';

/**
 * PostgreSQL's text form of a parameter, the same for both engines, so that neither driver's own idea of a JavaScript
 * value comes into play (`pg` takes an array for jsonb as an SQL array, PGlite takes a string for jsonb as JSON).
 *
 * @throws StoreError `input` for undefined, for a NUL character (PostgreSQL cannot store it) and for foreign types.
 */
export function parameterText(value: SqlValue, place: string): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return withoutNul(value, place);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`;
  if (Array.isArray(value)) {
    return `{${value.map((element: unknown) => elementText(element, place)).join(',')}}`;
  }
  throw new StoreError('input', `${place}: expected a SqlValue, got ${describeValue(value)}`);
}

/** Text forms of all parameters of a statement; null stays null. */
export function parameterTexts(params: readonly SqlValue[] | undefined, place: string): (string | null)[] {
  return (params ?? []).map((value, index) => parameterText(value, `${place}, parameter $${index + 1}`));
}

/** @throws StoreError `input` when the text holds U+0000, which PostgreSQL text and jsonb cannot store. */
export function withoutNul(text: string, place: string): string {
  const position = text.indexOf('\0');
  if (position < 0) return text;
  throw new StoreError('input', `${place}: a NUL character at position ${position}; text without U+0000 is expected`);
}

/** A value for an error message: its kind and, when short, itself. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return `${typeof value} ${value}`;
    case 'string':
      return JSON.stringify(value.slice(0, 80));
    case 'object':
      return value === null ? 'null' : (value.constructor?.name ?? 'object');
    default:
      return typeof value;
  }
}

function elementText(element: unknown, place: string): string {
  if (element === null) return 'NULL';
  if (typeof element === 'number') return numberText(element);
  if (typeof element === 'string') return `"${withoutNul(element, place).replace(/[\\"]/g, '\\$&')}"`;
  throw new StoreError(
    'input',
    `${place}: expected an array of numbers, nulls or strings, found ${describeValue(element)}`,
  );
}

// String(-0) is '0'; PostgreSQL keeps the sign of a float8 zero.
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
