import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBetweenBlocks } from './between-blocks.ts';

test('what is requested is done in order at the next turn, and a failure is told to its own caller', async () => {
  const requests = createBetweenBlocks<number>();
  const done: number[] = [];
  const answers = Promise.allSettled([requests.request(1), requests.request(2), requests.request(3)]);
  assert.equal(done.length, 0);
  requests.take((what) => {
    if (what === 2) throw new RangeError('two does not fit');
    done.push(what);
  });
  assert.deepEqual(done, [1, 3]);
  const [first, second, third] = await answers;
  assert.deepEqual([first.status, third.status], ['fulfilled', 'fulfilled']);
  assert.match(String(second.status === 'rejected' && second.reason), /two does not fit/);
  requests.take((what) => done.push(what));
  assert.deepEqual(done, [1, 3], 'what was done is not done again');
});

test('what waits when the terminal ends is refused', async () => {
  const requests = createBetweenBlocks<string>();
  const answer = requests.request('late');
  requests.end();
  await assert.rejects(answer, /the terminal has ended/);
});
