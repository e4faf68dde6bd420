import { Type } from 'typebox';
import { ApiError } from './problem.ts';

export const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 1000, description: 'items of a page; default 100' }),
);
export const Cursor = Type.Optional(Type.String({ maxLength: 512 }));
export const DEFAULT_LIMIT = 100;

export const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'the same key again gets the answer of the first request',
    }),
  ),
});

/** Of a second factor: six digits, or a recovery code. */
export const Code = Type.String({ minLength: 1, maxLength: 64 });

/** Largest instant a calendar can show (ECMA-262 Date). */
const FARTHEST_MS = 8.64e15;

/** ISO 8601 with offset, or epoch milliseconds. */
export function parseInstant(name: string, text: string): number {
  if (/^\d{1,16}$/.test(text) && Number(text) <= FARTHEST_MS) return Number(text);
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (Number.isNaN(at)) {
    throw new ApiError(
      400,
      'invalidInstant',
      `${name} is ${JSON.stringify(text.slice(0, 40))}, expected ISO 8601 with offset or epoch milliseconds`,
    );
  }
  return at;
}

/** A list in a query: `a,b` or the parameter twice. */
export function parseWords<const Words extends readonly string[]>(
  name: string,
  text: string,
  words: Words,
): Words[number][] {
  return text.split(',').map((word) => {
    const known = words.find((candidate) => candidate === word);
    if (known === undefined) {
      throw new ApiError(
        400,
        'invalidParameter',
        `${name} is ${JSON.stringify(word.slice(0, 40))}, expected one of ${words.join(', ')}`,
      );
    }
    return known;
  });
}
