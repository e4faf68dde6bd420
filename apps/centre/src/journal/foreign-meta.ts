import type { Unmapped } from '@fengsui/protocol';

/**
 * What makes a statement the same as one before. `value`: what was said under the key; another value is something new.
 * `keptUntil`: epoch ms.
 */
export type ForeignIdentity = { readonly key: string; readonly value: string; readonly keptUntil: number };

/** What an entry has to do with a foreign platform. */
export type ForeignMeta =
  /** The payload is a report in our own wire form, mapped from a message of the source. */
  | {
      readonly kind: 'statement';
      readonly sourceId: string;
      readonly identities: readonly ForeignIdentity[];
      /** Kept for later comparison, not compared with now: its carrier says that it is no repeat. */
      readonly remembered?: readonly ForeignIdentity[];
    }
  /** The payload is a message of which something could not be mapped, as received. Channel `foreign`. */
  | {
      readonly kind: 'waiting';
      readonly sourceId: string;
      readonly inboxId: string;
      readonly unmapped: readonly (Omit<Unmapped, 'reason'> & { readonly reason: string })[];
      readonly unmappedCount: number;
      /** Hashes of the statements that were taken from it. */
      readonly taken: readonly string[];
      /** By what waiting messages are grouped, and the topic it came on, with that as a filter. */
      readonly shape?: string;
      readonly topic?: string;
      readonly topics?: string;
      /** Looked at again under a new mapping: no further receipt. */
      readonly isReplay?: true;
    }
  /** Nothing of the message waits any more. Channel `foreign`. */
  | { readonly kind: 'settled'; readonly sourceId: string; readonly inboxId: string }
  /** The connection to an outside broker stands, is away, or is not wanted any more. Channel `foreign`. */
  | {
      readonly kind: 'link';
      readonly sourceId: string;
      readonly state: 'connected' | 'away' | 'ended';
      readonly error?: string;
    };
