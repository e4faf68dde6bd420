import { lanes, type Entry, type Lane } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../store/store.ts';
import { verifyCaptures } from './apply-capture.ts';
import { quarantineEntry } from './apply-unreadable.ts';
import { BATCH_ENTRIES, batchEntries, upToBatchBytes } from './batch-size.ts';
import { CommitTimes } from './commit-times.ts';
import { commitOnce, type CommitOutcome } from './commit/commit-once.ts';
import { commitSteps } from './commit/commit-steps.ts';
import { applyDue, dueEntries, markApplied, readableToApply, type DueEntry } from './due-entries.ts';
import { ownsTimer, type Share } from './duty.ts';
import { Effects } from './effects.ts';
import { learnDevices, unknownDevices } from './learn-devices.ts';
import type { LiveBus } from './live-bus.ts';
import type { ActOutcome } from './operator-act.ts';
import { PatientStore } from './patient-store.ts';
import { forget, recall } from './recall.ts';
import { restoreSituation, type Restored } from './restore.ts';
import { partitionsOf, SHARD_COUNT } from './share.ts';
import { SharePositions } from './share-positions.ts';
import type { Situation } from './situation.ts';
import type { TimerService } from './timer-service.ts';
import { WaitingCallers, type Whom } from './waiting-callers.ts';

/** A commit costs an fsync however little it holds: bulk entries that arrive within this time share one. */
const BULK_COMMIT_EVERY_MS = 20;
/** Who has a part of the city waits longer for as many; a value is never later than this on its screen for it. */
const RAREST_BULK_COMMIT_MS = 100;

export type WorkerOptions = {
  readonly journal: Journal;
  readonly store: Store;
  readonly situation: Situation;
  readonly timers: TimerService;
  readonly bus: Pick<LiveBus, 'publish'>;
  readonly log: Log;
  /** What the store has applied of each lane. */
  readonly applied: Readonly<Record<Lane, number>>;
  /** The embedded store's engine is gone: only a new process can open it again. The journal keeps what was taken. */
  readonly onFatal: (reason: string) => void;
  /** Read models that follow the commits; called before the feed is told. */
  readonly onCommitted?: (effects: Effects) => void;
  /** Where several processes share the partitions. */
  readonly sharing?: {
    /** How far each shard is applied, with the share the situation begins with. */
    readonly positions: Restored['positions'];
    readonly now: () => number;
    /** How far the other processes have come; Infinity where there are none. */
    readonly others: (lane: Lane) => number;
    /** Nobody needs what lies at or before it any more. */
    readonly safe: (lane: Lane) => number;
    /** Reads what others commit to at the same time, and what they say of it meanwhile. */
    readonly whileReading: <Result>(read: () => Promise<Result>) => Promise<Result>;
    /** The situation was read anew: what follows it begins anew, before anything more is committed. */
    readonly onReadAnew: () => Promise<void>;
    /** Shards were given up; resolves when nothing of them is written here any more. */
    readonly onReleased: () => Promise<void>;
  };
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
  readonly #callers = new WaitingCallers();
  readonly #patient: PatientStore;
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #bulkDueAt = 0;
  /** What is to be done between two batches. */
  readonly #between: { readonly run: () => Promise<void>; readonly cancel: () => void }[] = [];
  #positions: SharePositions | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#patient = new PatientStore(options);
    this.#applied = { ...options.applied };
    const { sharing, situation } = options;
    if (sharing !== undefined && situation.share !== undefined) this.#beginWith(situation.share, sharing.positions);
    options.journal.onAppended(() => {
      if (this.#isAnyDue()) this.#wake?.();
    });
  }

  /** Why nothing is being written at the moment; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#patient.trouble;
  }

  /** By this process. */
  get applied(): Readonly<Record<Lane, number>> {
    return this.#applied;
  }

  /** For one partition that is applied here: by whoever had it before, or by now. */
  appliedOf(lane: Lane, partition: number): number {
    return Math.max(this.#applied[lane], this.#positions?.takenOf(lane, partition) ?? 0);
  }

  /** By whoever it is to be applied by. */
  get appliedByAll(): Readonly<Record<Lane, number>> {
    const { sharing } = this.#options;
    if (sharing === undefined) return this.#applied;
    return {
      alarm: Math.min(this.#applied.alarm, sharing.others('alarm')),
      bulk: Math.min(this.#applied.bulk, sharing.others('bulk')),
    };
  }

  /** How far the store says that the share is applied: a successor begins there. */
  get levelled(): Readonly<Record<Lane, number>> {
    return this.#positions?.levelled ?? this.#applied;
  }

  /** Entries of each lane since the start; sequences are no count. */
  get appliedCount(): Readonly<Record<Lane, number>> {
    return this.#appliedCount;
  }

  /** Applies everything the journal holds, then returns: done before the doors open. */
  async catchUp(): Promise<void> {
    const { journal } = this.#options;
    while (!this.#patient.hasEnded) {
      if (await this.#applyNext()) continue;
      // What a server holds may still be on its way here.
      if (lanes.every((lane) => this.#applied[lane] >= journal.lastSequence(lane))) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#patient.hasEnded || this.#isAnyDue()) resolve();
      });
      this.#wake = undefined;
    }
  }

  start(): void {
    // A journal that lacks what was not applied: nothing behind it may be.
    this.#loop = this.#run()
      .catch((error: unknown) => this.#patient.fail(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        for (const { cancel } of this.#between.splice(0)) cancel();
      });
  }

  async stop(): Promise<void> {
    this.#patient.end();
    this.#wake?.();
    await this.#loop;
  }

  /** Resolves with the outcome of an act once it is durable. The caller has appended, or will append, its entry. */
  outcomeOf(actId: string, timeoutMs: number): Promise<ActOutcome> {
    return this.#callers.outcomeOf(actId, timeoutMs);
  }

  /**
   * Others will take part: what is applied here is put on record for each shard, and only then that there are shares
   * (`begin`): who starts after a kill in between must find where each of them stands. Nothing is read anew.
   */
  beginSharing<Begun>(share: Share, begin: () => Promise<Begun>): Promise<Begun> {
    return this.#betweenBatches(async () => {
      const { situation } = this.#options;
      const everywhere = (lane: Lane): readonly number[] => new Array<number>(SHARD_COUNT).fill(this.#applied[lane]);
      this.#positions = new SharePositions(share, { alarm: everywhere('alarm'), bulk: everywhere('bulk') });
      await this.#level();
      const begun = await this.#patient.untilItWorks(async () => ({ begun: await begin() }));
      if (begun === undefined) throw new Error('stopped');
      situation.share = share;
      return begun.begun;
    });
  }

  /** From the next batch on this share is applied here; what is held in memory is read anew from the store. */
  takeShare(share: Share): Promise<void> {
    return this.#betweenBatches(async () => {
      await this.#readAnew(share);
    });
  }

  /** From the next batch on these shards are not applied here any more; what is known of them may grow old. */
  releaseShards(shards: ReadonlySet<number>): Promise<void> {
    return this.#betweenBatches(async () => {
      const { situation, timers } = this.#options;
      const { share } = situation;
      if (share === undefined || this.#positions === undefined) return;
      await this.#level();
      const kept = { ...share, shards: new Set([...share.shards].filter((shard) => !shards.has(shard))) };
      situation.share = kept;
      this.#positions.hold(kept);
      timers.keep(({ venueId, purpose }) => ownsTimer(kept, venueId, purpose));
      await this.#options.sharing?.onReleased();
    });
  }

  /** Resolves when it is done; while the store is away it waits as a batch does. Rejects when the worker stops first. */
  #betweenBatches<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => reject(new Error('stopped'));
      if (this.#patient.hasEnded) return cancel();
      this.#between.push({ run: () => work().then(resolve, reject), cancel });
      this.#wake?.();
    });
  }

  #beginWith(share: Share, positions: Restored['positions']): void {
    this.#positions = new SharePositions(share, positions);
    const { journal, log } = this.#options;
    for (const lane of lanes) {
      const [start, beginning] = [this.#positions.start(lane), journal.beginning?.(lane) ?? 0];
      if (start < beginning)
        log.error('a journal that is no more took entries along', { lane, after: start, to: beginning });
      this.#applied[lane] = Math.max(start, beginning);
    }
  }

  async #readAnew(share: Share): Promise<void> {
    const { situation, sharing, journal, timers } = this.#options;
    if (sharing === undefined) throw new Error('this process has everything');
    const restored = await this.#restore(sharing.now(), share);
    if (restored === undefined) throw new Error('stopped');
    const grows = [...share.shards].some((shard) => situation.share?.shards.has(shard) !== true);
    situation.share = share;
    // As after a start: what devices have said meanwhile is still to be read.
    if (grows) situation.listeningSince = Math.max(situation.listeningSince, sharing.now());
    this.#beginWith(share, restored.positions);
    for (const lane of lanes) journal.rewind?.(lane, this.#applied[lane]);
    timers.replace(restored.timers.filter(({ venueId, purpose }) => ownsTimer(share, venueId, purpose)));
    await sharing.onReadAnew();
  }

  /** Memory as the store has it. Who reads it meanwhile sees it as it was. */
  #restore(now: number, share: Share | undefined): Promise<Restored | undefined> {
    const { situation, store, sharing } = this.#options;
    const restoreOnce = async (): Promise<Restored> => {
      const read = situation.begunAnew();
      const restored = await restoreSituation(read, store, now, this.#partitions(share));
      situation.become(read);
      return restored;
    };
    return this.#patient.untilItWorks(() => sharing?.whileReading(restoreOnce) ?? restoreOnce());
  }

  /** What of the situation is held here: who leads has a mirror of everything. */
  #partitions(share: Share | undefined): readonly number[] | undefined {
    return share === undefined || share.leads ? undefined : partitionsOf(share.shards);
  }

  /** Puts on record how far the share is applied, also where nothing of it came for long. */
  async #level(): Promise<void> {
    const effects = new Effects();
    const applied = { ...this.#applied };
    this.#positions?.level(effects, applied);
    const steps = commitSteps(effects, false);
    if ((await this.#patient.untilItWorks(() => this.#options.store.commit(steps))) === undefined) return;
    this.#positions?.hasLevelled(applied);
    for (const lane of lanes) await this.#trim(lane);
  }

  /** Another process has committed this: who waits or watches here is told. */
  follow(effects: Effects): void {
    const { bus } = this.#options;
    this.#options.onCommitted?.(effects);
    bus.publish(effects);
    for (const { meta, outcome } of effects.acts) this.#callers.acted(meta.actId, outcome);
  }

  /** Other processes have come further. */
  othersAdvanced(): void {
    this.#wakeCallers();
  }

  /** Resolves once the lane is applied up to `sequence`: by all who apply it, or (`here`) by this process. */
  reached(lane: Lane, sequence: number, timeoutMs: number, by: Whom = 'all'): Promise<void> {
    return this.#callers.reached({ lane, sequence, by }, this.#appliedByWhom(), timeoutMs);
  }

  #appliedByWhom(): Readonly<Record<Whom, Readonly<Record<Lane, number>>>> {
    return { all: this.appliedByAll, here: this.#applied };
  }

  #wakeCallers(): void {
    if (this.#callers.areWaiting) this.#callers.advanced(this.#appliedByWhom());
  }

  async #run(): Promise<void> {
    while (!this.#patient.hasEnded) {
      const work = this.#between.shift();
      if (work !== undefined) await work.run();
      else if (this.#isLevelDue(this.#applied)) await this.#level();
      if (await this.#applyNext()) continue;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        const waits = [this.#bulkDueAt, this.#positions?.levelDueAt(this.#applied) ?? Infinity];
        const pauseMs = Math.min(...waits.map((at) => at - performance.now()).filter((ms) => ms > 0));
        if (pauseMs < Infinity) timer = setTimeout(resolve, pauseMs);
        // An append between the last read and this line would wake nobody.
        const isWanted = this.#between.length > 0 || this.#isAnyDue() || this.#isLevelDue(this.#applied);
        if (this.#patient.hasEnded || isWanted) resolve();
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  /** Alarms never wait; bulk entries wait for company, unless they are a batch already or none was committed lately. */
  #isDue(lane: Lane): boolean {
    // Who has nothing reads nothing: what the others have all applied is gone from the server without asking him.
    if (this.#options.situation.share?.shards.size === 0) return false;
    const waiting = this.#options.journal.waiting(lane, this.#applied[lane]);
    if (waiting === 0 || lane === 'alarm') return waiting > 0;
    return waiting >= BATCH_ENTRIES.bulk || performance.now() >= this.#bulkDueAt;
  }

  #bulkEveryMs(): number {
    const { size } = this.#options.situation.share?.shards ?? { size: SHARD_COUNT };
    return Math.min(RAREST_BULK_COMMIT_MS, (BULK_COMMIT_EVERY_MS * SHARD_COUNT) / size);
  }

  #isAnyDue(): boolean {
    return lanes.some((lane) => this.#isDue(lane));
  }

  /** The alarm lane is drained first. False when there was nothing to do. */
  async #applyNext(): Promise<boolean> {
    for (const lane of lanes) {
      if (!this.#isDue(lane)) continue;
      const { journal } = this.#options;
      const waiting = journal.waiting(lane, this.#applied[lane]);
      const entries = await journal.read(lane, this.#applied[lane], batchEntries(lane, waiting));
      if (entries.length === 0) continue;
      const startedAt = performance.now();
      await this.#applyBatch(lane, upToBatchBytes(entries));
      if (lane === 'bulk' && this.#loop !== undefined) this.#bulkDueAt = startedAt + this.#bulkEveryMs();
      return true;
    }
    return false;
  }

  async #applyBatch(lane: Lane, entries: readonly Entry[]): Promise<void> {
    const { situation, store } = this.#options;
    const last = (entries.at(-1) as Entry).sequence;
    const due = dueEntries(entries, this.#positions);
    if (due.length === 0) return this.#passed(lane, last);
    if (!(await this.#knowsDevices(due))) return;
    const toApply = readableToApply(due);
    const stored = await this.#patient.untilItWorks(() => recall(situation, store, toApply));
    if (stored === undefined) return;
    const effects = new Effects();
    for (const one of due) {
      applyDue(this.#options, effects, one, stored);
      if (one.duty === 'apply') markApplied(effects, one.entry, this.#positions !== undefined);
    }
    if (
      (await this.#patient.untilItWorks(() => verifyCaptures(situation, effects, store).then(() => true))) === undefined
    )
      return;
    const applied = { ...this.#applied, [lane]: last };
    const isLevel = this.#isLevelDue(applied) || due.some(({ duty }) => duty === 'observe');
    if (isLevel) this.#positions?.level(effects, applied);
    const outcome = await this.#commit(effects, lane);
    if (outcome === undefined) return;
    if (outcome !== 'committed') return this.#setAside(lane, entries, outcome.refused);
    if (isLevel) this.#positions?.hasLevelled(applied);
    forget(situation, toApply);
    await this.#committed(lane, last, due.length, effects);
  }

  /** False when stopping. Who leads registers devices itself. */
  async #knowsDevices(due: readonly DueEntry[]): Promise<boolean> {
    const { situation, store } = this.#options;
    if (situation.leads) return true;
    const entries = due.map(({ entry }) => entry);
    if (unknownDevices(situation.registry, entries).length === 0) return true;
    return (await this.#patient.untilItWorks(() => learnDevices(situation.registry, store, entries))) !== undefined;
  }

  #commit(effects: Effects, lane: Lane): Promise<CommitOutcome | undefined> {
    const { store, situation } = this.#options;
    const steps = commitSteps(effects, situation.leads);
    const marks = [...effects.checkpoints.values()].filter((mark) => mark.lane === lane);
    const newest = marks.reduce((one, other) => (other.sequence > one.sequence ? other : one));
    const commit = commitOnce(store, steps, newest);
    return this.#patient.untilItWorks(async () => {
      const startedAt = performance.now();
      const result = await commit();
      this.commitTimes.add(performance.now() - startedAt);
      return result;
    });
  }

  /** Nothing of it is for this process. */
  #passed(lane: Lane, last: number): void {
    this.#applied[lane] = last;
    this.#wakeCallers();
    void this.#trim(lane);
  }

  #isLevelDue(applied: Readonly<Record<Lane, number>>): boolean {
    return this.#positions !== undefined && this.#positions.levelDueAt(applied) <= performance.now();
  }

  /**
   * The store refuses what a batch became, and would for ever: our own bug. Memory has run ahead of the store and is
   * rebuilt from it; then the entries go one by one, and the one that is refused alone goes to quarantine.
   */
  async #setAside(lane: Lane, entries: readonly Entry[], reason: string): Promise<void> {
    const { situation, log } = this.#options;
    const [entry] = entries as readonly [Entry, ...Entry[]];
    log.error('store refuses a batch for good', { lane, from: entry.sequence, entries: entries.length, reason });
    if ((await this.#restore(entry.appendedAt, situation.share)) === undefined) return;
    if (entries.length > 1) {
      for (const single of entries) {
        if (this.#applied[lane] >= single.sequence) continue;
        await this.#applyBatch(lane, [single]);
        if (this.#patient.hasEnded) return;
      }
      return;
    }
    // Who applies it has it on record; what it would have changed here is said in the log.
    if (dueEntries([entry], this.#positions)[0]?.duty !== 'apply') return this.#passed(lane, entry.sequence);
    const effects = new Effects();
    quarantineEntry(effects, entry, `notStored: ${reason}`);
    markApplied(effects, entry, this.#positions !== undefined);
    const outcome = await this.#commit(effects, lane);
    if (outcome === 'committed') await this.#committed(lane, entry.sequence, 1, effects);
    // Not even the quarantine can be written: nothing that comes later could be.
    else if (outcome !== undefined) this.#patient.fail(outcome.refused);
  }

  /** The batch is durable: everybody who waits or watches is told. */
  async #committed(lane: Lane, last: number, count: number, effects: Effects): Promise<void> {
    this.#applied[lane] = last;
    this.#appliedCount[lane] += count;
    this.#options.timers.update(effects.timersSet.values(), effects.timersEnded, effects.clockShiftMs);
    this.follow(effects);
    this.#wakeCallers();
    await this.#trim(lane);
  }

  async #trim(lane: Lane): Promise<void> {
    const { journal, log, sharing } = this.#options;
    const through = this.#applied[lane];
    try {
      await journal.trim(lane, through, sharing?.safe(lane));
    } catch (error) {
      // Only disk space is at stake: the next batch trims again.
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('journal not trimmed', { lane, through, reason });
    }
  }
}
