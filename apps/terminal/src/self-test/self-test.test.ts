import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMinuteOfDay } from '../site/minute-of-day.ts';
import { createFaultDesk } from './fault-desk.ts';
import { isSelfTestDue, selfTestMinuteOf } from './self-test-schedule.ts';

const HOUR_MS = 3_600_000;
const shanghai = createMinuteOfDay('Asia/Shanghai');
/** 03:00 of 22 November 2026 in Shanghai is 19:00 UTC of the 21st. */
const threeOClock = Date.UTC(2026, 10, 21, 19);

test('the self-test is due once after each turn of its time, also when the terminal was off just then', () => {
  const due = (now: number, last?: number, startedAt = threeOClock - 48 * HOUR_MS): boolean =>
    isSelfTestDue({ minute: 180, startedAt, ...(last !== undefined && { last }) }, shanghai, now);
  const dayBefore = threeOClock - 24 * HOUR_MS + 5_000;
  assert.equal(due(threeOClock - 1000, dayBefore), false);
  assert.equal(due(threeOClock, dayBefore), true);
  assert.equal(due(threeOClock + 5000, threeOClock + 2000), false, 'it was just done');
  assert.equal(due(threeOClock + 9 * HOUR_MS, dayBefore), true, 'off at three, started at noon');
  assert.equal(
    due(threeOClock + 9 * HOUR_MS, undefined, threeOClock + 9 * HOUR_MS - 29_000),
    false,
    'too early after a start',
  );
  assert.equal(due(threeOClock + 9 * HOUR_MS, undefined, threeOClock + 9 * HOUR_MS - 31_000), true, 'never done');
  assert.equal(due(threeOClock, threeOClock + HOUR_MS), true, 'the clock was set back');
});

test('over a month it is done thirty times', () => {
  let last: number | undefined;
  let count = 0;
  for (let now = threeOClock; now < threeOClock + 30 * 24 * HOUR_MS; now += 10_000) {
    if (!isSelfTestDue({ minute: 180, startedAt: 0, ...(last !== undefined && { last }) }, shanghai, now)) continue;
    last = now;
    count += 1;
  }
  assert.equal(count, 30);
});

test('devices spread over two hours, each always at the same time', () => {
  const minutes = Array.from({ length: 1000 }, (_, index) => selfTestMinuteOf(`term-${index}`));
  assert.ok(minutes.every((minute) => minute >= 120 && minute < 240));
  assert.ok(new Set(minutes).size > 60);
  assert.equal(selfTestMinuteOf('term-7'), selfTestMinuteOf('term-7'));
});

const well = { sampling: { ok: true, detail: 'fine' } };
const ill = { sampling: { ok: false, detail: 'newest samples 9000 ms old' } };

test('a self-test is told each day, a failed one is active, and one that was missed is until the next is on time', () => {
  const told: { active?: boolean; passed: unknown; reasons: string[] }[] = [];
  const desk = createFaultDesk(({ active, evidence }) => {
    const reasons = (evidence?.['reasons'] as { reason: string }[]).map(({ reason }) => reason);
    told.push({ active: active === true, passed: evidence?.['passed'], reasons });
  });
  const day = 24 * HOUR_MS;
  desk.selfTest(well, 0);
  desk.selfTest(ill, day);
  desk.selfTest(well, 2 * day);
  desk.selfTest(well, 5 * day);
  desk.selfTest(well, 6 * day);
  assert.deepEqual(told, [
    { active: false, passed: true, reasons: [] },
    { active: true, passed: false, reasons: ['selfTest'] },
    { active: false, passed: true, reasons: [] },
    { active: true, passed: true, reasons: ['selfTestMissed'] },
    { active: false, passed: true, reasons: [] },
  ]);
  assert.deepEqual(desk.lastSelfTest(), { at: 6 * day, passed: true });
});

test('a passed self-test never ends another fault of the terminal, and a fault of the run before ends when it is seen to be well', () => {
  const told: (readonly [string | undefined, boolean | undefined])[] = [];
  const desk = createFaultDesk(({ point, active }) => told.push([point, active]), { faults: ['c1'] });
  desk.set('', 'bus/b1', { source: 'b1', reason: 'notConnected', detail: 'refused' });
  desk.selfTest(well, 0);
  desk.set('', 'bus/b1', { source: 'b1', reason: 'notConnected', detail: 'refused again' });
  desk.set('', 'bus/b1', undefined);
  desk.set('c1', 'm1/offline', undefined);
  desk.set('c2', 'm2/offline', undefined);
  assert.deepEqual(told, [
    ['', true],
    ['', true],
    ['', false],
    ['c1', false],
  ]);
  assert.deepEqual(desk.active(), []);
});
