import { Type, type TSchema } from 'typebox';

/** A string out of a fixed list, with the list as its type; an `enum` in OpenAPI. */
export function oneOf<const Words extends readonly string[]>(words: Words, description?: string) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...(description ? { description } : {}) });
}

/** An instant in the API: ISO 8601 with offset. */
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601 with offset' });

/** An instant on the device wire, in the live feed's rows and in series. */
export const EpochMs = Type.Integer({ minimum: 0, description: 'epoch milliseconds' });

/** A page of a list; `nextCursor` is absent on the last page. */
export function page<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) });
}
