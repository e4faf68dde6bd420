import type { IncidentHandlers } from '@fengsui/protocol';
import type { Caller } from '../access/callers.ts';
import { isInScope } from '../access/scope.ts';
import type { KeptIncident } from './kept-incident.ts';

/** Who may handle incidents of this venue, with how many each has: who is free is the first question. */
export function handlersOf(
  people: readonly Caller[],
  open: Iterable<KeptIncident>,
  venueId: string,
): IncidentHandlers['people'] {
  const counts = new Map<string, number>();
  for (const { owner } of open) if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return people
    .filter(({ permissions, scope }) => permissions.has('incident.handle') && isInScope(scope, venueId))
    .map(({ username }) => ({ username, openIncidents: counts.get(username) ?? 0 }))
    .sort((a, b) => a.openIncidents - b.openIncidents || (a.username < b.username ? -1 : 1));
}
