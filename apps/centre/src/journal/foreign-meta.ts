import type { Unmapped } from '@fengsui/protocol';

/**
 * What makes a statement the same as one before. `value`: what was said under the key; another value is something new.
 * `keptUntil`: epoch ms.
 */
export type ForeignIdentity = { readonly key: string; readonly value: string; readonly keptUntil: number };

/** What an entry has to do with a foreign platform. */
export type ForeignMeta =
  /** The payload is a report in our own wire form, mapped from a message of the source. */
  | { readonly kind: 'statement'; readonly sourceId: string; readonly identities: readonly ForeignIdentity[] }
  /** The payload is a message of which something could not be mapped, as received. Channel `foreign`. */
  | {
      readonly kind: 'waiting';
      readonly sourceId: string;
      readonly inboxId: string;
      readonly unmapped: readonly (Omit<Unmapped, 'reason'> & { readonly reason: string })[];
      readonly unmappedCount: number;
      /** Hashes of the statements that were taken from it. */
      readonly taken: readonly string[];
      /** Looked at again under a new mapping: no further receipt. */
      readonly isReplay?: true;
    }
  /** Nothing of the message waits any more. Channel `foreign`. */
  | { readonly kind: 'settled'; readonly sourceId: string; readonly inboxId: string };
