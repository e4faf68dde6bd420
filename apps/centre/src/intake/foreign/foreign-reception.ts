import type { JournalWriter } from '../../journal/journal.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ForeignDelivery } from './foreign-delivery.ts';
import { journalMessage } from './foreign-journal.ts';
import { LARGEST_MESSAGE_BYTES, readMessage } from './read-message.ts';
import { messageIdOf } from './statement-identity.ts';

export type Taken = {
  /** Statements that became reports. */
  readonly mapped: number;
  /** Parts that could not be read: the message waits in the inbox. */
  readonly waiting: number;
  readonly inboxId?: string;
  /** Nothing of it could be read, for another reason than that nobody has said how. */
  readonly isGarbage: boolean;
};

/** What is too large to be kept is kept with its beginning. */
const KEPT_OF_LARGE_BYTES = 4 * 1024;
const GARBAGE: readonly string[] = ['notJson', 'topicNotAllowed', 'messageTooLarge', 'tooDeep', 'tooLarge'];

/** The one way in for messages of foreign platforms, whatever carries them: read by the mapping, journalled. */
export class ForeignReception {
  readonly #journal: JournalWriter;
  readonly #registry: Registry;
  readonly #heardAt = new Map<string, number>();

  constructor(options: { readonly journal: JournalWriter; readonly registry: Registry }) {
    this.#journal = options.journal;
    this.#registry = options.registry;
  }

  /** When the last message of a source was taken since the start. */
  heardAt(sourceId: string): number | undefined {
    return this.#heardAt.get(sourceId);
  }

  /** Resolves once the message is durable. Rejects only when nothing is made durable (any more). */
  async take(delivery: ForeignDelivery): Promise<Taken> {
    const { sourceId, body, topic, deliveryId, repetition, receivedAt } = delivery;
    const { foreign } = this.#registry;
    const source = foreign.source(sourceId) ?? {};
    const read = readMessage(this.#registry, source, foreign.mapping(sourceId)?.mapping, body, topic);
    const kept = body.byteLength > LARGEST_MESSAGE_BYTES ? body.subarray(0, KEPT_OF_LARGE_BYTES) : body;
    const inboxId = messageIdOf(sourceId, body, topic);
    const mapped = await journalMessage(this.#journal, this.#registry, {
      sourceId,
      body: kept,
      read,
      inboxId,
      requestId: deliveryId,
      repetition,
      receivedAt,
      ...(topic !== undefined && { topic }),
    });
    this.#heardAt.set(sourceId, Math.max(receivedAt, this.#heardAt.get(sourceId) ?? 0));
    return {
      mapped,
      waiting: read.waitingCount,
      ...(read.waitingCount > 0 && { inboxId }),
      isGarbage: read.statements.length === 0 && read.waiting.some(({ reason }) => GARBAGE.includes(reason)),
    };
  }
}
