import assert from 'node:assert/strict';
import test from 'node:test';
import { Ticker } from './ticker.ts';

test('all listeners of a pace share one timer, which ends with the last of them', () => {
  const running = new Map<number, () => void>();
  let made = 0;
  const ticker = new Ticker(1_000, {
    setTimer: (run, everyMs) => {
      assert.equal(everyMs, 1_000);
      running.set(++made, run);
      return made;
    },
    clearTimer: (timer) => running.delete(timer as number),
  });
  const heard: string[] = [];
  const leave = ['a', 'b'].map((name) => ticker.subscribe(() => heard.push(name)));
  for (const run of running.values()) run();
  assert.deepEqual([made, heard], [1, ['a', 'b']]);
  leave[0]?.();
  leave[0]?.();
  assert.equal(running.size, 1);
  leave[1]?.();
  assert.equal(running.size, 0);
  ticker.subscribe(() => undefined)();
  assert.deepEqual([made, running.size], [2, 0]);
});
