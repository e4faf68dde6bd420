import { lanes, type Lane } from '../journal/entry.ts';
import type { Log } from '../platform/log.ts';
import type { Share } from '../situation/duty.ts';
import { mirror } from '../situation/mirrored-effects.ts';
import type { Restored } from '../situation/restore.ts';
import { SHARD_COUNT } from '../situation/share.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { clusterSubjects, readWord, type HeldShard, type WorkerAnswer, type WorkerWord } from './cluster-words.ts';
import { dealShards } from './deal-shards.ts';
import type { ShardLease, ShareLeases } from './share-leases.ts';
import { WorkerRoll } from './worker-roll.ts';

export type ShareDeskOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly leases: Pick<ShareLeases, 'read' | 'begin' | 'transfer' | 'end'>;
  readonly situation: Situation;
  readonly log: Log;
  readonly deadMs?: number;
  readonly lookMs?: number;
  readonly behindMs?: number;
};

type Positions = Readonly<Record<Lane, number>>;
/** `isGivenBack`: whoever has it by the book applies it no more. */
type Shard = { session: string; epoch: number; applied: Positions; levelled: Positions; isGivenBack: boolean };
type Said = Extract<WorkerWord, { kind: 'worker' }>;
type OwnWorker = Pick<
  Worker,
  'applied' | 'levelled' | 'follow' | 'othersAdvanced' | 'beginSharing' | 'takeShare' | 'releaseShards'
>;

const LOOK_MS = 250;
const RELEASE_TIMEOUT_MS = 15_000;
/** Entries that this centre has passed and a worker has not, for so long: people must know. */
const BEHIND_MS = 30_000;
/** Words of workers that come while the situation is read anew; more of them than this are read from the store. */
const MOST_HELD_BACK = 10_000;
const NOWHERE: Positions = { alarm: 0, bulk: 0 };

/**
 * Deals the shards of the partitions to the workers that are there, follows what each of them has committed, and takes
 * back what a dead one had. It belongs to the centre that leads.
 */
export class ShareDesk {
  readonly #options: ShareDeskOptions;
  readonly #shards = new Map<number, Shard>();
  readonly #roll: WorkerRoll;
  #worker: OwnWorker | undefined;
  /** Words that wait until the situation has been read for the first time. */
  #heldBack: Said[] | undefined = [];
  /** Words that came while the situation was read once more. */
  #meanwhile: Said[] | undefined;
  /** Where this centre was at that time: how far the workers should be. */
  #mark: { readonly at: number; readonly applied: Positions } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dealing: Promise<void> | undefined;
  #isLost = false;
  #stopping = false;
  #trouble: string | undefined;
  #onDealt: () => void = () => undefined;

  /** Listens from the beginning: what is said while the situation is read from the store comes after it. */
  constructor(options: ShareDeskOptions) {
    this.#options = options;
    this.#roll = new WorkerRoll(options.deadMs);
    options.bus.subscribe(clusterSubjects(options.prefix).workers, (message) => {
      const word = readWord<WorkerWord>(message, ['worker', 'left']);
      if (word !== undefined) this.#onWord(word);
    });
    options.bus.subscribe(clusterSubjects(options.prefix).pulse, () => this.#roll.carried());
  }

  /** What the centre begins with: the share that no worker had when it looked. Before the situation is restored. */
  async open(): Promise<Share | undefined> {
    // What a worker commits after the store was read must be heard here.
    await this.#options.bus.flush();
    const found = await this.#options.leases.read();
    this.#take(found);
    if (found.length === 0) return undefined;
    for (const { session } of found) if (session !== '') this.#roll.note(session, '');
    return this.#ownShare();
  }

  /** From here on it follows, and deals. */
  start(worker: OwnWorker, restored: Restored['positions']): void {
    this.#worker = worker;
    for (const [shard, held] of this.#shards) held.applied = held.levelled = positionsOf(restored, shard);
    this.#catchUpWords();
    const { bus, prefix, lookMs = LOOK_MS } = this.#options;
    this.#roll.begin();
    this.#timer = setInterval(() => {
      bus.publish(clusterSubjects(prefix).pulse, {});
      this.#measure();
      this.#deal();
    }, lookMs);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#dealing;
  }

  /** Workers are to be told at once. */
  onDealt(tell: () => void): void {
    this.#onDealt = tell;
  }

  /** Why a shard may stand still; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#trouble ?? this.#standstill();
  }

  /** For the beat. */
  shares(): Readonly<Record<string, readonly HeldShard[]>> {
    const shares: Record<string, HeldShard[]> = {};
    for (const session of this.#roll.sessions()) shares[session] = [];
    for (const [shard, { session, epoch }] of this.#shards)
      if (session !== '') (shares[session] ??= []).push([shard, epoch]);
    return shares;
  }

  /** How far the workers have come, Infinity where there are none. */
  others(lane: Lane): number {
    return this.#least((shard) => shard.applied[lane]);
  }

  /** Nobody needs what lies at or before it: neither the workers nor who would take over from them. */
  safe(lane: Lane): number {
    return Math.min(
      this.#worker?.levelled[lane] ?? 0,
      this.#least((shard) => shard.levelled[lane]),
    );
  }

  /** A shard on its way from one to another is with nobody: it counts as it stood, or as not begun. */
  #least(of: (shard: Shard) => number): number {
    let least = Infinity;
    for (const [number, shard] of this.#shards) if (!this.#applies(number)) least = Math.min(least, of(shard));
    return least;
  }

  /** How far a shard is that changes hands is said by who takes it. */
  #take(leases: readonly ShardLease[]): void {
    for (const { shard, epoch, session } of leases)
      this.#shards.set(shard, { session, epoch, applied: NOWHERE, levelled: NOWHERE, isGivenBack: false });
  }

  #ownShare(): Share {
    return {
      leads: true,
      shards: new Set([...this.#shards].flatMap(([shard, { session }]) => (session === '' ? [shard] : []))),
    };
  }

  #onWord(word: WorkerWord): void {
    if (word.kind === 'left') return this.#roll.left(word.session);
    this.#roll.note(word.session, word.holder).heardAt = performance.now();
    const waiting = this.#heldBack ?? this.#meanwhile;
    if (waiting !== undefined && waiting.push(word) > MOST_HELD_BACK) {
      waiting.shift();
      this.#isLost = true;
    }
    if (this.#heldBack === undefined) this.#follow(word);
  }

  /**
   * Reads the situation from the store while workers go on: what they say meanwhile is shown at once, and put once more
   * into what was read, which may be older.
   */
  async whileReading<Result>(read: () => Promise<Result>): Promise<Result> {
    const meanwhile: Said[] = [];
    this.#meanwhile = meanwhile;
    try {
      return await read();
    } finally {
      this.#meanwhile = undefined;
      for (const word of meanwhile)
        if (word.effects != null && this.#isHolder(word)) mirror(this.#options.situation, word.effects);
    }
  }

  #catchUpWords(): void {
    const words = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const word of words) this.#follow(word);
  }

  /** Who has lost one shard has lost all: what it committed before may be said after what another committed since. */
  #isHolder({ session, fenced }: Said): boolean {
    return fenced.every(([shard, epoch]) => {
      const held = this.#shards.get(shard);
      return held?.session === session && held.epoch === epoch;
    });
  }

  #follow(word: Said): void {
    const known = this.#roll.get(word.session);
    if (known === undefined) return;
    const isNext = word.effects === undefined ? word.number === known.number : word.number === (known.number ?? 0) + 1;
    // The first word of one that was there before this centre says where its numbers are.
    if (!isNext && known.number !== undefined) this.#isLost = true;
    known.number = word.number;
    if (!this.#isHolder(word)) return;
    for (const [shard, epoch] of word.givenBack) {
      const held = this.#shards.get(shard);
      if (held?.session === word.session && held.epoch === epoch) held.isGivenBack = true;
    }
    const { sensorFaults } = this.#options.situation;
    if (word.sensorFaults !== undefined) sensorFaults.hear(word.session, word.sensorFaults);
    if (word.effects === null) this.#isLost = true;
    else if (word.effects !== undefined) this.#worker?.follow(mirror(this.#options.situation, word.effects));
    for (const [shard, epoch] of word.held) {
      const held = this.#shards.get(shard);
      if (held?.session !== word.session || held.epoch !== epoch) continue;
      held.applied = word.applied;
      held.levelled = word.levelled;
    }
    this.#worker?.othersAdvanced();
  }

  /** Whether nobody applies it: a hand-over was begun, and what it was for is gone. */
  #isNobodys(shard: number): boolean {
    const held = this.#shards.get(shard);
    return held?.isGivenBack === true || (held?.session === '' && !this.#applies(shard));
  }

  #applies(shard: number): boolean {
    return this.#options.situation.share?.shards.has(shard) === true;
  }

  #measure(): void {
    const { applied } = this.#worker as OwnWorker;
    const { alarm, bulk } = this.#mark?.applied ?? NOWHERE;
    if (this.#mark === undefined || (this.others('alarm') >= alarm && this.others('bulk') >= bulk))
      this.#mark = { at: performance.now(), applied: { ...applied } };
  }

  #standstill(): string | undefined {
    if (this.#mark === undefined) return undefined;
    const { behindMs = BEHIND_MS } = this.#options;
    const { at, applied } = this.#mark;
    if (performance.now() - at < behindMs) return undefined;
    const isBehind = (shard: Shard): boolean => lanes.some((lane) => shard.applied[lane] < applied[lane]);
    const names = [...this.#shards].flatMap(([shard, held]) =>
      this.#applies(shard) || !isBehind(held) ? [] : [this.#roll.nameOf(held.session)],
    );
    return `${[...new Set(names)].join(', ')}: more than ${Math.round(behindMs / 1_000)} s behind with its venues`;
  }

  #deal(): void {
    if (this.#dealing !== undefined || this.#stopping) return;
    const alive = this.#roll.alive();
    if (this.#shards.size === 0 && alive.length === 0) return;
    const isDealt =
      this.#shards.size > 0 &&
      [...dealShards(this.#sessions(), alive)].every(
        ([shard, session]) => this.#shards.get(shard)?.session === session && !this.#isNobodys(shard),
      );
    if (isDealt && !this.#isLost && this.#roll.gone().length === 0) return;
    this.#dealing = this.#dealAnew(alive)
      .then(
        () => (this.#trouble = undefined),
        (error: unknown) => {
          if (this.#stopping) return;
          const reason = error instanceof Error ? error.message : String(error);
          if (this.#trouble === undefined) this.#options.log.error('shards not dealt; trying again', { reason });
          this.#trouble = `shards cannot be dealt: ${reason}`;
        },
      )
      .finally(() => {
        this.#dealing = undefined;
      });
  }

  #sessions(): Map<number, string> {
    return new Map([...this.#shards].map(([shard, { session }]) => [shard, session]));
  }

  async #dealAnew(alive: readonly string[]): Promise<void> {
    const { leases, log } = this.#options;
    if (this.#shards.size === 0) await this.#begin();
    for (const session of this.#roll.sessions().filter((known) => !alive.includes(known))) await this.#bury(session);
    await this.#takeNobodys();
    if (this.#isLost) await this.#readAnew();
    const deal = dealShards(this.#sessions(), alive);
    for (const [from, to, shards] of movesOf(this.#sessions(), deal)) {
      if (!(await this.#released(from, shards))) continue;
      this.#take((await leases.transfer(shards, to)).map(([shard, epoch]) => ({ shard, epoch, session: to })));
      log.info('shards change hands', {
        from: this.#roll.nameOf(from),
        to: this.#roll.nameOf(to),
        shards: shards.join(' '),
      });
      if (to === '') await this.#readAnew();
      this.#onDealt();
    }
  }

  /** The first worker has come. Until now the centre had everything, and one position for it. */
  async #begin(): Promise<void> {
    const { leases } = this.#options;
    const everything = new Set(Array.from({ length: SHARD_COUNT }, (_, shard) => shard));
    const share = { leads: true, shards: everything };
    this.#take(await (this.#worker as OwnWorker).beginSharing(share, () => leases.begin()));
  }

  /** Back to the centre, which reads them anew; from there they are dealt again. */
  async #takeNobodys(): Promise<void> {
    const { leases, log } = this.#options;
    const shards = [...this.#shards.keys()].filter((shard) => this.#isNobodys(shard));
    if (shards.length === 0) return;
    log.warn('a hand-over was not completed: the centre takes the shards', { shards: shards.join(' ') });
    this.#take((await leases.transfer(shards, '')).map(([shard, epoch]) => ({ shard, epoch, session: '' })));
    await this.#readAnew();
  }

  /** Its shards come back to the centre; what it said last may never have come. */
  async #bury(session: string): Promise<void> {
    const { leases, log } = this.#options;
    const known = this.#roll.get(session);
    const shards = [...this.#shards].flatMap(([shard, held]) => (held.session === session ? [shard] : []));
    if (known?.hasLeft === true) log.info('a worker has left', { worker: known.holder });
    else
      log.error('a worker is gone: its shards are taken over', {
        worker: known?.holder ?? session,
        shards: shards.join(' '),
      });
    await leases.end(session);
    if (shards.length > 0) {
      this.#take((await leases.transfer(shards, '')).map(([shard, epoch]) => ({ shard, epoch, session: '' })));
      await this.#readAnew();
    }
    this.#options.situation.sensorFaults.forget(session);
    this.#roll.strike(session);
    this.#onDealt();
  }

  /** The whole situation as the store has it, and this centre's own share as it is by now. */
  async #readAnew(): Promise<void> {
    this.#isLost = false;
    await this.#worker?.takeShare(this.#ownShare());
  }

  async #released(from: string, shards: readonly number[]): Promise<boolean> {
    if (from === '') {
      await this.#worker?.releaseShards(new Set(shards));
      return true;
    }
    const { bus, prefix } = this.#options;
    const question = { kind: 'release', shards };
    const released = bus
      .ask(clusterSubjects(prefix).worker(from), question, RELEASE_TIMEOUT_MS)
      .then((answer) => (answer as Partial<WorkerAnswer>).isReleased === true);
    return this.#unlessOneIsGone(released);
  }

  /** What a dead worker had does not wait for an answer, be it its own or another's. */
  async #unlessOneIsGone(released: Promise<boolean>): Promise<boolean> {
    const { lookMs = LOOK_MS } = this.#options;
    const gone = Promise.withResolvers<false>();
    const look = setInterval(() => {
      if (this.#roll.gone().length > 0) gone.resolve(false);
    }, lookMs);
    try {
      return await Promise.race([released, gone.promise]);
    } finally {
      clearInterval(look);
    }
  }
}

function movesOf(now: ReadonlyMap<number, string>, deal: ReadonlyMap<number, string>): [string, string, number[]][] {
  const moves = new Map<string, [string, string, number[]]>();
  for (const [shard, to] of deal) {
    const from = now.get(shard) ?? '';
    if (from === to) continue;
    const key = JSON.stringify([from, to]);
    const move = moves.get(key) ?? [from, to, []];
    move[2].push(shard);
    moves.set(key, move);
  }
  return [...moves.values()];
}

const positionsOf = (positions: Restored['positions'], shard: number): Positions => ({
  alarm: positions.alarm[shard] ?? 0,
  bulk: positions.bulk[shard] ?? 0,
});
