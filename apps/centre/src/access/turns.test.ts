import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TooManyWaiting, Turns } from './turns.ts';

test('one at a time, the first line before the second, each in its order; what fails lets the next go on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ isFirst: fc.boolean(), fails: fc.boolean() }), { maxLength: 30 }),
      async (pieces) => {
        const turns = new Turns(5);
        const done: number[] = [];
        let running = 0;
        const work = (n: number, fails: boolean) => async () => {
          assert.equal(++running, 1);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          done.push(n);
          if (fails) throw new Error('failed');
        };
        const outcomes = await Promise.allSettled(
          pieces.map(({ isFirst, fails }, n) => turns.take(work(n, fails), isFirst)),
        );
        // The one that found nobody, then five of each line at most.
        const waiting = pieces.map(({ isFirst }, n) => ({ isFirst, n })).slice(1);
        const line = (wanted: boolean) =>
          waiting
            .filter(({ isFirst }) => isFirst === wanted)
            .slice(0, 5)
            .map(({ n }) => n);
        assert.deepEqual(done, [...pieces.keys()].slice(0, 1).concat(line(true), line(false)));
        for (const [n, outcome] of outcomes.entries()) {
          const wasTurnedAway = outcome.status === 'rejected' && outcome.reason instanceof TooManyWaiting;
          assert.equal(wasTurnedAway, !done.includes(n));
          if (!wasTurnedAway) assert.equal(outcome.status === 'rejected', pieces[n]?.fails);
        }
        assert.equal(await turns.take(async () => 'free', false), 'free');
      },
    ),
  );
});
