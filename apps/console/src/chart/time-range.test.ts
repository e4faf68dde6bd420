import assert from 'node:assert/strict';
import test from 'node:test';
import { rangeSearchOf, refreshEveryMs, timeRangeOf } from './time-range.ts';

test('a preset follows the clock, a brushed range stands still', () => {
  assert.deepEqual(timeRangeOf({ range: '1h' }, 10_000_000), { from: 6_400_000, to: 10_000_000, isFollowing: true });
  assert.deepEqual(timeRangeOf({ from: '5', to: '9' }, 10_000_000), { from: 5, to: 9, isFollowing: false });
  assert.deepEqual(timeRangeOf({}, 900_000), { from: 0, to: 900_000, isFollowing: true });
});

test('an unreadable range of an old link is dropped', () => {
  assert.deepEqual(rangeSearchOf({ from: '9', to: '5', range: '1h' }), { range: '1h' });
  assert.deepEqual(rangeSearchOf({ from: 'x', to: '5' }), {});
  assert.deepEqual(rangeSearchOf({ range: 'soon' }), {});
  assert.deepEqual(rangeSearchOf({ from: '5', to: '9', range: '1h' }), { from: '5', to: '9' });
});

test('a following range is refreshed at the pace of its width, a fixed one never', () => {
  assert.equal(refreshEveryMs(timeRangeOf({ range: '5m' }, 1e12)), 2_000);
  assert.equal(refreshEveryMs(timeRangeOf({ range: '1h' }, 1e12)), 12_000);
  assert.equal(refreshEveryMs(timeRangeOf({ range: '7d' }, 1e12)), 60_000);
  assert.equal(refreshEveryMs(timeRangeOf({ from: '5', to: '9' }, 1e12)), false);
});
