import type { ReachChannel } from '@fengsui/protocol';
import type { CallOutNews } from './call-out-life.ts';

/** The time of the next call has come. */
export type CallOutDue = { readonly kind: 'callOutDue'; readonly callOutId: string };

/** What came from outside of a call-out; no timer, an entry of its own, of the venue. */
export type CallOutNewsPurpose = {
  readonly kind: 'callOutNews';
  readonly callOutId: string;
  readonly news: CallOutNews;
};

/** A person asks whether somebody can be reached; no timer, an entry of its own, of the venue. */
export type CallOutTest = {
  readonly kind: 'callOutTest';
  readonly callOutId: string;
  readonly contactId: string;
  readonly venueId: string;
  readonly by: string;
};

/** By which channels nobody can be reached now; no timer, an entry of its own. */
export type CallOutLink = {
  readonly kind: 'callOutLink';
  readonly channel: ReachChannel;
  readonly state: 'away' | 'back';
};

export type CallOutPurpose = CallOutDue | CallOutNewsPurpose | CallOutTest | CallOutLink;
