/**
 * JSON that a jsonb column takes whatever people wrote: PostgreSQL refuses NUL and lone surrogates, and one refused row
 * would hold back every report behind it. NUL is shown as ␀, a lone surrogate as U+FFFD.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes exactly these two as escapes.
  if (!/\\u(0000|d[89a-f])/.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** Text that a text column takes. */
export const storableText = (text: string): string => text.replaceAll('\0', '␀').toWellFormed();
