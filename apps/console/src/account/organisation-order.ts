import type { AccountBounds } from '../api/resources.ts';

type Organisations = AccountBounds['organisations'];

/** Each after the one above it. */
export function inTreeOrder(
  organisations: Organisations,
): readonly { readonly organisation: Organisations[number]; readonly depth: number }[] {
  const ids = new Set(organisations.map(({ id }) => id));
  const under = (parentId: string | undefined, depth: number): ReturnType<typeof inTreeOrder> =>
    organisations
      .filter((one) =>
        parentId === undefined ? one.parentId === undefined || !ids.has(one.parentId) : one.parentId === parentId,
      )
      .flatMap((organisation) => [{ organisation, depth }, ...under(organisation.id, depth + 1)]);
  return under(undefined, 0);
}

export function idsBelow(organisations: Organisations, id: string): readonly string[] {
  return [
    id,
    ...organisations.filter(({ parentId }) => parentId === id).flatMap((one) => idsBelow(organisations, one.id)),
  ];
}
