import type { ForeignMeta } from '../../journal/foreign-meta.ts';
import type { DecodedReport } from '../decoded-entry.ts';
import type { Effects } from '../effects.ts';
import type { Situation } from '../situation.ts';
import { applyLink, noteHeard } from './foreign-state.ts';

type Statement = Extract<ForeignMeta, { kind: 'statement' }>;

/** A statement counts once, however often its source sends it. */
export function isNewStatement(
  situation: Situation,
  effects: Effects,
  { sourceId, identities, remembered = [] }: Statement,
  receivedAt: number,
): boolean {
  noteHeard(situation, effects, sourceId, receivedAt);
  if (situation.foreign.isKnown(identities, receivedAt)) return false;
  const recorded = [...identities, ...remembered];
  for (const { key, value, keptUntil } of recorded) {
    effects.foreignSeen.set(key, { sourceId, value, keptUntil });
    effects.foreignForgotten.delete(key);
  }
  for (const key of situation.foreign.record(recorded, receivedAt)) {
    effects.foreignSeen.delete(key);
    effects.foreignForgotten.add(key);
  }
  return true;
}

/** What waits in the inbox, or waits no longer, and how a broker is reached. No device is known of it yet. */
export function applyForeign(
  situation: Situation,
  effects: Effects,
  { meta, entry }: DecodedReport,
  foreign: ForeignMeta,
): void {
  if (foreign.kind === 'link') {
    applyLink(situation, effects, foreign, meta.receivedAt);
    return;
  }
  if (foreign.kind === 'settled') {
    effects.foreignWaiting.delete(foreign.inboxId);
    effects.foreignSettled.add(foreign.inboxId);
    return;
  }
  if (foreign.kind !== 'waiting') return;
  const { receivedAt } = meta;
  if (foreign.isReplay !== true) noteHeard(situation, effects, foreign.sourceId, receivedAt);
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
