import type { CallOutChain, Contact } from '@fengsui/protocol';
import type { Registry } from '../registry/registry.ts';
import type { Place } from '../situation/kept.ts';
import { nextCallOut } from './call-out-life.ts';
import { callOutPlans, PEOPLE_CALLED } from './call-out-plan.ts';
import type { CalledPerson, CallFacts, CallOutCause, CallWay, KeptCallOut } from './kept-call-out.ts';

/** Whose people are called is in the contacts: those of the venue, or those of the duty desk, which are of no venue. */
export const venueOfChain = (chain: CallOutChain, venueId: string): string => (chain === 'desk' ? '' : venueId);

type Opening = {
  readonly id: string;
  readonly chain: CallOutChain;
  readonly place: Place;
  readonly cause: CallOutCause;
  readonly facts: CallFacts;
  readonly people: readonly Contact[];
  readonly at: number;
};

/**
 * Begins to call people, one after the other; of any origin but `live` nobody is called, and it is on record who would
 * have been.
 */
export function openCallOut({ id, chain, place, cause, facts, people: contacts, at }: Opening): KeptCallOut {
  const plan = callOutPlans[chain];
  const called = contacts.map(calledPerson).filter(({ ways }) => ways.length > 0);
  const heldBack = place.origin !== 'live' ? 'origin' : called.length === 0 ? 'nobody' : undefined;
  const people = called.slice(0, PEOPLE_CALLED).map((person, index) => ({
    ...person,
    ...(heldBack === undefined && { dueAt: at + plan.firstAfterMs + index * plan.nextPersonAfterMs }),
  }));
  const callOut: KeptCallOut = {
    ...{ id, chain, place, cause, facts, people },
    openedAt: at,
    state: heldBack === undefined ? 'calling' : 'heldBack',
    calls: [],
    ...(heldBack !== undefined && { heldBack, endedAt: at }),
    ...(heldBack !== undefined && cause.kind === 'test' && { isClosed: true }),
  };
  return nextCallOut(callOut, { kind: 'due', at });
}

/** In the order in which they are called. */
export const contactsInOrder = (registry: Registry, venueId: string): readonly Contact[] =>
  registry.contactsOf(venueId).toSorted((a, b) => (a.rank ?? 99) - (b.rank ?? 99) || (a.id < b.id ? -1 : 1));

function calledPerson({ id, name, phone, language = 'zh', ways }: Contact): CalledPerson {
  const all: readonly CallWay[] = ways ?? [{ channel: 'voice' }, { channel: 'sms' }];
  return {
    contactId: id,
    name,
    language,
    ways: all.map((way) => {
      const isByPhone = way.channel === 'voice' || way.channel === 'sms';
      return { ...way, ...(isByPhone && { to: way.to ?? phone }) };
    }),
    tried: 0,
  };
}
