import type {
  CallOutAnswer,
  CallOutChain,
  CallOutEnd,
  CallOutReason,
  CallOutState,
  CallState,
  ReachChannel,
  ReachLanguage,
} from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** What it is about: an incident; or a person tests whether somebody can be reached. */
export type CallOutCause =
  { readonly kind: 'incident'; readonly incidentId: string } | { readonly kind: 'test'; readonly by: string };

/** One way, with where it goes; of push the address is with the contact. */
export type CallWay = { readonly channel: ReachChannel; readonly to?: string };

/** As the registry had them when it began, and how far it is with each. Instants are epoch ms. */
export type CalledPerson = {
  readonly contactId: string;
  readonly name: string;
  readonly language: ReachLanguage;
  readonly ways: readonly CallWay[];
  /** Ways tried so far, over all rounds. */
  readonly tried: number;
  /** When the next way is due; absent: nothing more is tried with this person. */
  readonly dueAt?: number;
};

/** One try to reach one person by one channel. */
export type KeptCall = {
  readonly number: number;
  readonly contactId: string;
  readonly channel: ReachChannel;
  readonly to?: string;
  readonly state: CallState;
  readonly madeAt: number;
  readonly sentAt?: number;
  /** What the channel calls it: proof of sending, not of answer. */
  readonly receipt?: string;
  readonly failedAt?: number;
  readonly reason?: string;
  /** That way leads nowhere: a number that is none, a channel that is not set up. */
  readonly isForGood?: true;
  readonly answer?: CallOutAnswer;
  readonly answeredAt?: number;
};

/** What is said to everybody who is called: facts, made into words in the language of each. */
export type CallFacts = {
  readonly venueName: string;
  readonly venueNameEn?: string;
  readonly address?: string;
  readonly addressEn?: string;
  /** Of the alarm that opened the incident. */
  readonly alarm?: { readonly kind: string; readonly category: string; readonly place?: string };
};

/** How people are reached about an incident, as memory and store hold it: plain JSON. */
export type KeptCallOut = {
  readonly id: string;
  readonly chain: CallOutChain;
  readonly place: Place;
  readonly cause: CallOutCause;
  readonly facts: CallFacts;
  readonly openedAt: number;
  readonly state: CallOutState;
  readonly people: readonly CalledPerson[];
  readonly calls: readonly KeptCall[];
  readonly heldBack?: CallOutReason;
  readonly ended?: CallOutEnd;
  readonly endedAt?: number;
  /** Contact who is going there. */
  readonly answeredBy?: string;
  /** No answer is waited for any more. */
  readonly isClosed?: true;
};

/** As adapters, mails and links know one call: the same id is the same call, however often it is sent. */
export const callIdOf = (callOutId: string, number: number): string => `${callOutId}.${number}`;

/** @returns undefined when it is none. */
export function readCallId(callId: string): { readonly callOutId: string; readonly number: number } | undefined {
  const [, callOutId, digits] = /^([\w-]{1,64})[.]([1-9]\d{0,3})$/.exec(callId) ?? [];
  return callOutId === undefined || digits === undefined ? undefined : { callOutId, number: Number(digits) };
}
