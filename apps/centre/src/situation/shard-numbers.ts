import { SHARD_COUNT, shardOf } from './share.ts';

/** Numbers for people that count up over the centre; in memory, rebuilt at the start from the last one given. */
export class ShardNumbers {
  /** Other processes give numbers too, each for shards of its own. */
  isShared = false;
  #last = 0;

  /**
   * One that nothing has: the next, or, where others give numbers at the same time, the next that only the shard of this
   * partition gives. Above all that are known here; one that a process has yet to hear of is of another shard.
   */
  next(partition: number): number {
    const next = this.#last + 1;
    const ahead = this.isShared ? (shardOf(partition) - (next % SHARD_COUNT) + SHARD_COUNT) % SHARD_COUNT : 0;
    this.#last = next + ahead;
    return this.#last;
  }

  /** Numbers up to this one are given. */
  given(number: number): void {
    this.#last = Math.max(this.#last, number);
  }
}
