import type { Store } from '../store/store.ts';
import { captureKey } from './apply-capture.ts';
import { storedDigestKey, type StoredDigests } from './apply-report.ts';
import type { DecodedEntry } from './decoded-entry.ts';
import type { CaptureState } from './kept.ts';
import type { Situation } from './situation.ts';

/**
 * Brings back what a batch needs and memory no longer holds: epochs of long ago, complete captures, and the digests of
 * stored rows whose seq is known but whose body has been forgotten. Nothing is forgotten again before `forget`.
 */
export async function recall(
  situation: Situation,
  store: Store,
  items: readonly DecodedEntry[],
): Promise<StoredDigests> {
  await recallCaptures(situation, store, items);
  const found = new Map<string, Set<string>>();
  const asked = new Set<string>();
  for (const item of items) {
    const identity = identityOf(item);
    if (identity === undefined) continue;
    const { deviceId, epoch, seq, digestHex } = identity;
    const ledger = situation.ledger(deviceId);
    if (ledger.mayBeForgotten(epoch) && !asked.has(`${deviceId}/${epoch}`)) {
      asked.add(`${deviceId}/${epoch}`);
      const sql = 'select intervals from received where device_id = $1 and epoch = $2';
      const [row] = await store.query(sql, [deviceId, epoch]);
      if (row !== undefined) ledger.restore(epoch, row['intervals'] as number[]);
    }
    if (ledger.judge(epoch, seq, digestHex) !== 'compareWithStored') continue;
    const key = storedDigestKey(deviceId, epoch, seq);
    if (found.has(key)) continue;
    const sql =
      'select digest from telemetry where device_id = $1 and epoch = $2 and seq = $3 ' +
      'union select digest from event where device_id = $1 and epoch = $2 and seq = $3';
    const rows = await store.query(sql, [deviceId, epoch, seq]);
    found.set(key, new Set(rows.map((row) => Buffer.from(row['digest'] as Uint8Array).toString('hex'))));
  }
  return found;
}

/** After the batch is durable: bounded memory again. */
export function forget(situation: Situation, items: readonly DecodedEntry[]): void {
  for (const item of items) {
    if (item.kind !== 'report') continue;
    situation.ledger(item.meta.deviceId).forgetOld();
    const id = captureIdOf(item);
    if (id !== undefined && situation.captures.get(id)?.complete === true) situation.captures.delete(id);
  }
}

async function recallCaptures(situation: Situation, store: Store, items: readonly DecodedEntry[]): Promise<void> {
  const missing = new Set<string>();
  for (const item of items) {
    const id = captureIdOf(item);
    if (id !== undefined && !situation.captures.has(id)) missing.add(id);
  }
  if (missing.size === 0) return;
  for (const { doc } of await store.query('select doc from capture where id = any($1::text[])', [[...missing]])) {
    const capture = doc as CaptureState;
    situation.captures.set(capture.id, capture);
  }
}

function captureIdOf(item: DecodedEntry): string | undefined {
  if (item.kind !== 'report' || item.body.channel !== 'capture') return undefined;
  return captureKey(item.meta.deviceId, item.body.captureId);
}

type Identity = { readonly deviceId: string; readonly epoch: string; readonly seq: number; readonly digestHex: string };

function identityOf(item: DecodedEntry): Identity | undefined {
  if (item.kind !== 'report') return undefined;
  const { body, meta, digestHex } = item;
  const named =
    body.channel === 'telemetry'
      ? body.telemetry
      : body.channel === 'event'
        ? body.event
        : body.channel === 'capture'
          ? body.chunk.header
          : undefined;
  if (named?.seq === undefined) return undefined;
  return { deviceId: meta.deviceId, epoch: named.epoch, seq: named.seq, digestHex };
}
