import { lanes, type Entry, type Lane } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../platform/log.ts';
import { isStoreError, type StoreError, type StoreErrorCode } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { verifyCaptures } from './apply-capture.ts';
import { applyEntry } from './apply-entry.ts';
import type { StoredDigests } from './apply-report.ts';
import { quarantineEntry } from './apply-unreadable.ts';
import { CommitTimes } from './commit-times.ts';
import { commitSteps } from './commit/commit-steps.ts';
import { decodeEntry, type DecodedEntry } from './decoded-entry.ts';
import { Effects } from './effects.ts';
import type { LiveBus } from './live-bus.ts';
import type { ActOutcome } from './operator-act.ts';
import { forget, recall } from './recall.ts';
import { restoreSituation } from './restore.ts';
import type { Situation } from './situation.ts';
import type { TimerService } from './timer-service.ts';

/** One transaction holds no more than this: an alarm that arrives meanwhile waits for one batch at most. */
const BATCH_ENTRIES: Readonly<Record<Lane, number>> = { alarm: 500, bulk: 1_000 };
/** Who lags far does more at once, or the doors, which take their turn at every wait of a batch, leave him no time. */
const LAGGING_ENTRIES = 20_000;
const LAGGING_BATCH_ENTRIES = 4_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** A commit costs an fsync however little it holds: bulk entries that arrive within this time share one. */
const BULK_COMMIT_EVERY_MS = 20;
const RETRY_MS = 500;

type Decoded = DecodedEntry | { readonly kind: 'broken'; readonly entry: Entry; readonly reason: string };

export type WorkerOptions = {
  readonly journal: Journal;
  readonly store: Store;
  readonly situation: Situation;
  readonly timers: TimerService;
  readonly bus: LiveBus;
  readonly log: Log;
  /** What the store has applied of each lane. */
  readonly applied: Readonly<Record<Lane, number>>;
  /** The embedded store's engine is gone: only a new process can open it again. The journal keeps what was taken. */
  readonly onFatal: (reason: string) => void;
  /** Read models that follow the commits; called before the feed is told. */
  readonly onCommitted?: (effects: Effects) => void;
};

/**
 * Applies journal entries in order and writes what they change, together with how far it has come, in one
 * transaction. A batch that cannot be written now is tried again until it can; one that never will be goes entry by
 * entry, and what is refused alone is quarantined: nothing is skipped in silence, nothing applied twice.
 */
export class Worker {
  readonly commitTimes = new CommitTimes();
  readonly #options: WorkerOptions;
  readonly #applied: Record<Lane, number>;
  readonly #appliedCount: Record<Lane, number> = { alarm: 0, bulk: 0 };
  readonly #waitingActs = new Map<string, Set<(outcome: ActOutcome) => void>>();
  readonly #waitingReached = new Set<{ readonly lane: Lane; readonly sequence: number; resolve: () => void }>();
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #bulkDueAt = 0;
  #stopping = false;
  #failingSince: string | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#applied = { ...options.applied };
    options.journal.onAppended(() => {
      if (this.#isAnyDue()) this.#wake?.();
    });
  }

  /** Why nothing is being written at the moment; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#failingSince;
  }

  get applied(): Readonly<Record<Lane, number>> {
    return this.#applied;
  }

  /** Entries of each lane since the start; sequences are no count. */
  get appliedCount(): Readonly<Record<Lane, number>> {
    return this.#appliedCount;
  }

  /** Applies everything the journal holds, then returns: done before the doors open. */
  async catchUp(): Promise<void> {
    const { journal } = this.#options;
    while (!this.#stopping) {
      if (await this.#applyNext()) continue;
      // What a server holds may still be on its way here.
      if (lanes.every((lane) => this.#applied[lane] >= journal.lastSequence(lane))) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#stopping || this.#isAnyDue()) resolve();
      });
      this.#wake = undefined;
    }
  }

  start(): void {
    // A journal that lacks what was not applied: nothing behind it may be.
    this.#loop = this.#run().catch((error: unknown) =>
      this.#fail(error instanceof Error ? error.message : String(error)),
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#loop;
  }

  /** Resolves with the outcome of an act once it is durable. The caller has appended, or will append, its entry. */
  outcomeOf(actId: string, timeoutMs: number): Promise<ActOutcome> {
    return new Promise((resolve, reject) => {
      // The same request may come twice at once: both get the answer.
      const waiting = this.#waitingActs.get(actId) ?? new Set();
      this.#waitingActs.set(actId, waiting);
      const settle = (outcome: ActOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        waiting.delete(settle);
        if (waiting.size === 0 && this.#waitingActs.get(actId) === waiting) this.#waitingActs.delete(actId);
        reject(new Error(`act ${actId} was not applied within ${timeoutMs} ms`));
      }, timeoutMs);
      waiting.add(settle);
    });
  }

  /** Resolves once the lane is applied up to `sequence`. */
  reached(lane: Lane, sequence: number, timeoutMs: number): Promise<void> {
    if (this.#applied[lane] >= sequence) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting = { lane, sequence, resolve: () => resolve() };
      const timer = setTimeout(() => {
        this.#waitingReached.delete(waiting);
        reject(new Error(`entry ${lane}:${sequence} was not applied within ${timeoutMs} ms`));
      }, timeoutMs);
      waiting.resolve = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waitingReached.add(waiting);
    });
  }

  #wakeReached(): void {
    for (const waiting of this.#waitingReached) {
      if (this.#applied[waiting.lane] < waiting.sequence) continue;
      this.#waitingReached.delete(waiting);
      waiting.resolve();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      if (await this.#applyNext()) continue;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        const pauseMs = this.#bulkDueAt - performance.now();
        if (pauseMs > 0) timer = setTimeout(resolve, pauseMs);
        // An append between the last read and this line would wake nobody.
        if (this.#stopping || this.#isAnyDue()) resolve();
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  /** Alarms never wait; bulk entries wait for company, unless they are a batch already or none was committed lately. */
  #isDue(lane: Lane): boolean {
    const waiting = this.#options.journal.waiting(lane, this.#applied[lane]);
    if (waiting === 0 || lane === 'alarm') return waiting > 0;
    return waiting >= BATCH_ENTRIES.bulk || performance.now() >= this.#bulkDueAt;
  }

  #isAnyDue(): boolean {
    return lanes.some((lane) => this.#isDue(lane));
  }

  /** The alarm lane is drained first. False when there was nothing to do. */
  async #applyNext(): Promise<boolean> {
    for (const lane of lanes) {
      if (!this.#isDue(lane)) continue;
      const entries = await this.#options.journal.read(lane, this.#applied[lane], this.#batchEntries(lane));
      if (entries.length === 0) continue;
      const startedAt = performance.now();
      await this.#applyBatch(lane, upToBytes(entries, BATCH_BYTES));
      if (lane === 'bulk' && this.#loop !== undefined) this.#bulkDueAt = startedAt + BULK_COMMIT_EVERY_MS;
      return true;
    }
    return false;
  }

  #batchEntries(lane: Lane): number {
    const lags = lane === 'bulk' && this.#options.journal.waiting(lane, this.#applied[lane]) >= LAGGING_ENTRIES;
    return lags ? LAGGING_BATCH_ENTRIES : BATCH_ENTRIES[lane];
  }

  async #applyBatch(lane: Lane, entries: readonly Entry[]): Promise<void> {
    const { situation, store } = this.#options;
    const decoded = entries.map((entry) => this.#decode(entry));
    const readable = decoded.filter((item) => item.kind !== 'broken');
    const stored = await this.#untilItWorks(() => recall(situation, store, readable));
    if (stored === undefined) return;
    const effects = new Effects();
    for (const [index, item] of decoded.entries()) {
      this.#apply(effects, item, stored);
      const { partition, sequence } = entries[index] as Entry;
      effects.checkpoints.set(`${lane}/${partition}`, { lane, partition, sequence });
    }
    if ((await this.#untilItWorks(() => verifyCaptures(situation, effects, store).then(() => true))) === undefined)
      return;
    const steps = commitSteps(effects);
    const lastEntry = entries.at(-1) as Entry;
    const outcome = await this.#untilItWorks(async () => {
      const startedAt = performance.now();
      const result = await commitOnce(store, steps, lastEntry);
      this.commitTimes.add(performance.now() - startedAt);
      return result;
    });
    if (outcome === undefined) return;
    if (outcome !== 'committed') return this.#setAside(lane, entries, outcome.refused);
    forget(situation, readable);
    await this.#committed(lane, lastEntry.sequence, entries.length, effects);
  }

  /**
   * The store refuses what a batch became, and would for ever: our own bug. Memory has run ahead of the store and is
   * rebuilt from it; then the entries go one by one, and the one that is refused alone goes to quarantine. A reader of
   * the situation may meanwhile see less than there is, for as long as a start takes.
   */
  async #setAside(lane: Lane, entries: readonly Entry[], reason: string): Promise<void> {
    const { situation, store, log } = this.#options;
    const [entry] = entries as readonly [Entry, ...Entry[]];
    log.error('store refuses a batch for good', { lane, from: entry.sequence, entries: entries.length, reason });
    const rebuilt = await this.#untilItWorks(() => {
      situation.clear();
      return restoreSituation(situation, store, entry.appendedAt);
    });
    if (rebuilt === undefined) return;
    if (entries.length > 1) {
      for (const single of entries) {
        if (this.#applied[lane] >= single.sequence) continue;
        await this.#applyBatch(lane, [single]);
        if (this.#stopping) return;
      }
      return;
    }
    const effects = new Effects();
    quarantineEntry(effects, entry, `notStored: ${reason}`);
    effects.checkpoints.set('', { lane, partition: entry.partition, sequence: entry.sequence });
    const steps = commitSteps(effects);
    const outcome = await this.#untilItWorks(() => commitOnce(store, steps, entry));
    if (outcome === 'committed') await this.#committed(lane, entry.sequence, 1, effects);
    // Not even the quarantine can be written: nothing that comes later could be.
    else if (outcome !== undefined) this.#fail(outcome.refused);
  }

  /** The batch is durable: everybody who waits or watches is told. */
  async #committed(lane: Lane, last: number, count: number, effects: Effects): Promise<void> {
    const { timers, bus, journal, log } = this.#options;
    this.#applied[lane] = last;
    this.#appliedCount[lane] += count;
    timers.update(effects.timersSet.values(), effects.timersEnded, effects.clockShiftMs);
    this.#options.onCommitted?.(effects);
    bus.publish(effects);
    this.#wakeReached();
    for (const { meta, outcome } of effects.acts) {
      for (const settle of this.#waitingActs.get(meta.actId) ?? []) settle(outcome);
      this.#waitingActs.delete(meta.actId);
    }
    try {
      await journal.trim(lane, last);
    } catch (error) {
      // Only disk space is at stake: the next batch trims again.
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('journal not trimmed', { lane, through: last, reason });
    }
  }

  #decode(entry: Entry): Decoded {
    try {
      return decodeEntry(entry);
    } catch (error) {
      return { kind: 'broken', entry, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** An entry that cannot be applied is our own bug: it is quarantined and said loudly, and its neighbours go on. */
  #apply(effects: Effects, item: Decoded, stored: StoredDigests): void {
    const { situation, log } = this.#options;
    try {
      if (item.kind === 'broken') throw new Error(item.reason);
      applyEntry(situation, effects, item, stored);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error('journal entry not applied', {
        lane: item.entry.lane,
        sequence: item.entry.sequence,
        kind: item.entry.kind,
        reason,
      });
      quarantineEntry(effects, item.entry, `notApplied: ${reason}`);
    }
  }

  #fail(reason: string): void {
    this.#stopping = true;
    this.#failingSince = reason;
    this.#options.onFatal(reason);
  }

  /** undefined only when stopping: what was not written is still in the journal. */
  async #untilItWorks<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    while (!this.#stopping) {
      try {
        const result = await work();
        if (this.#failingSince !== undefined) this.#options.log.info('store works again');
        this.#failingSince = undefined;
        return result;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (hasEngineStopped(this.#options.store, error)) {
          this.#fail(reason);
          return undefined;
        }
        if (this.#failingSince !== reason) this.#options.log.error('store refuses; trying again', { reason });
        this.#failingSince = reason;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return undefined;
  }
}

/** The first entries that together hold no more than `limitBytes`, at least one. */
function upToBytes(entries: readonly Entry[], limitBytes: number): readonly Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => (bytes += entry.payload?.byteLength ?? 0) > limitBytes && index > 0);
  return end < 0 ? entries : entries.slice(0, end);
}

/** The store will never take these steps: trying again is of no use. */
const REFUSED_FOR_GOOD: readonly StoreErrorCode[] = ['input', 'range', 'unique', 'constraint', 'sql'];

/** Throws what may pass. Of a commit whose answer was lost with the connection, the checkpoint tells whether it happened. */
async function commitOnce(
  store: Store,
  steps: readonly Step[],
  lastEntry: Entry,
): Promise<'committed' | { readonly refused: string }> {
  try {
    await store.commit(steps);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    if (REFUSED_FOR_GOOD.includes(error.code) && !isEngineFault(error)) return { refused: error.message };
    if (error.code !== 'unknownOutcome' || store.engine === 'pglite') throw error;
    const sql = 'select sequence from checkpoint where lane = $1 and partition = $2';
    const [row] = await store.query(sql, [lastEntry.lane, lastEntry.partition]);
    if (row === undefined || (row['sequence'] as number) < lastEntry.sequence) throw error;
  }
  return 'committed';
}

/** SQLSTATE classes 58 (system error: a file is gone or cannot be read) and XX (internal error, damaged data). */
const isEngineFault = ({ sqlState }: StoreError): boolean => /^(58|XX)/.test(sqlState ?? '');

/** The embedded engine is gone, or what it stands on is: only a new process can open it again, or say why not. */
function hasEngineStopped(store: Store, error: unknown): boolean {
  if (store.engine !== 'pglite' || !isStoreError(error)) return false;
  return error.code === 'connection' || error.code === 'unknownOutcome' || isEngineFault(error);
}
