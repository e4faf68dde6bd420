import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules } from '@fengsui/alarm';
import { RaisedCount } from './count-raised.ts';

const rule = defaultLimitRules.find(({ id }) => id === 'heat-alarm');
assert.ok(rule);

test('a trial counts as the watch raises: with delays that end by themselves, and once for each excursion', () => {
  const count = new RaisedCount(rule);
  // Above 57 °C for 5 s, back below 54 for 30 s; a report a minute: delays end between reports.
  count.sample(0, 60);
  count.sample(60_000, 61);
  assert.deepEqual([count.count, count.examples], [1, [{ at: 5_000, value: 60 }]]);
  count.sample(120_000, 20);
  count.sample(180_000, 60);
  count.until(200_000);
  assert.deepEqual([count.count, count.examples.at(-1)?.at], [2, 185_000]);
});

test('what is shorter than the delay is not raised, and no more than 20 examples are kept', () => {
  const count = new RaisedCount(rule);
  count.sample(0, 60);
  count.sample(4_000, 20);
  count.until(60_000);
  assert.equal(count.count, 0);
  for (let i = 1; i <= 30; i++) {
    count.sample(i * 600_000, 60);
    count.sample(i * 600_000 + 300_000, 20);
  }
  assert.deepEqual([count.count, count.examples.length], [30, 20]);
});
