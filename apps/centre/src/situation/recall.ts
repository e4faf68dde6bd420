import type { Store } from '../store/store.ts';
import { captureKey } from './apply-capture.ts';
import { storedDigestKey, type StoredDigests } from './apply-report.ts';
import type { DecodedEntry } from './decoded-entry.ts';
import type { CaptureState } from './kept.ts';
import { recallGbFrames } from './gb26875/repeated-frame.ts';
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
  await recallGbFrames(situation, store, items);
  const unknown = new Map<string, Identity>();
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
    unknown.set(`${storedDigestKey(deviceId, epoch, seq)} ${digestHex}`, identity);
  }
  return recallDigests(store, [...unknown.values()]);
}

/**
 * Digests of what is stored under these numbers, all in one question. A report so old that raw rows of its time are no
 * longer kept has been received, as its number says, and cannot be compared any more: it counts as the same.
 */
async function recallDigests(store: Store, identities: readonly Identity[]): Promise<StoredDigests> {
  const found = new Map<string, Set<string>>();
  if (identities.length === 0) return found;
  const of = (table: string): string =>
    `select k.place, d.digest from unnest($1::text[], $2::text[], $3::int8[]) with ordinality as k (device_id, epoch, seq, place) ` +
    `cross join lateral (select digest from ${table} t where t.device_id = k.device_id and t.epoch = k.epoch ` +
    `and t.seq = k.seq limit ${BODIES_PER_NUMBER}) d`;
  const rows = await store.query(`${of('telemetry')} union ${of('event')}`, [
    identities.map(({ deviceId }) => deviceId),
    identities.map(({ epoch }) => epoch),
    identities.map(({ seq }) => seq),
  ]);
  const note = ({ deviceId, epoch, seq }: Identity, digestHex: string): void => {
    const key = storedDigestKey(deviceId, epoch, seq);
    found.set(key, (found.get(key) ?? new Set()).add(digestHex));
  };
  for (const row of rows) {
    const identity = identities[(row['place'] as number) - 1];
    if (identity !== undefined) note(identity, Buffer.from(row['digest'] as Uint8Array).toString('hex'));
  }
  if (rows.length >= identities.length) return found;
  const [state] = await store.query('select raw_from from history_state');
  for (const identity of identities) {
    const isStored = found.has(storedDigestKey(identity.deviceId, identity.epoch, identity.seq));
    if (!isStored && identity.newestAt < (state?.['raw_from'] as number)) note(identity, identity.digestHex);
  }
  return found;
}

/** A counter that stands still makes many bodies under one number: so many are told apart. */
const BODIES_PER_NUMBER = 16;

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

type Identity = {
  readonly deviceId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly digestHex: string;
  /** The newest instant the report speaks of. */
  readonly newestAt: number;
};

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
  // An event is kept longer than what is counted as raw here: it is compared as ever.
  const ats = body.channel === 'telemetry' ? body.telemetry.rows.map(({ at }) => at ?? Infinity) : [Infinity];
  return { deviceId: meta.deviceId, epoch: named.epoch, seq: named.seq, digestHex, newestAt: Math.max(...ats) };
}
