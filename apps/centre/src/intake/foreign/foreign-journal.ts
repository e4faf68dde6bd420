import { shapeOf, topicShapeOf, wireReportOf } from '@fengsui/protocol';
import type { NewEntry, ReportMeta } from '../../journal/entry.ts';
import type { ForeignMeta } from '../../journal/foreign-meta.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ForeignDelivery } from './foreign-delivery.ts';
import { parseMessage, type ReadMessage } from './read-message.ts';
import { identitiesOf, retainedIdentityOf, shapeIdOf, statementHashOf } from './statement-identity.ts';

export type Taking = {
  readonly sourceId: string;
  readonly body: Uint8Array;
  readonly read: ReadMessage;
  readonly inboxId: string;
  readonly requestId: string;
  readonly repetition: ForeignDelivery['repetition'];
  readonly topic?: string;
  readonly receivedAt: number;
  /** A message that waited: when it came, and what was taken of it then. */
  readonly waited?: { readonly receivedAt: number; readonly taken: readonly string[] };
};

/**
 * Writes what became of a message in one append: a report per device and kind, and the message itself when something
 * of it waits. A message that tells of a condition goes into the alarm lane whole.
 *
 * @returns once all of it is durable, the statements that were written.
 */
export async function journalMessage(journal: JournalWriter, registry: Registry, taking: Taking): Promise<number> {
  const { sourceId, body, topic, read, inboxId, receivedAt, waited } = taking;
  const entries: NewEntry[] = [];
  const taken = new Set(waited?.taken);
  const occurrences = new Map<string, number>();
  for (const { statement, device } of read.statements) {
    const content = statementHashOf(statement, wireReportOf(statement));
    if (waited?.taken.includes(content) === true) continue;
    taken.add(content);
    // Two readings under one key in one message are two things.
    const words = [
      statement.deviceId,
      statement.key,
      statement.kind,
      ...('eventKind' in statement ? [statement.eventKind, statement.point] : []),
    ];
    const word = JSON.stringify(words);
    const occurrence = occurrences.get(word) ?? 0;
    occurrences.set(word, occurrence + 1);
    const { identities, remembered = [] } = identitiesOf(taking, statement, content, occurrence);
    const later =
      waited === undefined || topic === undefined
        ? remembered
        : [...remembered, retainedIdentityOf({ sourceId, topic, body }, content, occurrence, receivedAt)];
    // What waited without a time of its own happened when it came, not when it could be read.
    const dated =
      waited === undefined || statement.at !== undefined ? statement : { ...statement, at: waited.receivedAt };
    const { channel, payload } = wireReportOf(dated);
    const meta: ReportMeta = {
      deviceId: device.id,
      venueId: device.venueId,
      origin: device.origin,
      receivedAt,
      channel,
      live: waited === undefined,
      foreign: { kind: 'statement', sourceId, identities, ...(later.length > 0 && { remembered: later }) },
    };
    const partition = registry.partitionOf(device.venueId);
    entries.push({ kind: 'report', partition, appendedAt: receivedAt, meta, payload });
  }
  const statementCount = entries.length;
  if (read.waitingCount > 0) {
    const { waiting: unmapped, waitingCount: unmappedCount } = read;
    const replay = waited === undefined ? {} : ({ isReplay: true } as const);
    const about = {
      kind: 'waiting',
      sourceId,
      inboxId,
      unmapped,
      unmappedCount,
      taken: [...taken],
      ...shapeIn(taking),
      ...replay,
    } as const;
    entries.push(inboxEntry(about, waited?.receivedAt ?? receivedAt, receivedAt, taking.body));
  } else if (waited !== undefined) {
    entries.push(inboxEntry({ kind: 'settled', sourceId, inboxId }, receivedAt, receivedAt));
  }
  if (entries.length === 0) return 0;
  const isUrgent = read.statements.some(({ statement }) => statement.kind === 'condition');
  await journal.append(isUrgent ? 'alarm' : 'bulk', entries);
  return statementCount;
}

/** By what messages that wait are grouped. */
function shapeIn({ body, topic }: Taking): {
  readonly shape: string;
  readonly topic?: string;
  readonly topics?: string;
} {
  const shape = shapeIdOf(shapeOf(parseMessage(body, topic)));
  return topic === undefined ? { shape } : { shape, topic, topics: topicShapeOf(topic) };
}

export function inboxEntry(
  foreign: ForeignMeta,
  receivedAt: number,
  appendedAt: number,
  payload?: Uint8Array,
): NewEntry {
  const meta: ReportMeta = {
    deviceId: '',
    venueId: '',
    origin: 'live',
    receivedAt,
    channel: 'foreign',
    live: false,
    foreign,
  };
  return { kind: 'report', partition: 0, appendedAt, meta, ...(payload !== undefined && { payload }) };
}
