import { lanes, PARTITION_COUNT, type Lane } from '../journal/entry.ts';
import type { Log } from '../platform/log.ts';
import { SHARD_COUNT } from '../situation/share.ts';
import type { Store } from '../store/store.ts';

export type KnownNumbersOptions = {
  readonly store: Pick<Store, 'query'>;
  /** The journal's last sequence now. */
  readonly endOf: (lane: Lane) => Promise<number>;
  readonly log: Log;
  /** So long what others have appended may take to be applied. */
  readonly waitMs?: number;
  readonly lookEveryMs?: number;
};

const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 20;
/** Devices asked about in one query. */
const TOGETHER = 1_000;

/** Where workers share the partitions: by whoever has come least far. */
const APPLIED = `select lane, case when exists (select 1 from centre_share) then min(sequence) else max(sequence) end as sequence
  from (select lane, max(sequence) as sequence from checkpoint group by lane, partition / ${PARTITION_COUNT / SHARD_COUNT}) as shards
  group by lane`;
const HIGHEST = 'select device_id, epoch, intervals from received where device_id = any($1::text[])';

type Asked = { readonly senderId: string; readonly deviceId: string; readonly resolve: () => void };

/**
 * The highest number of each epoch that a device has sent anywhere before it came to this gateway: without it, what a
 * device sends late would count as its newest word. What another gateway took a moment ago may still be on its way to the
 * store, so that is waited for; not for ever, because a report is worth more than the knowledge that it is an old one.
 */
export class KnownNumbers {
  readonly #options: KnownNumbersOptions;
  readonly #highest = new Map<string, ReadonlyMap<string, number>>();
  readonly #learning = new Map<string, Promise<void>>();
  /** Whose numbers a sender's session has brought in: its own, and of those that stand behind it. */
  readonly #bySender = new Map<string, Set<string>>();
  #asked: Asked[] = [];
  #asking: Promise<void> | undefined;

  constructor(options: KnownNumbersOptions) {
    this.#options = options;
  }

  /** undefined: there is nothing to wait for. Never rejects. */
  learn(senderId: string, deviceId: string): Promise<void> | undefined {
    if (this.#highest.has(deviceId)) return undefined;
    const learning = this.#learning.get(deviceId);
    if (learning !== undefined) return learning;
    const brought = this.#bySender.get(senderId) ?? new Set();
    this.#bySender.set(senderId, brought.add(deviceId));
    const learned = new Promise<void>((resolve) => this.#asked.push({ senderId, deviceId, resolve }));
    this.#learning.set(deviceId, learned);
    this.#askOn();
    return learned;
  }

  highest(deviceId: string, epoch: string): number | undefined {
    return this.#highest.get(deviceId)?.get(epoch);
  }

  /** The sender's session is over: it may come back from elsewhere. */
  forget(senderId: string): void {
    for (const deviceId of this.#bySender.get(senderId) ?? []) this.#highest.delete(deviceId);
    this.#bySender.delete(senderId);
  }

  #askOn(): void {
    if (this.#asking !== undefined || this.#asked.length === 0) return;
    this.#asking = this.#ask(this.#asked.splice(0, TOGETHER)).finally(() => {
      this.#asking = undefined;
      this.#askOn();
    });
  }

  async #ask(asked: readonly Asked[]): Promise<void> {
    const ids = asked.map(({ deviceId }) => deviceId);
    const found = new Map<string, Map<string, number>>(ids.map((id) => [id, new Map()]));
    const { waitMs = WAIT_MS, store, log } = this.#options;
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), waitMs);
    try {
      const isCurrent = await within(cut.signal, this.#untilApplied(cut.signal));
      if (!isCurrent)
        log.warn('what was taken elsewhere is not applied yet: late reports count as new', { devices: ids.length });
      // The store may be away, and the query wait for it.
      const rows = (await within(AbortSignal.timeout(waitMs), store.query(HIGHEST, [ids]))) ?? [];
      for (const row of rows)
        found.get(row['device_id'] as string)?.set(row['epoch'] as string, (row['intervals'] as number[]).at(-1) ?? -1);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('numbers of devices cannot be read: late reports count as new', { devices: ids.length, reason });
    } finally {
      clearTimeout(timer);
    }
    for (const { senderId, deviceId, resolve } of asked) {
      this.#highest.set(deviceId, found.get(deviceId) ?? new Map());
      this.#learning.delete(deviceId);
      resolve();
      // It has left meanwhile: good for what it had sent, not for when it comes back.
      if (this.#bySender.get(senderId)?.has(deviceId) !== true) setImmediate(() => this.#highest.delete(deviceId));
    }
  }

  /** True when the store has what the journal had when it was called; undefined when cut off. */
  async #untilApplied(cut: AbortSignal): Promise<boolean | undefined> {
    const { endOf, store, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    const ends = new Map<Lane, number>();
    for (const lane of lanes) ends.set(lane, await endOf(lane));
    while (!cut.aborted) {
      const applied = new Map((await store.query(APPLIED)).map((row) => [row['lane'], row['sequence'] as number]));
      if (lanes.every((lane) => (applied.get(lane) ?? 0) >= (ends.get(lane) ?? 0))) return true;
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return undefined;
  }
}

/** undefined when cut off first. */
function within<Result>(cut: AbortSignal, work: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    cut.addEventListener('abort', () => resolve(undefined), { once: true });
    work.then(resolve, reject);
  });
}
