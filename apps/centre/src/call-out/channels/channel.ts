import type { CallOutAnswer, ReachLanguage } from '@fengsui/protocol';

/** One call as a channel gets it: in the language of whoever is called. */
export type CallMessage = {
  /** The same id is the same call, however often it is sent. */
  readonly callId: string;
  /** Number, mail address or name of a webhook; absent for push. */
  readonly to?: string;
  readonly language: ReachLanguage;
  /** One line: what, and at which place. */
  readonly title: string;
  /** Some lines: what, where, since when, and that it is a test if it is one; without the link. */
  readonly text: string;
  /** To be spoken: no signs, no link, with what the keys mean. */
  readonly spoken: string;
  readonly keys: readonly { readonly key: string; readonly answer: CallOutAnswer; readonly words: string }[];
  /** Page of this one call, where it can be answered; absent when the centre does not know its own address. */
  readonly link?: string;
  readonly isTest: boolean;
  /** Browsers of this person that take push. */
  readonly pushTargets?: readonly PushTarget[];
};

/** As a browser gives it (Push API, `PushSubscription.toJSON()`). */
export type PushTarget = {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};

/**
 * `isForGood`: this way leads to nobody (no such number, refused for what it is); it is not tried again.
 * `isChannelDown`: nobody can be reached by the channel now (no connection, no log-in, 5xx, no answer in time): a fault.
 */
export type ChannelOutcome =
  | { readonly kind: 'sent'; readonly receipt: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly isForGood?: true;
      readonly isChannelDown?: true;
    };

/** A way out of the house. Neither rejects; each ends within `CHANNEL_TIMEOUT_MS`, or when the signal says so. */
export type Channel = {
  readonly send: (message: CallMessage, signal: AbortSignal) => Promise<ChannelOutcome>;
  /** Whether it works, without reaching anybody: what is wrong, or undefined. */
  readonly check: (signal: AbortSignal) => Promise<string | undefined>;
};

export const CHANNEL_TIMEOUT_MS = 5_000;
export const LONGEST_REASON = 200;
