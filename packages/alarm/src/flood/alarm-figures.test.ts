import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmFigures, type CountedAlarm } from './alarm-figures.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Of a device of its own: nothing has one cause with it. */
const own = (n: number, minute: number, over: Partial<CountedAlarm> = {}): CountedAlarm => ({
  id: `a${n}`,
  kind: 'overload',
  category: 'warning',
  priority: 'P2',
  origin: 'live',
  venueId: 'v1',
  deviceId: `d${n}`,
  pointId: 'c1',
  raisedAt: minute * MINUTE_MS,
  receivedAt: minute * MINUTE_MS,
  ...over,
});

test('a flood lasts from the eleventh line in ten minutes until there are fewer than five', () => {
  // One a minute from 0 to 10: the eleventh comes when the first has left; at 10 the count is 10.
  const calm = alarmFigures(
    Array.from({ length: 11 }, (_, i) => own(i, i)),
    0,
    HOUR_MS,
  );
  assert.deepEqual([calm.linesPerTenMinutes.most, calm.floodShare, calm.isFlood], [10, 0, false]);
  // Eleven within ten seconds of minute 6: they leave together in minute 16.
  const many = Array.from({ length: 11 }, (_, i) => own(i, 6 + i / 60));
  const flood = alarmFigures(many, 0, HOUR_MS);
  // From the eleventh at 6 min 10 s to the seventh leaving at 16 min 6 s.
  assert.equal(flood.floodShare, (10 * MINUTE_MS - 4_000) / HOUR_MS);
  assert.deepEqual(flood.linesPerTenMinutes, { mean: 11 / 6, most: 11, latest: 0 });
  const during = alarmFigures(many, 0, 7 * MINUTE_MS);
  assert.deepEqual([during.isFlood, during.linesPerTenMinutes.latest], [true, 11]);
  assert.equal(during.floodShare, 50_000 / (7 * MINUTE_MS));
});

test('alarms of one cause are one line, which came with the first of them', () => {
  const cut = Array.from({ length: 40 }, (_, i) => own(i, 1, { kind: 'underVoltage' }));
  const fire = own(99, 1, { kind: 'smoke', category: 'fire', priority: 'P1' });
  const { alarmCount, lineCount, floodShare } = alarmFigures([...cut, fire], 0, HOUR_MS);
  assert.deepEqual({ alarmCount, lineCount, floodShare }, { alarmCount: 41, lineCount: 2, floodShare: 0 });
});

test('the conditions with the most alarms, and the share of each priority', () => {
  const alarms = [
    ...Array.from({ length: 6 }, (_, i) => own(i, i, { deviceId: 'loud', priority: 'P4' })),
    ...Array.from({ length: 14 }, (_, i) => own(10 + i, i, { priority: i < 3 ? 'P1' : 'P3' })),
    own(50, 61),
  ];
  const { topTen, topTenShare, priorities } = alarmFigures(alarms, 0, HOUR_MS);
  assert.deepEqual(topTen[0], { deviceId: 'loud', pointId: 'c1', kind: 'overload', venueId: 'v1', count: 6 });
  assert.deepEqual([topTen.length, topTenShare], [10, 15 / 20]);
  assert.deepEqual(
    priorities.map(({ priority, count, share }) => [priority, count, share]),
    [
      ['P1', 3, 0.15],
      ['P2', 0, 0],
      ['P3', 11, 0.55],
      ['P4', 6, 0.3],
    ],
  );
});
