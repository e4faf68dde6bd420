import type { Journal } from '../../journal/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ForeignSource } from '../../registry/foreign-sources.ts';
import type { Registry } from '../../registry/registry.ts';
import { INBOX_MESSAGES } from '../../situation/commit/foreign-steps.ts';
import type { Row, Store } from '../../store/store.ts';
import { inboxEntry, journalMessage } from './foreign-journal.ts';
import { readMessage, type Waiting } from './read-message.ts';

export type WaitingMessage = {
  readonly id: string;
  readonly sourceId: string;
  readonly receivedAt: number;
  /** How often the same message came. */
  readonly count: number;
  readonly bytes: number;
  readonly unmapped: readonly Waiting[];
  readonly unmappedCount: number;
  /** Of MQTT. */
  readonly topic?: string;
  readonly shape?: string;
};

/** Waiting messages of one source and shape; instants are epoch ms. */
export type WaitingGroup = {
  readonly sourceId: string;
  readonly shape: string;
  readonly topic?: string;
  readonly messages: number;
  readonly receipts: number;
  readonly firstAt: number;
  readonly newestAt: number;
  readonly newestId: string;
  readonly reasons: readonly string[];
};

const COLUMNS = 'id, source_id, received_at, count, bytes, topic, shape, doc';
const MOST_GROUPS = 200;

/** Messages of foreign platforms that nobody can read yet. */
export class ForeignInbox {
  readonly #options: {
    readonly store: Store;
    readonly journal: Journal;
    readonly registry: Registry;
    readonly clock: Clock;
  };

  constructor(options: {
    readonly store: Store;
    readonly journal: Journal;
    readonly registry: Registry;
    readonly clock: Clock;
  }) {
    this.#options = options;
  }

  /** Newest first, of the sources named; `before`: the last of the page before. */
  async list(
    sourceIds: readonly string[],
    limit: number,
    before?: { readonly receivedAt: number; readonly id: string },
  ): Promise<readonly WaitingMessage[]> {
    const rows = await this.#options.store.query(
      `select ${COLUMNS} from foreign_inbox where source_id = any($1::text[]) ` +
        'and ($2::int8 is null or (received_at, id) < ($2::int8, $3::text)) order by received_at desc, id desc limit $4::int4',
      [sourceIds, before?.receivedAt ?? null, before?.id ?? null, limit],
    );
    return rows.map(messageOf);
  }

  async find(
    sourceIds: readonly string[],
    id: string,
  ): Promise<(WaitingMessage & { readonly body: Uint8Array }) | undefined> {
    const sql = `select ${COLUMNS}, body from foreign_inbox where source_id = any($1::text[]) and id = $2`;
    const [row] = await this.#options.store.query(sql, [sourceIds, id]);
    return row === undefined ? undefined : { ...messageOf(row), body: row['body'] as Uint8Array };
  }

  /** The newest group first. */
  async groups(sourceIds: readonly string[]): Promise<readonly WaitingGroup[]> {
    const rows = await this.#options.store.query(
      "select source_id, coalesce(shape, '') as shape, max(topics) as topics, count(*)::int4 as messages, " +
        'sum(greatest(count, 1))::int4 as receipts, min(received_at) as first_at, max(received_at) as newest_at, ' +
        '(array_agg(id order by received_at desc, id desc))[1] as newest_id, ' +
        "array_agg(distinct doc->'unmapped'->0->>'reason') as reasons " +
        "from foreign_inbox where source_id = any($1::text[]) group by source_id, coalesce(shape, '') " +
        'order by newest_at desc, newest_id limit $2::int4',
      [sourceIds, MOST_GROUPS],
    );
    return rows.map((row) => ({
      sourceId: row['source_id'] as string,
      shape: row['shape'] as string,
      ...(row['topics'] !== null && { topic: row['topics'] as string }),
      messages: row['messages'] as number,
      receipts: row['receipts'] as number,
      firstAt: row['first_at'] as number,
      newestAt: row['newest_at'] as number,
      newestId: row['newest_id'] as string,
      reasons: (row['reasons'] as readonly (string | null)[]).filter((reason) => reason !== null).sort(),
    }));
  }

  /** How many messages of each source wait. */
  async counts(sourceIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const sql =
      'select source_id, count(*)::int4 as messages from foreign_inbox where source_id = any($1::text[]) group by source_id';
    const rows = await this.#options.store.query(sql, [sourceIds]);
    return new Map(rows.map((row) => [row['source_id'] as string, row['messages'] as number]));
  }

  /** The messages of a group as they came, newest first. */
  async bodies(
    sourceId: string,
    shape: string,
    limit: number,
  ): Promise<
    readonly { readonly id: string; readonly topic?: string; readonly body: Uint8Array; readonly receivedAt: number }[]
  > {
    const rows = await this.#options.store.query(
      "select id, topic, body, received_at from foreign_inbox where source_id = $1 and coalesce(shape, '') = $2 " +
        'order by received_at desc, id desc limit $3::int4',
      [sourceId, shape, limit],
    );
    return rows.map((row) => ({
      id: row['id'] as string,
      ...(row['topic'] !== null && { topic: row['topic'] as string }),
      body: row['body'] as Uint8Array,
      receivedAt: row['received_at'] as number,
    }));
  }

  /** @returns the entry to wait for. */
  async discard({ id, sourceId }: WaitingMessage): Promise<number> {
    const at = this.#options.clock.now();
    const entry = inboxEntry({ kind: 'settled', sourceId, inboxId: id }, at, at);
    const [sequence = 0] = await this.#options.journal.append('bulk', [entry]);
    return sequence;
  }

  /** Reads what waits of a source once more, oldest first; what can be read now counts as late. */
  async replay(
    source: ForeignSource,
  ): Promise<{ readonly messages: number; readonly mapped: number; readonly settled: number }> {
    const { store, journal, registry, clock } = this.#options;
    const mapping = registry.foreign.mapping(source.id)?.mapping;
    const ids = await store.query(
      'select id from foreign_inbox where source_id = $1 order by received_at, id limit $2::int4',
      [source.id, INBOX_MESSAGES],
    );
    let mapped = 0;
    let settled = 0;
    for (const { id } of ids) {
      const [row] = await store.query(
        'select id, received_at, topic, bytes, body, doc from foreign_inbox where id = $1',
        [id as string],
      );
      if (row === undefined) continue;
      const body = row['body'] as Uint8Array;
      // Of a message that was too large only the beginning is here: no mapping can read it.
      if ((row['bytes'] as number) > body.byteLength) continue;
      const topic = row['topic'] as string | null;
      const read = readMessage(registry, source, mapping, body, topic ?? undefined);
      const { taken } = row['doc'] as { readonly taken: readonly string[] };
      const waited = { receivedAt: row['received_at'] as number, taken };
      const inboxId = id as string;
      mapped += await journalMessage(journal, registry, {
        sourceId: source.id,
        body,
        read,
        inboxId,
        requestId: inboxId,
        receivedAt: clock.now(),
        waited,
        ...(topic !== null && { topic }),
        repetition: 'possible',
      });
      if (read.waitingCount === 0) settled++;
    }
    return { messages: ids.length, mapped, settled };
  }
}

function messageOf(row: Row): WaitingMessage {
  const { unmapped, unmappedCount } = row['doc'] as Pick<WaitingMessage, 'unmapped' | 'unmappedCount'>;
  return {
    id: row['id'] as string,
    sourceId: row['source_id'] as string,
    receivedAt: row['received_at'] as number,
    count: Math.max(1, row['count'] as number),
    bytes: row['bytes'] as number,
    unmapped,
    unmappedCount,
    ...(typeof row['topic'] === 'string' && { topic: row['topic'] }),
    ...(typeof row['shape'] === 'string' && { shape: row['shape'] }),
  };
}
