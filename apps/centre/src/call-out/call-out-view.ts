import type { CallOut, CallOutCall } from '@fengsui/protocol';
import type { CalledPerson, KeptCall, KeptCallOut } from './kept-call-out.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** As the API shows it to whoever may read alarms; names are for who may read contacts, numbers and addresses for nobody. */
export function callOutView(callOut: KeptCallOut, mayReadContacts: boolean): CallOut {
  const { id, chain, state, place, cause, openedAt, endedAt, heldBack, ended, answeredBy, people, calls } = callOut;
  return {
    ...{ id, chain, state, venueId: place.venueId, origin: place.origin, openedAt: iso(openedAt) },
    ...(cause.kind === 'incident' ? { incidentId: cause.incidentId } : { testedBy: cause.by }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(heldBack !== undefined && { heldBack }),
    ...(ended !== undefined && { ended }),
    ...(answeredBy !== undefined && { answeredBy }),
    people: people.map((person) => personView(person, mayReadContacts)),
    calls: calls.map(callView),
  };
}

const personView = ({ contactId, name, ways }: CalledPerson, mayReadContacts: boolean): CallOut['people'][number] => ({
  contactId,
  ...(mayReadContacts && { name }),
  channels: ways.map(({ channel }) => channel),
});

function callView({ number, contactId, channel, state, receipt, reason, answer, ...at }: KeptCall): CallOutCall {
  const { madeAt, sentAt, failedAt, answeredAt } = at;
  return {
    ...{ number, contactId, channel, state, madeAt: iso(madeAt) },
    ...(sentAt !== undefined && { sentAt: iso(sentAt) }),
    ...(receipt !== undefined && { receipt }),
    ...(failedAt !== undefined && { failedAt: iso(failedAt) }),
    ...(reason !== undefined && { reason }),
    ...(answer !== undefined && { answer }),
    ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
  };
}
