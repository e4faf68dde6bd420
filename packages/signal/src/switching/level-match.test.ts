import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupLevels, matchLevels } from './level-match.ts';

const pulses = (low: number, high: number, pattern: string): number[] =>
  [...pattern].map((mark) => (mark === 'h' ? high : low));

test('values fall into the levels that gaps separate, lowest first', () => {
  assert.deepEqual(
    groupLevels([5, 0.1, 4.9, 0, 5.2], 0.5).map(({ members }) => members.toSorted()),
    [
      [1, 3],
      [0, 2, 4],
    ],
  );
  assert.equal(groupLevels([1, 1.4, 1.8, 2.2], 0.5).length, 1);
});

test('with both levels on both sides the shift of the switched load is found, whatever it is', () => {
  for (const shift of [0, 0.7, -0.7, 3, 5, -5, 9]) {
    const before = pulses(0, 5, 'llhhllhh');
    const after = pulses(shift, 5 + shift, 'hllhhll');
    const { levels } = matchLevels(before, after, 0.05, false);
    assert.deepEqual(levels, [
      { before: [0, 1, 4, 5], after: [1, 2, 5, 6] },
      { before: [2, 3, 6, 7], after: [0, 3, 4] },
    ]);
  }
});

test('with one level after the switch the background is taken to go on as it was', () => {
  assert.deepEqual(matchLevels(pulses(0, 5, 'llllhhhh'), [7, 7, 7, 7], 0.05, false).levels, [
    { before: [4, 5, 6, 7], after: [0, 1, 2, 3] },
  ]);
});

test('with one level after the switch and a flank of the pulse at it, the smaller change is taken', () => {
  assert.deepEqual(matchLevels(pulses(0, 5, 'hhhhllll'), [5.4, 5.4, 5.4, 5.4], 0.05, true).levels, [
    { before: [0, 1, 2, 3], after: [0, 1, 2, 3] },
  ]);
});
