/** The venues a caller may see: the first argument of every query. An empty list sees nothing. */
export type Scope = { readonly venues: 'all' | readonly string[] };

export const isInScope = (scope: Scope, venueId: string): boolean =>
  scope.venues === 'all' || scope.venues.includes(venueId);

/** `$n::text[]` for `($n::text[] is null or venue_id = any($n::text[]))`: null sees all, {} sees nothing. */
export const scopeParameter = (scope: Scope): readonly string[] | null =>
  scope.venues === 'all' ? null : scope.venues;

/** What both scopes allow; used where the caller narrows a query to some venues. */
export function narrow(scope: Scope, venueIds: readonly string[] | undefined): Scope {
  if (venueIds === undefined) return scope;
  return { venues: venueIds.filter((id) => isInScope(scope, id)) };
}
