import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules, ruleOfLimit, type Rule } from '@fengsui/alarm';
import { RaisedCount } from './count-raised.ts';

const limit = defaultLimitRules.find(({ id }) => id === 'heat-alarm');
assert.ok(limit);
const rule = ruleOfLimit(limit);
const HEAT = 'heat.temperatureC';

test('a trial counts as the watch raises: with delays that end by themselves, and once for each excursion', () => {
  const count = new RaisedCount(rule);
  // Above 57 °C for 5 s, back below 54 for 30 s; a report a minute: delays end between reports.
  count.sample(HEAT, 0, 60);
  count.sample(HEAT, 60_000, 61);
  assert.deepEqual([count.count, count.examples], [1, [{ at: 5_000, value: 60 }]]);
  count.sample(HEAT, 120_000, 20);
  count.sample(HEAT, 180_000, 60);
  count.until(200_000);
  assert.deepEqual([count.count, count.examples.at(-1)?.at], [2, 185_000]);
});

test('what is shorter than the delay is not raised, and no more than 20 examples are kept', () => {
  const count = new RaisedCount(rule);
  count.sample(HEAT, 0, 60);
  count.sample(HEAT, 4_000, 20);
  count.until(60_000);
  assert.equal(count.count, 0);
  for (let i = 1; i <= 30; i++) {
    count.sample(HEAT, i * 600_000, 60);
    count.sample(HEAT, i * 600_000 + 300_000, 20);
  }
  assert.deepEqual([count.count, count.examples.length], [30, 20]);
});

test('a count in a window and a combination raise in a trial as in the watch', () => {
  const part = { kind: 'limit', direction: 'above', deadband: 0, onDelayMs: 0, offDelayMs: 0 } as const;
  const thrice: Rule = {
    ...rule,
    test: { kind: 'count', of: { ...part, point: 'a', threshold: 10 }, atLeast: 3, windowMs: 60_000 },
  };
  const count = new RaisedCount(thrice);
  for (let i = 0; i < 6; i++) count.sample('a', i * 10_000, i % 2 === 0 ? 11 : 9);
  assert.deepEqual([count.count, count.examples[0]?.at], [1, 40_000]);
  // Its window is over at 60 s of the first; three more within a minute are another time.
  for (let i = 0; i < 6; i++) count.sample('a', 200_000 + i * 10_000, i % 2 === 0 ? 11 : 9);
  assert.equal(count.count, 2);

  const of = [
    { ...part, point: 'a', threshold: 10 },
    { ...part, point: 'b', threshold: 5 },
  ];
  const both = new RaisedCount({ ...rule, test: { kind: 'combination', operator: 'and', of } });
  both.sample('a', 0, 11);
  both.sample('b', 1_000, 4);
  assert.equal(both.count, 0);
  both.sample('b', 2_000, 6);
  both.sample('a', 3_000, 12);
  assert.deepEqual([both.count, both.examples], [1, [{ at: 2_000, value: 11 }]]);
});
