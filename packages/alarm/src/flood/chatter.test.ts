import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chatter } from './chatter.ts';

test('a condition chatters when it became active three times in a minute or five times in ten', () => {
  const fast = new Chatter();
  assert.deepEqual(
    [0, 29_000, 58_000].map((at) => fast.note('a', at)),
    [undefined, undefined, 3],
  );
  const slow = new Chatter();
  assert.deepEqual(
    [0, 2, 4, 6, 8].map((minute) => slow.note('a', minute * 60_000)),
    [undefined, undefined, undefined, undefined, 5],
  );
});

test('what lies ten minutes back, or is of another condition, does not count as chattering', () => {
  const chatter = new Chatter();
  const times = [0, 3, 6, 9, 12, 15].map((minute) => chatter.note('a', minute * 60_000));
  assert.deepEqual(new Set(times), new Set([undefined]));
  assert.equal(chatter.note('b', 15 * 60_000), undefined);
  assert.equal(chatter.note('b', 15 * 60_000), undefined);
});

test('conditions that are quiet again are forgotten', () => {
  const chatter = new Chatter();
  for (let i = 0; i < 5_000; i++) chatter.note(`c${i}`, i * 1_000);
  assert.ok(chatter.conditionCount < 2_000, `${chatter.conditionCount}`);
});
