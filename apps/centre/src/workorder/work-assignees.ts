import type { WorkAssignee, WorkAssignees } from '@fengsui/protocol';
import type { Accounts } from '../access/accounts.ts';
import type { Caller } from '../access/callers.ts';
import { permissionsOfRole, rolesBoundToVenues } from '../access/role.ts';
import type { Situation } from '../situation/situation.ts';

type People = Pick<Accounts, 'list'>;
type Known = { readonly accounts: People; readonly situation: Situation };

/** Organisations that send people. */
const SENDING = new Set(['maintenanceFirm', 'operator', 'venueOwner']);

/** Who may work at this venue: accounts that may do work orders and see it, and the caller himself if he may. */
function peopleOf({ accounts }: Known, caller: Caller, venueId: string): string[] {
  const able = accounts
    .list()
    .filter(({ disabled, role }) => !disabled && permissionsOfRole[role].includes('work.do'))
    .filter(({ role, venueIds }) => venueIds?.includes(venueId) ?? !rolesBoundToVenues.includes(role))
    .map(({ username }) => username);
  return [...new Set([...able, ...(caller.permissions.has('work.do') ? [caller.username] : [])])].sort();
}

function organisationsOf({ situation: { registry } }: Known, venueId: string) {
  const owner = registry.venue(venueId)?.organisationId;
  return registry
    .organisations({ venues: 'all' })
    .filter(({ id, kind }) => SENDING.has(kind) && (kind !== 'venueOwner' || id === owner));
}

/** With how many open orders each has already: who is free is the first question. */
export function assigneesOf(known: Known, caller: Caller, venueId: string): WorkAssignees {
  const load = new Map<string, number>();
  for (const { assignee } of known.situation.work.open()) {
    const key = `${assignee?.kind}/${assignee?.id}`;
    load.set(key, (load.get(key) ?? 0) + 1);
  }
  return {
    people: peopleOf(known, caller, venueId).map((username) => ({
      username,
      openOrders: load.get(`person/${username}`) ?? 0,
    })),
    organisations: organisationsOf(known, venueId).map(({ id, name, nameEn }) => ({
      id,
      name,
      ...(nameEn !== undefined && { nameEn }),
      openOrders: load.get(`organisation/${id}`) ?? 0,
    })),
  };
}

/** Why it cannot be given to them; undefined when it can. */
export function assigneeProblem(
  known: Known,
  caller: Caller,
  venueId: string,
  { kind, id }: WorkAssignee,
): string | undefined {
  if (kind === 'organisation')
    return organisationsOf(known, venueId).some((organisation) => organisation.id === id)
      ? undefined
      : `organisation ${JSON.stringify(id)} does not exist or sends nobody to this venue`;
  return peopleOf(known, caller, venueId).includes(id)
    ? undefined
    : `account ${JSON.stringify(id)} does not exist, may do no work, or does not see this venue`;
}
