import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { homeShards } from '../situation/duty.ts';
import { SHARD_COUNT } from '../situation/share.ts';
import { dealShards, type Deal } from './deal-shards.ts';

const ALL = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
const FREE = ALL.filter((shard) => !homeShards.has(shard));
const allHome: Deal = new Map(ALL.map((shard) => [shard, '']));

const countOf = (deal: Deal, worker: string): number => [...deal.values()].filter((holder) => holder === worker).length;

test('without workers the centre has everything, with them the shards of no venue', () => {
  assert.deepEqual(dealShards(new Map(allHome).set(3, 'gone'), []), allHome);
  const deal = dealShards(allHome, ['a']);
  assert.equal(countOf(deal, 'a'), FREE.length);
  for (const shard of homeShards) assert.equal(deal.get(shard), '');
});

test('whoever comes and goes, each worker has as many as any other or one more, and no more change hands than must', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const crowd = fc.subarray(names);
  fc.assert(
    fc.property(fc.array(crowd, { minLength: 1, maxLength: 8 }), (crowds) => {
      let deal: Deal = allHome;
      for (const workers of crowds) {
        const before = deal;
        deal = dealShards(before, workers);
        if (workers.length === 0) continue;
        const counts = workers.map((worker) => countOf(deal, worker));
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          FREE.length,
        );
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
        // A shard that stays possible where it is: as many as the smaller of what it had and what it may have.
        const kept = FREE.filter(
          (shard) => workers.includes(before.get(shard) ?? '') && deal.get(shard) === before.get(shard),
        );
        const mayKeep = workers
          .map((worker) => Math.min(countOf(before, worker), Math.floor(FREE.length / workers.length)))
          .reduce((sum, count) => sum + count, 0);
        assert.ok(kept.length >= mayKeep, `${kept.length} of at least ${mayKeep} kept`);
        assert.deepEqual(dealShards(deal, workers), deal, 'nothing moves without a reason');
      }
    }),
  );
});
