import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../random/random-stream.ts';
import { scheduleCourse, type Switching } from './schedule-course.ts';
import type { Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;
/** 08:30 in UTC+8. */
const MORNING = Date.UTC(2026, 10, 21, 0, 30);

function take(schedule: Schedule, untilMs: number, startAtMs = MORNING): Switching[] {
  const switchings: Switching[] = [];
  for (const switching of scheduleCourse(schedule, startAtMs, new RandomStream(11, 'schedule'))) {
    if (switching.atMs > untilMs) break;
    switchings.push(switching);
  }
  return switchings;
}

test('spans switch at their own instants, and one that began before the start was on long since', () => {
  assert.deepEqual(take({ kind: 'spans', spans: [{ onAtMs: -1, offAtMs: 50 }, { onAtMs: 70 }] }, 1000), [
    { atMs: -Infinity, isOn: true },
    { atMs: 50, isOn: false },
    { atMs: 70, isOn: true },
  ]);
  assert.deepEqual(take({ kind: 'spans', spans: [] }, 1000), [{ atMs: -Infinity, isOn: false }]);
});

test('spans out of order are refused', () => {
  const spans = [
    { onAtMs: 100, offAtMs: 200 },
    { onAtMs: 150, offAtMs: 300 },
  ];
  assert.throws(() => take({ kind: 'spans', spans }, 1000), /expected spans in order/);
});

test('a thermostat keeps its duty over a day', () => {
  const switchings = take({ kind: 'cycle', onMs: 600_000, offMs: 900_000 }, 24 * HOUR_MS);
  let onMs = 0;
  for (const [index, { atMs, isOn }] of switchings.entries()) {
    assert.equal(isOn, switchings[0]?.isOn === (index % 2 === 0));
    if (isOn) onMs += (switchings[index + 1]?.atMs ?? 24 * HOUR_MS) - Math.max(0, atMs);
  }
  assert.ok(Math.abs(onMs / (24 * HOUR_MS) - 0.4) < 0.04, `duty is ${onMs / (24 * HOUR_MS)}`);
});

test('daily hours follow the local clock, past midnight too', () => {
  const day = take({ kind: 'daily', hours: [{ from: 9, to: 18 }], jitterMs: 0 }, 24 * HOUR_MS);
  assert.deepEqual(day, [
    { atMs: -Infinity, isOn: false },
    { atMs: 0.5 * HOUR_MS, isOn: true },
    { atMs: 9.5 * HOUR_MS, isOn: false },
  ]);
  const night = take({ kind: 'daily', hours: [{ from: 18, to: 9 }], jitterMs: 0 }, 24 * HOUR_MS);
  assert.deepEqual(night, [
    { atMs: -Infinity, isOn: true },
    { atMs: 0.5 * HOUR_MS, isOn: false },
    { atMs: 9.5 * HOUR_MS, isOn: true },
  ]);
});

test('visits come at their mean rate, only within the hours, and last their time', () => {
  const days = 60;
  const visits = take({ kind: 'visits', perHour: 3, onMs: 60_000, hours: { from: 8, to: 20 } }, days * 24 * HOUR_MS);
  const starts = visits.filter(({ isOn }) => isOn);
  for (const { atMs } of starts) {
    const hour = (((MORNING + atMs) / HOUR_MS + 8) % 24) + 0;
    assert.ok(hour >= 8 && hour <= 20, `visit at ${hour} h`);
  }
  // 36 a day less the twentieth of the time that a visit is under way.
  const perDay = starts.length / days;
  assert.ok(perDay > 31 && perDay < 37.5, `${perDay} visits a day`);
});

test('schedules that make no sense are refused', () => {
  assert.throws(() => take({ kind: 'cycle', onMs: 0, offMs: 5 }, 10), /expected both above 0/);
  assert.throws(() => take({ kind: 'visits', perHour: -1, onMs: 5 }, 10), /perHour -1/);
  assert.throws(() => take({ kind: 'daily', hours: [{ from: 9, to: 30 }] }, 10), /hours 9 … 30/);
});
