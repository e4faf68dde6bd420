import { origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { reachChannels } from './contact.ts';
import { Instant, oneOf } from './schema.ts';

/** Whose people: those of the venue, from the first second; those of the duty desk, when nobody there acknowledges. */
export const callOutChains = ['venue', 'desk'] as const;
export type CallOutChain = (typeof callOutChains)[number];

/** `unanswered`: everybody was tried on every way. `ended`: there was no need any more. `heldBack`: nobody was called. */
export const callOutStates = ['calling', 'answered', 'unanswered', 'ended', 'heldBack'] as const;
export type CallOutState = (typeof callOutStates)[number];

/** `origin`: of any but `live` nothing leaves the house. `noChannel`: none is set up. `nobody`: nobody to call. */
export const callOutReasons = ['origin', 'noChannel', 'nobody'] as const;
export type CallOutReason = (typeof callOutReasons)[number];

/** Why there was no need any more: somebody spoke with the venue, a seat acknowledged, it was none, it is over. */
export const callOutEnds = ['word', 'acknowledged', 'dismissed', 'closed'] as const;
export type CallOutEnd = (typeof callOutEnds)[number];

/** Key 1: «I am going there»; key 2: «I cannot», and the next person is called. */
export const callOutAnswers = ['coming', 'cannot'] as const;
export type CallOutAnswer = (typeof callOutAnswers)[number];

/** `waiting`: on its way to the channel. `dropped`: it was answered or over before it left. */
export const callStates = ['waiting', 'sent', 'failed', 'dropped'] as const;
export type CallState = (typeof callStates)[number];

/** One try to reach one person by one channel. */
export const CallOutCall = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  contactId: Type.String(),
  channel: oneOf(reachChannels),
  state: oneOf(callStates),
  madeAt: Instant,
  sentAt: Type.Optional(Instant),
  receipt: Type.Optional(Type.String({ description: 'what the channel calls it: proof of sending, not of answer' })),
  failedAt: Type.Optional(Instant),
  reason: Type.Optional(Type.String()),
  answer: Type.Optional(oneOf(callOutAnswers)),
  answeredAt: Type.Optional(Instant),
});
export type CallOutCall = Static<typeof CallOutCall>;

/** How people are reached about an incident, or how a person's path is tested; each way until somebody answers. */
export const CallOut = Type.Object(
  {
    id: Type.String(),
    chain: oneOf(callOutChains),
    state: oneOf(callOutStates),
    venueId: Type.String(),
    origin: oneOf(origins),
    incidentId: Type.Optional(Type.String({ description: 'absent: a test of the path' })),
    testedBy: Type.Optional(Type.String({ description: 'who tested the path' })),
    openedAt: Instant,
    endedAt: Type.Optional(Instant),
    heldBack: Type.Optional(oneOf(callOutReasons)),
    ended: Type.Optional(oneOf(callOutEnds)),
    answeredBy: Type.Optional(Type.String({ description: 'id of the contact who is going there' })),
    people: Type.Array(
      Type.Object({
        contactId: Type.String(),
        name: Type.Optional(Type.String({ description: 'for who may read contacts' })),
        channels: Type.Array(oneOf(reachChannels)),
      }),
      { description: 'in the order in which they are called' },
    ),
    calls: Type.Array(CallOutCall, { description: 'oldest first' }),
  },
  { $id: 'CallOut' },
);
export type CallOut = Static<typeof CallOut>;

/** What an adapter for voice and short messages tells of a call: docs/reference/call-out.md. */
export const callNewsEvents = ['answer', 'failed'] as const;
export const CallNews = Type.Object({
  callId: Type.String({ minLength: 3, maxLength: 80, description: 'as it was given' }),
  event: oneOf(callNewsEvents, 'answer: a key was pressed or written; failed: busy, no answer, no such number'),
  key: Type.Optional(Type.String({ maxLength: 16, description: 'with answer: 1 or 2' })),
  reason: Type.Optional(Type.String({ maxLength: 200, description: 'with failed' })),
});
export type CallNews = Static<typeof CallNews>;
