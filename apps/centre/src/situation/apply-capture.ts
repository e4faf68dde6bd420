import { createHash } from 'node:crypto';
import type { CaptureChunk } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';
import { quarantineRow } from './apply-unreadable.ts';
import { raiseMoment } from './centre-fault.ts';
import type { ReportContext } from './report-context.ts';
import type { Effects } from './effects.ts';
import type { CaptureState } from './kept.ts';
import type { Situation } from './situation.ts';

/** Incomplete after this is marked, and may still complete. design.md 5.1. */
const INCOMPLETE_AFTER_MS = 10 * 60_000;

export const captureKey = (deviceId: string, captureId: string): string => `${deviceId}:${captureId}`;

/** One chunk of a capture. Identity (captureId, index): the same body again is the same chunk. */
export function applyCapture(context: ReportContext, captureId: string, chunk: CaptureChunk): void {
  const { situation, effects, device, place, report } = context;
  const id = captureKey(device.id, captureId);
  const known = situation.captures.get(id);
  // Of the whole chunk: the same frames under another header are another statement.
  const { digest, digestHex } = report;
  const before = known?.chunks[chunk.index];
  if (before === digestHex) return;
  if (before !== undefined || (known !== undefined && known.chunkCount !== chunk.count)) {
    quarantineRow(
      context,
      `capture/${captureId}`,
      `chunkConflict: chunk ${chunk.index} of ${chunk.count} contradicts what came before`,
    );
    return;
  }
  const chunks = { ...known?.chunks, [chunk.index]: digestHex };
  const header = chunk.header ?? known?.header;
  const state: CaptureState = {
    id,
    deviceId: device.id,
    captureId,
    place,
    receivedAt: known?.receivedAt ?? report.meta.receivedAt,
    chunkCount: chunk.count,
    chunks,
    ...(header !== undefined && { header }),
    complete: false,
    ...(known?.incomplete === true && { incomplete: true }),
  };
  situation.captures.set(id, state);
  effects.captures.set(id, state);
  effects.captureChunks.push({
    capture: id,
    index: chunk.index,
    digest,
    body: chunk.frameBytes,
    place,
    receivedAt: report.meta.receivedAt,
  });
  if (chunk.header?.seq !== undefined) noteSeq(context, chunk.header.epoch, chunk.header.seq);
  if (Object.keys(chunks).length === chunk.count) effects.capturesToVerify.add(id);
  if (known === undefined) {
    const dueAt = report.meta.receivedAt + INCOMPLETE_AFTER_MS;
    effects.setTimer({
      id: `capture/${id}`,
      venueId: place.venueId,
      dueAt,
      purpose: { kind: 'captureIncomplete', captureId: id },
    });
  }
}

/** A capture takes one number of the device's counter; one that another report has had already is a counter begun anew. */
function noteSeq(context: ReportContext, epoch: string, seq: number): void {
  const { situation, effects, device, place, report } = context;
  const ledger = situation.ledger(device.id);
  const verdict = ledger.judge(epoch, seq, report.digestHex);
  if (verdict === 'duplicate') return;
  if (verdict !== 'new') raiseMoment(context, 'sequenceReset');
  ledger.record(epoch, seq, report.digestHex);
  const intervals = ledger.intervals(epoch);
  effects.received.set(`${device.id}/${epoch}`, {
    deviceId: device.id,
    epoch,
    place,
    intervals,
    at: report.meta.receivedAt,
  });
}

/** Compares the hash of all frame bytes with the header's, once the last chunk is in; reads the earlier ones back. */
export async function verifyCaptures(situation: Situation, effects: Effects, store: Store): Promise<void> {
  for (const id of effects.capturesToVerify) {
    const state = situation.captures.get(id);
    if (state?.header === undefined) continue;
    const bodies = new Map<number, Uint8Array>();
    const sql = 'select chunk_index, body from capture_chunk where capture = $1';
    for (const row of await store.query(sql, [id])) bodies.set(row['chunk_index'] as number, row['body'] as Uint8Array);
    for (const chunk of effects.captureChunks) if (chunk.capture === id) bodies.set(chunk.index, chunk.body);
    const digest = createHash('sha256');
    for (let index = 0; index < state.chunkCount; index++) digest.update(bodies.get(index) ?? new Uint8Array());
    const sha256 = digest.digest('hex');
    const { incomplete: _overdue, ...rest } = state;
    const verified: CaptureState =
      sha256 === state.header.sha256
        ? { ...rest, complete: true }
        : {
            ...rest,
            complete: false,
            damaged: `sha256 of the frames is ${sha256}, the header says ${state.header.sha256}`,
          };
    situation.captures.set(id, verified);
    effects.captures.set(id, verified);
    effects.endTimer(`capture/${id}`);
  }
}
