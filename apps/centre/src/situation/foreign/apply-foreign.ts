import type { ForeignMeta } from '../../journal/foreign-meta.ts';
import type { DecodedReport } from '../decoded-entry.ts';
import type { Effects } from '../effects.ts';
import type { Situation } from '../situation.ts';

type Statement = Extract<ForeignMeta, { kind: 'statement' }>;

/** A statement counts once, however often its source sends it. */
export function isNewStatement(
  situation: Situation,
  effects: Effects,
  { sourceId, identities }: Statement,
  receivedAt: number,
): boolean {
  if (situation.foreign.isKnown(identities, receivedAt)) return false;
  for (const { key, value, keptUntil } of identities) {
    effects.foreignSeen.set(key, { sourceId, value, keptUntil });
    effects.foreignForgotten.delete(key);
  }
  for (const key of situation.foreign.record(identities, receivedAt)) {
    effects.foreignSeen.delete(key);
    effects.foreignForgotten.add(key);
  }
  return true;
}

/** What waits in the inbox, or waits no longer. It touches nothing else: no device is known of it yet. */
export function applyForeign(effects: Effects, { meta, entry }: DecodedReport, foreign: ForeignMeta): void {
  if (foreign.kind === 'settled') {
    effects.foreignWaiting.delete(foreign.inboxId);
    effects.foreignSettled.add(foreign.inboxId);
    return;
  }
  if (foreign.kind !== 'waiting') return;
  const { receivedAt } = meta;
  const before = effects.foreignWaiting.get(foreign.inboxId);
  const receipts = (before?.receipts ?? 0) + (foreign.isReplay === true ? 0 : 1);
  effects.foreignSettled.delete(foreign.inboxId);
  effects.foreignWaiting.delete(foreign.inboxId);
  effects.foreignWaiting.set(foreign.inboxId, {
    foreign,
    receivedAt,
    receipts,
    body: entry.payload ?? new Uint8Array(),
  });
}
