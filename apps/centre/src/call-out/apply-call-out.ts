import { entryIdOf, type Entry } from '../journal/entry.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import { endFault, placeOfCentre, tellFault } from '../situation/centre-fault.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { callFacts } from './call-facts.ts';
import type { CallOutLink, CallOutPurpose, CallOutTest } from './call-out-purposes.ts';
import { tellCallOut } from './follow-call-outs.ts';
import { keepCallOut } from './keep-call-out.ts';
import { openCallOut } from './open-call-out.ts';

/** One that is closed needs nothing more. */
export function applyCallOut(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  purpose: CallOutPurpose,
  at: number,
): void {
  switch (purpose.kind) {
    case 'callOutDue':
    case 'callOutNews': {
      const known = situation.callOuts.get(purpose.callOutId);
      const event = purpose.kind === 'callOutNews' ? { ...purpose.news, at } : ({ kind: 'due', at } as const);
      if (known !== undefined) tellCallOut(situation, effects, known, event);
      return;
    }
    case 'callOutTest':
      beginTest(situation, effects, purpose, at);
      return;
    case 'callOutLink':
      applyLink(situation, effects, entry, purpose, at);
  }
}

/** One person, in earnest: as in a fire, but that it is said to be a test. */
function beginTest(
  situation: Situation,
  effects: Effects,
  { callOutId: id, contactId, venueId, by }: CallOutTest,
  at: number,
): void {
  const { registry } = situation;
  const contact = registry.contact(contactId);
  if (contact?.venueId !== venueId || situation.callOuts.get(id) !== undefined) return;
  const isDesk = venueId === '';
  const origin = isDesk ? 'live' : registry.venue(venueId)?.origin;
  keepCallOut(
    situation,
    effects,
    openCallOut({
      ...{ id, at, people: [contact], chain: 'venue', cause: { kind: 'test', by } },
      place: isDesk
        ? placeOfCentre(situation)
        : { partition: registry.partitionOf(venueId), venueId, origin: origin ?? 'live' },
      facts: callFacts(registry, venueId),
    }),
  );
}

/** The fault on the desk, of the device `centre`, one for each channel: until it ends, people are called by the others. */
function applyLink(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  { channel, state }: CallOutLink,
  at: number,
): void {
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at };
  const kind = `${channel}Away` as const;
  if (state === 'back') endFault(ground, kind);
  else tellFault({ ...ground, entryId: entryIdOf(entry) }, kind, { level: 'alarm' });
}
