import { homeShards } from '../situation/duty.ts';

/** Who shall have each shard: '' is the centre that leads. */
export type Deal = ReadonlyMap<number, string>;

/**
 * Shards of venues go to the workers, as many to each, and as few as possible change hands; those with what is of no
 * venue stay with who leads, as do all while there is no worker.
 */
export function dealShards(now: Deal, workers: readonly string[]): Deal {
  const free = [...now.keys()].filter((shard) => !homeShards.has(shard));
  const deal = new Map([...now.keys()].map((shard) => [shard, '']));
  if (workers.length === 0) return deal;
  const most = Math.ceil(free.length / workers.length);
  // So many workers have one more than the others.
  let full = free.length - (most - 1) * workers.length;
  const has = new Map(workers.map((worker) => [worker, free.filter((shard) => now.get(shard) === worker)]));
  const left = free.filter((shard) => !has.has(now.get(shard) ?? ''));
  // Who has most keeps most.
  const byHave = [...has].sort(([, one], [, other]) => other.length - one.length);
  const quota = new Map<string, number>();
  for (const [worker, held] of byHave) {
    const mayKeep = full > 0 ? most : most - 1;
    if (full > 0) full--;
    quota.set(worker, mayKeep);
    for (const shard of held.slice(0, mayKeep)) deal.set(shard, worker);
    left.push(...held.slice(mayKeep));
  }
  for (const [worker, held] of byHave) {
    for (let count = held.length; count < (quota.get(worker) ?? 0); count++) {
      const shard = left.shift();
      if (shard !== undefined) deal.set(shard, worker);
    }
  }
  return deal;
}
