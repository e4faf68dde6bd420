import type { CallOutChain, CallOutEnd } from '@fengsui/protocol';
import { callFacts } from './call-facts.ts';
import { tellIncident } from '../incident/keep-incident.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { nextCallOut, type CallOutEvent } from './call-out-life.ts';
import { keepCallOut } from './keep-call-out.ts';
import type { KeptCallOut } from './kept-call-out.ts';
import { contactsInOrder, openCallOut, venueOfChain } from './open-call-out.ts';

/**
 * After each entry: what the incidents it changed mean for who is called. `stepsBefore` is how many lines histories had
 * got before the entry.
 */
export function followCallOuts(situation: Situation, effects: Effects, at: number, stepsBefore: number): void {
  for (const { incidentId, number, step } of effects.incidentSteps.slice(stepsBefore)) {
    const incident = effects.incidents.get(incidentId);
    if (incident === undefined) continue;
    if (step.kind === 'opened')
      for (const chain of ['venue', 'desk'] as const) begin(situation, effects, { incident, chain, at, number });
    // What comes after it was found to be nothing is another fire: the venue is called anew.
    if (step.kind === 'reopened') begin(situation, effects, { incident, chain: 'venue', at, number });
    for (const callOut of situation.callOuts.ofIncident(incidentId))
      settle(situation, effects, { callOut, incident, at });
  }
}

type Beginning = {
  readonly incident: KeptIncident;
  readonly chain: CallOutChain;
  readonly at: number;
  readonly number: number;
};

function begin(situation: Situation, effects: Effects, { incident, chain, at, number }: Beginning): void {
  const { registry } = situation;
  if (incident.happenedAt !== undefined || endOf({ chain }, incident) !== undefined) return;
  const people = contactsInOrder(registry, venueOfChain(chain, incident.place.venueId));
  // A desk may do without; a venue that nobody can be called for is on record.
  if (chain === 'desk' && people.length === 0) return;
  const id = `${incident.id}-${chain}-${number}`;
  if (situation.callOuts.get(id) !== undefined) return;
  keepCallOut(
    situation,
    effects,
    openCallOut({
      ...{ id, chain, people, at },
      place: incident.place,
      cause: { kind: 'incident', incidentId: incident.id },
      facts: callFacts(registry, incident.place.venueId, incident.alarms[0]),
    }),
  );
}

type Settled = { readonly callOut: KeptCallOut; readonly incident: KeptIncident; readonly at: number };

/** Whoever has been reached otherwise is not called any more; with its incident a call-out is over. */
function settle(situation: Situation, effects: Effects, { callOut, incident, at }: Settled): void {
  const why = endOf(callOut, incident);
  if (why !== undefined) keepCallOut(situation, effects, nextCallOut(callOut, { kind: 'end', why, at }));
}

function endOf({ chain }: Pick<KeptCallOut, 'chain'>, incident: KeptIncident): CallOutEnd | undefined {
  const { state, lastWordAt, acknowledgedAt, owner } = incident;
  if (state === 'closed') return 'closed';
  if (state === 'dismissed') return 'dismissed';
  if (chain === 'venue') return lastWordAt === undefined ? undefined : 'word';
  return acknowledgedAt === undefined && owner === undefined ? undefined : 'acknowledged';
}

/** Tells a call-out what happened, and its incident when somebody is going there, or nobody could be reached. */
export function tellCallOut(situation: Situation, effects: Effects, known: KeptCallOut, event: CallOutEvent): void {
  const after = nextCallOut(known, event);
  keepCallOut(situation, effects, after);
  const { state, cause, answeredBy } = after;
  if (state === known.state || (state !== 'answered' && state !== 'unanswered') || cause.kind !== 'incident') return;
  const incident = situation.incidents.get(cause.incidentId);
  const whom = after.people.find(({ contactId }) => contactId === answeredBy)?.name;
  if (incident === undefined) return;
  tellIncident(situation, effects, incident, {
    ...{ kind: 'callOut', at: event.at, outcome: state, chain: after.chain, callCount: after.calls.length },
    ...(whom !== undefined && { whom }),
  });
}
