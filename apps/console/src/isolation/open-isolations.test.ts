import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Isolation } from '@fengsui/protocol';
import { applyBatch, applySnapshot, emptyLiveState } from '../live/live-state.ts';
import { openIsolations, unnoticed } from './open-isolations.ts';

const isolation = (id: string, change: Partial<Isolation> = {}): Isolation => ({
  id,
  venueId: 'V1',
  kind: 'isolated',
  reason: 'works',
  state: 'active',
  needsApproval: false,
  askedAt: '2026-01-01T00:00:00.000Z',
  askedBy: 'li',
  until: '2026-01-01T04:00:00.000Z',
  isEndingSoon: false,
  detectorCount: 1,
  lifeSafetyCount: 0,
  hiddenNow: 0,
  hiddenFireNow: 0,
  suppressedCount: 0,
  suppressedFireCount: 0,
  ...change,
});

test('what the feed says of isolations replaces by id and leaves when it is over; the next to end is first', () => {
  const [early, late] = [isolation('b', { until: '2026-01-01T03:00:00.000Z' }), isolation('a', { state: 'asked' })];
  const begun = applyBatch(emptyLiveState, { isolations: [late, early] });
  assert.deepEqual(openIsolations(begun.isolations), [early, late]);
  for (const state of ['ended', 'lapsed', 'withdrawn'] as const)
    assert.deepEqual(openIsolations(applyBatch(begun, { isolations: [{ ...early, state }] }).isolations), [late]);
  assert.deepEqual(openIsolations(applySnapshot(begun, {}).isolations), [], 'a snapshot is the whole truth');
});

test('of the end a notice sounds once at a seat, and only of what is active', () => {
  const { isolations } = applyBatch(emptyLiveState, {
    isolations: [
      isolation('a', { isEndingSoon: true }),
      isolation('b', { isEndingSoon: true, state: 'asked' }),
      isolation('c'),
      isolation('d', { isEndingSoon: true }),
    ],
  });
  const ids = (noticed: readonly string[]): readonly string[] =>
    unnoticed(isolations, new Set(noticed)).map(({ id }) => id);
  assert.deepEqual(ids([]), ['a', 'd']);
  assert.deepEqual(ids(['a']), ['d']);
  assert.deepEqual(ids(['a', 'd']), []);
});
