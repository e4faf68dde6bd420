import type { CallOutAnswer, CallOutEnd } from '@fengsui/protocol';
import { callOutPlans, type CallOutPlan } from './call-out-plan.ts';
import type { CalledPerson, CallWay, KeptCall, KeptCallOut } from './kept-call-out.ts';

/** What happens to a call-out. `number` is that of a call. Instants are epoch ms. */
export type CallOutEvent = { readonly at: number } & (
  | { readonly kind: 'due' }
  | CallOutNews
  /** There is no need any more. */
  | { readonly kind: 'end'; readonly why: CallOutEnd }
);

/** What comes from outside. */
export type CallOutNews =
  | { readonly kind: 'sent'; readonly number: number; readonly receipt: string }
  /** `isForGood`: that way leads nowhere; it is not tried again. */
  | { readonly kind: 'failed'; readonly number: number; readonly reason: string; readonly isForGood?: true }
  | { readonly kind: 'answered'; readonly number: number; readonly answer: CallOutAnswer }
  /** Not one channel is set up. */
  | { readonly kind: 'noChannel' };

/**
 * Tells a call-out what happened. Pure, total: what changes nothing gives back the same object. Once it is not `calling`
 * no call is made any more; what comes of those that were made is still kept.
 */
export function nextCallOut(callOut: KeptCallOut, event: CallOutEvent): KeptCallOut {
  switch (event.kind) {
    case 'due':
      return callDue(callOut, event.at);
    case 'sent':
      return withCall(callOut, event.number, ({ state, ...call }) =>
        state === 'waiting' || state === 'dropped'
          ? { ...call, state: 'sent', sentAt: event.at, receipt: event.receipt }
          : undefined,
      );
    case 'failed':
      return failed(callOut, event);
    case 'answered':
      return answered(callOut, event);
    case 'noChannel':
      return callOut.state === 'calling' ? over({ ...callOut, heldBack: 'noChannel' }, 'heldBack', event.at) : callOut;
    case 'end':
      return ended(callOut, event);
  }
}

function ended(callOut: KeptCallOut, { why, at }: Extract<CallOutEvent, { readonly kind: 'end' }>): KeptCallOut {
  const after = callOut.state === 'calling' ? over({ ...callOut, ended: why }, 'ended', at) : callOut;
  // With its incident: nobody's answer is waited for any more.
  return why === 'closed' && after.isClosed !== true ? { ...after, isClosed: true } : after;
}

/** When a call is due next; undefined when none is. */
export function nextDueAt({ state, people }: KeptCallOut): number | undefined {
  if (state !== 'calling') return undefined;
  const due = people.flatMap(({ dueAt }) => dueAt ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Calls that are to go to their channel. */
export const waitingCalls = ({ state, calls }: KeptCallOut): readonly KeptCall[] =>
  state === 'calling' ? calls.filter((call) => call.state === 'waiting') : [];

/** Makes the calls that are due; when nobody is left to be called, it stands unanswered. */
function callDue(callOut: KeptCallOut, at: number): KeptCallOut {
  if (callOut.state !== 'calling') return callOut;
  const plan = callOutPlans[callOut.chain];
  const calls = [...callOut.calls];
  const people = callOut.people.map((person): CalledPerson => {
    if (person.dueAt === undefined || person.dueAt > at) return person;
    const { dueAt: _due, ...rest } = person;
    const way = nextWay(callOut, person, plan);
    if (way === undefined) return rest;
    const { contactId } = person;
    calls.push({ number: calls.length + 1, contactId, ...way.way, state: 'waiting', madeAt: at });
    // Also after the last way: whoever was called has that long to answer.
    return { ...rest, tried: way.tried, dueAt: at + plan.nextWayAfterMs };
  });
  const isMade = calls.length > callOut.calls.length;
  const after: KeptCallOut = { ...callOut, people, ...(isMade && { calls }) };
  if (people.every(({ dueAt }) => dueAt === undefined)) return over(after, 'unanswered', at);
  return people.some((person, index) => person !== callOut.people[index]) ? after : callOut;
}

/** The next way that may lead to this person, and how many were tried with it; undefined when none is left. */
function nextWay(
  { calls }: KeptCallOut,
  { contactId, ways, tried }: CalledPerson,
  { rounds }: CallOutPlan,
): { readonly way: CallWay; readonly tried: number } | undefined {
  for (let next = tried; next < ways.length * rounds; next++) {
    const way = ways[next % ways.length];
    if (way === undefined) continue;
    const leadsNowhere = calls.some(
      (call) =>
        call.isForGood === true && call.contactId === contactId && call.channel === way.channel && call.to === way.to,
    );
    if (!leadsNowhere) return { way, tried: next + 1 };
  }
  return undefined;
}

/** The next way at once, not when its time has come: nobody waits for a line that is dead. A new round begins in its time. */
function failed(callOut: KeptCallOut, event: Extract<CallOutEvent, { readonly kind: 'failed' }>): KeptCallOut {
  const { number, reason, isForGood, at } = event;
  const kept = withCall(callOut, number, (call) =>
    call.state === 'failed' || call.answeredAt !== undefined
      ? undefined
      : { ...call, state: 'failed', failedAt: at, reason, ...(isForGood && { isForGood }) },
  );
  if (kept === callOut || kept.state !== 'calling') return kept;
  const call = kept.calls[number - 1];
  const newest = kept.calls.findLast(({ contactId }) => contactId === call?.contactId);
  const person = kept.people.find(({ contactId }) => contactId === call?.contactId);
  const isRoundOver = person !== undefined && person.tried % person.ways.length === 0;
  return newest?.number !== number || isRoundOver ? kept : callDue(dueNow(kept, call?.contactId, at), at);
}

/** Whoever is going there ends it, also late; who cannot is left alone, and the next one is called at once. */
function answered(callOut: KeptCallOut, event: Extract<CallOutEvent, { readonly kind: 'answered' }>): KeptCallOut {
  const { number, answer, at } = event;
  const kept = withCall(callOut, number, (call) =>
    call.answer === 'coming' || call.answer === answer ? undefined : { ...call, answer, answeredAt: at },
  );
  if (kept === callOut) return callOut;
  const contactId = kept.calls[number - 1]?.contactId ?? '';
  if (answer === 'coming') {
    if (kept.state !== 'calling' && kept.state !== 'unanswered') return kept;
    return over({ ...kept, answeredBy: contactId }, 'answered', at);
  }
  if (kept.state !== 'calling') return kept;
  const people = kept.people.map((person): CalledPerson => {
    const { dueAt: _due, ...rest } = person;
    return person.contactId === contactId ? rest : person;
  });
  const next = people.find(({ tried, dueAt }) => tried === 0 && dueAt !== undefined);
  return callDue(dueNow({ ...kept, people }, next?.contactId, at), at);
}

function dueNow(callOut: KeptCallOut, contactId: string | undefined, at: number): KeptCallOut {
  const people = callOut.people.map((person) =>
    person.contactId === contactId && person.dueAt !== undefined
      ? { ...person, dueAt: Math.min(person.dueAt, at) }
      : person,
  );
  return { ...callOut, people };
}

/** `change` gives undefined when nothing changes; a call that is not there changes nothing. */
function withCall(callOut: KeptCallOut, number: number, change: (call: KeptCall) => KeptCall | undefined): KeptCallOut {
  const call = callOut.calls[number - 1];
  const changed = call === undefined ? undefined : change(call);
  return changed === undefined ? callOut : { ...callOut, calls: callOut.calls.with(number - 1, changed) };
}

/** Nothing is due any more, and what has not left the house does not leave it. */
function over(callOut: KeptCallOut, state: KeptCallOut['state'], at: number): KeptCallOut {
  return {
    ...callOut,
    state,
    endedAt: at,
    ...(callOut.cause.kind === 'test' && { isClosed: true }),
    people: callOut.people.map(({ dueAt: _due, ...person }) => person),
    calls: callOut.calls.map((call) => (call.state === 'waiting' ? { ...call, state: 'dropped' } : call)),
  };
}
