import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecentPower } from './recent-power.ts';

const STARTED_AT = 11_000;

/** Cycles of 20 ms from 3 s before to 6 s after a switch-on at 10 s; `powerAt` counts from the switch-on, ms. */
function riseOf(powerAt: (ms: number) => number, stepW = 200): number {
  const recent = createRecentPower();
  for (let at = 7000; at <= 16_000; at += 20) recent.push(at, powerAt(at - 10_000));
  return recent.riseMs(STARTED_AT, stepW);
}

test('a ramp of one second rises to 85 % from 6 % of its step in 790 ms', () => {
  const rise = riseOf((ms) => 30 + 200 * Math.min(1, Math.max(0, ms / 1000)));
  assert.ok(Math.abs(rise - 790) <= 40, `${rise} ms`);
});

test('a lamp that is there at once has risen within two slots', () => {
  assert.ok(riseOf((ms) => (ms > 0 ? 230 : 30)) <= 80);
});

test('a thermistor in its first cycle does not shorten the soft start behind it', () => {
  const rise = riseOf((ms) => (ms > 0 && ms <= 20 ? 1500 : 30 + 200 * Math.min(1, Math.max(0, ms / 1000))));
  assert.ok(Math.abs(rise - 850) <= 60, `${rise} ms`);
});

test('a television behind it blurs the rise but does not hide it, a heater that pulses does', () => {
  const ramp = (ms: number): number => 200 * Math.min(1, Math.max(0, ms / 1000));
  const rise = riseOf((ms) => 100 + 10 * Math.sin(ms / 70) + ramp(ms));
  assert.ok(rise > 500 && rise < 1000, `${rise} ms`);
  assert.ok(Number.isNaN(riseOf((ms) => (Math.floor((ms + 1e5) / 500) % 2) * 400 + ramp(ms))));
});

test('what a heater does after the rise does not lengthen it, and a heater in its stead is not its rise', () => {
  const ramp = (ms: number): number => 30 + 200 * Math.min(1, Math.max(0, ms / 1000));
  const rise = riseOf((ms) => ramp(ms) + (ms > 1500 && ms < 3000 ? -150 : 0));
  assert.ok(Math.abs(rise - 790) <= 40, `${rise} ms`);
  assert.ok(Number.isNaN(riseOf((ms) => ramp(ms) + (ms > 300 ? 900 : 0))));
});

test('with its contact known a rise is seen although a heater that went off began the step', () => {
  const recent = createRecentPower();
  const powerAt = (ms: number): number => (ms < 0 ? 1030 : 30) + 200 * Math.min(1, Math.max(0, (ms - 2500) / 1000));
  for (let at = 7000; at <= 17_000; at += 20) recent.push(at, powerAt(at - 10_000));
  assert.ok(recent.riseMs(STARTED_AT, 200) >= 5000);
  const rise = recent.riseMs(STARTED_AT, 200, 12_500);
  assert.ok(Math.abs(rise - 790) <= 40, `${rise} ms`);
});

test('a step that was not watched, and a hole in the cycles, tell nothing', () => {
  assert.ok(Number.isNaN(createRecentPower().riseMs(STARTED_AT, 100)));
  const recent = createRecentPower();
  for (let at = 7000; at <= 16_000; at += 20) if (at < 9000 || at > 9600) recent.push(at, 10);
  assert.ok(Number.isNaN(recent.riseMs(STARTED_AT, 100)));
});

test('power that is not a number begins anew', () => {
  const recent = createRecentPower();
  for (let at = 7000; at <= 16_000; at += 20) recent.push(at, at === 9400 ? NaN : at > 10_000 ? 210 : 10);
  assert.ok(Number.isNaN(recent.riseMs(STARTED_AT, 200)));
});
