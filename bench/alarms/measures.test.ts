import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import { barsOf, countsIn, measuresOf } from './measures.ts';
import type { Duty } from './simulate-duty.ts';

const HOUR_MS = 3_600_000;
const START = 1_000 * HOUR_MS;

const rowAt = (at: number, id = 'a0') => ({ at, alarm: { id, kind: 'smoke', priority: 'P1' } as Alarm });
const duty = (change: Partial<Duty>): Duty => ({
  startAt: START,
  days: 1,
  rows: [],
  taken: [],
  owned: [],
  longestQueue: 0,
  entryCount: 0,
  ...change,
});
const ownedAfter = (afterMs: number | undefined, isMasked = false) => ({
  what: 'fire',
  isFire: true,
  isMasked,
  ...(afterMs !== undefined && { afterMs }),
});

test('instants are counted in the piece they lie in, and outside of the span nowhere', () => {
  assert.deepEqual(countsIn([99, 100, 109, 110, 129, 130], 100, 130, 10), [2, 1, 1]);
});

test('eighteen rows in every hour are six for each of three seats', () => {
  const rows = Array.from({ length: 24 * 18 }, (_, n) => rowAt(START + (n * HOUR_MS) / 18));
  const measures = measuresOf(duty({ rows }), 3);
  assert.deepEqual(measures.rowsPerSeatHour, { median: 6, p95: 6, max: 6 });
  assert.equal(measures.floodShareOfRoom, 0);
  assert.deepEqual(measures.byKind, [['smoke P1', 432]]);
});

test('eleven rows within ten minutes are a flood of the room, thirty-one one of each of three seats', () => {
  const burst = (window: number, count: number) =>
    Array.from({ length: count }, (_, n) => rowAt(START + window * 600_000 + n));
  const measures = measuresOf(duty({ rows: [...burst(0, 10), ...burst(5, 11), ...burst(9, 31)] }), 3);
  // A day has 144 windows.
  assert.equal(measures.floodShareOfRoom, 2 / 144);
  assert.equal(measures.floodSharePerSeat, 1 / 144);
});

test('who took nothing, and what came in under an acknowledged alarm, is not owned', () => {
  const owned = [5_000, 30_000, 30_001, 60_000, 60_001].map((ms) => ownedAfter(ms));
  const measures = measuresOf(duty({ owned: [...owned, ownedAfter(undefined), ownedAfter(undefined, true)] }));
  assert.equal(measures.ownedWithin30, 2 / 7);
  assert.equal(measures.ownedWithin60, 4 / 7);
  assert.deepEqual([measures.masked, measures.notOwned, measures.slowestS], [1, 1, Infinity]);
  assert.deepEqual(
    barsOf(measures).map(({ isMet }) => isMet),
    [true, true, false, false],
  );
});

test('the seats are busy for the 45 s of every alarm they take', () => {
  const taken = Array.from({ length: 96 }, (_, n) => ({
    at: START + n,
    rowId: `a${n}`,
    alarmIds: [`a${n}`],
    seat: n % 3,
  }));
  // 96 × 45 s = 4,320 s of 3 × 86,400 s.
  assert.ok(Math.abs(measuresOf(duty({ taken }), 3).busyShare - 4_320 / 259_200) < 1e-12);
});

test('a row waits until the first key on its alarm from then on, and one that nobody takes to the end', () => {
  const rows = [rowAt(START), rowAt(START + 1_000_000), rowAt(START + 23 * HOUR_MS, 'a1')];
  const taken = [
    { at: START + 5_000, rowId: 'a0', alarmIds: ['a0'], seat: 0 },
    // By then it had gone to a group.
    { at: START + 1_700_000, rowId: 'g', alarmIds: ['a0', 'a9'], seat: 0 },
  ];
  const { longestWaitMin, longWaitShare } = measuresOf(duty({ rows, taken }));
  assert.deepEqual([longestWaitMin, longWaitShare], [60, 2 / 3]);
});
