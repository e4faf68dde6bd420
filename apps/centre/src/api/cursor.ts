import { ApiError } from './problem.ts';

/** Opaque to the caller: where the page before ended. */
export const encodeCursor = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): readonly (string | number)[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(position) &&
      position.length === types.length &&
      types.every((type, i) => typeof position[i] === type)
    ) {
      return position as (string | number)[];
    }
  } catch {
    // Said below: both are a cursor that this API did not hand out.
  }
  throw new ApiError(400, 'invalidCursor', 'cursor is not one of this list; leave it out to begin anew');
}

/** One page of a list in memory, ordered by id. */
export const pageById = <Item extends { readonly id: string }>(
  items: readonly Item[],
  limit: number,
  cursor: string | undefined,
): { items: Item[]; nextCursor?: string } => pageBy(({ id }) => id, items, limit, cursor);

/** One page of a list in memory, ordered by what `keyOf` says; keys are unique. */
export function pageBy<Item>(
  keyOf: (item: Item) => string,
  items: readonly Item[],
  limit: number,
  cursor: string | undefined,
): { items: Item[]; nextCursor?: string } {
  const after = cursor === undefined ? undefined : (decodeCursor(cursor, ['string'])[0] as string);
  const keyed = items.map((item) => ({ key: keyOf(item), item })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = keyed.filter(({ key }) => after === undefined || key > after);
  const found = rest.slice(0, limit);
  const last = found.at(-1);
  return {
    items: found.map(({ item }) => item),
    ...(rest.length > limit && last !== undefined && { nextCursor: encodeCursor([last.key]) }),
  };
}
