import type { FireMessageNews } from '../incident/incident-life.ts';

/** What became of a message to the fire-command side; no timer, an entry of its own, of the venue. */
export type FireMessagePurpose = {
  readonly kind: 'fireMessage';
  readonly incidentId: string;
  readonly news: FireMessageNews;
};

/** The fire-command side does not take messages, or takes them again; no timer, an entry of its own. */
export type FireCommandLink = { readonly kind: 'fireCommandLink'; readonly state: 'away' | 'back' };
