import type { Entry } from '../journal/entry.ts';
import type { Log } from '../platform/log.ts';
import { applyEntry } from './apply-entry.ts';
import { observeEntry } from './apply-observed.ts';
import type { StoredDigests } from './apply-report.ts';
import { quarantineEntry } from './apply-unreadable.ts';
import { decodeEntry, type DecodedEntry } from './decoded-entry.ts';
import { isHomeEntry, type Duty, type Lacking } from './duty.ts';
import type { Effects } from './effects.ts';
import type { SharePositions } from './share-positions.ts';
import type { Situation } from './situation.ts';

/** An entry that changes something in this process, read. */
export type DueEntry = {
  readonly entry: Entry;
  readonly duty: Duty;
  readonly item: Decoded;
  readonly lacking?: Lacking;
};

type Decoded = DecodedEntry | { readonly kind: 'broken'; readonly entry: Entry; readonly reason: string };

/** @param positions undefined where this process has everything. */
export function dueEntries(entries: readonly Entry[], positions: SharePositions | undefined): readonly DueEntry[] {
  if (positions === undefined) return entries.map((entry) => ({ entry, duty: 'apply', item: decode(entry) }));
  return entries.flatMap((entry) => {
    const duty = positions.dutyLeft(entry);
    if (duty === 'skip') return [];
    return [{ entry, duty, item: decode(entry), lacking: positions.lacking(entry) }];
  });
}

/** What is to be applied of it, as far as it could be read. */
export const readableToApply = (due: readonly DueEntry[]): readonly DecodedEntry[] =>
  due.flatMap(({ item, duty }) => (duty === 'apply' && item.kind !== 'broken' ? [item] : []));

/** An entry that cannot be applied is our own bug: it is quarantined and said loudly, and its neighbours go on. */
export function applyDue(
  { situation, log }: { readonly situation: Situation; readonly log: Log },
  effects: Effects,
  { item, duty, lacking }: DueEntry,
  stored: StoredDigests,
): void {
  try {
    if (item.kind === 'broken') throw new Error(item.reason);
    if (duty === 'apply') applyEntry(situation, effects, item, stored, lacking);
    else observeEntry(situation, effects, item, lacking);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { lane, sequence, kind } = item.entry;
    log.error('journal entry not applied', { lane, sequence, kind, reason });
    if (duty === 'apply') quarantineEntry(effects, item.entry, `notApplied: ${reason}`);
  }
}

/** The entry is applied with this commit. Among several, what is of no venue goes with the first partition. */
export function markApplied(effects: Effects, entry: Entry, isShared: boolean): void {
  const { lane, sequence } = entry;
  const partition = isShared && isHomeEntry(entry) ? 0 : entry.partition;
  effects.checkpoints.set(`${lane}/${partition}`, { lane, partition, sequence });
}

function decode(entry: Entry): Decoded {
  try {
    return decodeEntry(entry);
  } catch (error) {
    return { kind: 'broken', entry, reason: error instanceof Error ? error.message : String(error) };
  }
}
