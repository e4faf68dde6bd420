import { lanes, type Entry, type Lane } from '../journal/entry.ts';
import { concernsHome, dutyOf, homeShards, isHomeEntry, type Duty, type Lacking, type Share } from './duty.ts';
import type { Effects } from './effects.ts';
import type { Restored } from './restore.ts';
import { partitionsOf, shardOf } from './share.ts';

/** A successor goes back in the journal to what was put on record last. */
const LEVEL_EVERY_MS = 150;

type Positions = Readonly<Record<Lane, number>>;

/**
 * How far each shard of a share was applied when this process took it, and how much of what it has applied since is on
 * record for all of them. Every applied entry puts its own partition on record (checkpoint); a shard of which nothing
 * came for long would stay behind and hold the journal's trim, so all are levelled now and then.
 */
export class SharePositions {
  readonly #taken: Restored['positions'];
  #share: Share;
  #levelled: Record<Lane, number>;
  #levelledAt = -Infinity;

  constructor(share: Share, positions: Restored['positions']) {
    this.#share = share;
    this.#taken = positions;
    this.#levelled = { alarm: this.start('alarm'), bulk: this.start('bulk') };
  }

  /** Up to here every shard that is held would go on. */
  get levelled(): Positions {
    return this.#levelled;
  }

  /** Reading begins behind this: what the shard that is furthest behind needs, and what the registry lacks. */
  start(lane: Lane): number {
    const own = this.#own(lane);
    if (own.length === 0) return Math.max(...this.#taken[lane]);
    return lane === 'alarm' ? Math.min(this.#home(lane), ...own) : Math.min(...own);
  }

  /** How far a partition was applied when it was taken, at least. */
  takenOf(lane: Lane, partition: number): number {
    return this.#of(lane, shardOf(partition));
  }

  /** Another share with the same past. */
  hold(share: Share): void {
    this.#share = share;
  }

  /** What is left of a duty: whoever had the shards before may have done all of it, or a part. */
  dutyLeft(entry: Entry): Duty {
    const duty = dutyOf(this.#share, entry);
    if (duty === 'skip') return duty;
    const { lane, sequence, partition, kind } = entry;
    const isDoneAtHome = sequence <= this.#home(lane);
    const isDone = sequence <= this.#of(lane, shardOf(partition));
    if (duty === 'apply' && !(isHomeEntry(entry) ? isDoneAtHome : isDone)) return 'apply';
    if (kind === 'registryChange') return isDoneAtHome && this.#isDoneEverywhere(entry) ? 'skip' : 'observe';
    if (concernsHome(entry)) return this.#share.leads && !isDoneAtHome ? 'observe' : 'skip';
    if (kind === 'commandReply') return isDone || !this.#share.shards.has(shardOf(partition)) ? 'skip' : 'observe';
    if (duty === 'apply') return 'skip';
    // A sweep of before the newest is not needed.
    return sequence <= Math.max(...this.#own(lane)) ? 'skip' : 'observe';
  }

  /** What an entry that is observed has still to change here. */
  lacking({ lane, sequence }: Entry): Lacking {
    return {
      registry: sequence > this.#home(lane),
      partition: (partition) => sequence > this.#of(lane, shardOf(partition)),
    };
  }

  /** Adds to a commit that the whole share is applied so far. */
  level(effects: Effects, applied: Positions): void {
    for (const lane of lanes) {
      for (const shard of this.#share.shards) {
        const [partition = 0] = partitionsOf([shard]);
        const key = `${lane}/${partition}`;
        effects.checkpoints.set(key, { lane, partition, sequence: applied[lane] });
      }
    }
  }

  hasLevelled(applied: Positions): void {
    this.#levelled = { ...applied };
    this.#levelledAt = performance.now();
  }

  /** When a level is due; Infinity when all is on record. */
  levelDueAt(applied: Positions): number {
    const isLevel = lanes.every((lane) => applied[lane] <= this.#levelled[lane]);
    return isLevel ? Infinity : this.#levelledAt + LEVEL_EVERY_MS;
  }

  #own(lane: Lane): readonly number[] {
    return [...this.#share.shards].map((shard) => this.#of(lane, shard));
  }

  #isDoneEverywhere({ lane, sequence }: Entry): boolean {
    return this.#own(lane).every((position) => sequence <= position);
  }

  #of(lane: Lane, shard: number): number {
    return this.#taken[lane][shard] ?? 0;
  }

  #home(lane: Lane): number {
    return Math.max(...[...homeShards].map((shard) => this.#of(lane, shard)));
  }
}
