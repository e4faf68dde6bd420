import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseStray } from './course-stray.ts';
import { normals } from './test-circuit.ts';

/** Means of 20 s of a load of 200, nine minutes long. */
function valuesOf(factorAt: (minutes: number) => number, noise = 0): number[] {
  const normal = normals(5);
  return Array.from({ length: 26 }, (_, k) => 200 * factorAt(k / 3) + noise * normal());
}

test('a battery’s rise, its tail and what holds still do not stray', () => {
  for (const factorAt of [
    (t: number) => 1 + 0.004 * t,
    (t: number) => 1 + 0.0003 * t,
    (t: number) => Math.exp(-t / 40),
    () => 1,
  ]) {
    const stray = courseStray(valuesOf(factorAt), 1 / 3, 0);
    assert.ok(stray < 0.005, String(stray));
  }
});

test('a load that is adjusted strays by what it is adjusted by, whatever its unit', () => {
  const pump = valuesOf((t) => 1 + 0.1 * Math.sin(2 * t));
  const stray = courseStray(pump, 1 / 3, 0.2);
  // The rms of a sine of a tenth.
  assert.ok(Math.abs(stray - 0.1 / Math.SQRT2) < 0.01, String(stray));
  const kilo = courseStray(
    pump.map((value) => value / 1000),
    1 / 3,
    0.0002,
  );
  assert.ok(Math.abs(kilo - stray) < 1e-12);
});

test('what rises faster than any battery strays by what it rises too much', () => {
  // 2.5 % a minute about the middle of 25 thirds of a minute; 0.5 of it is a battery’s.
  const stray = courseStray(
    valuesOf((t) => 1 + 0.025 * (t - 25 / 6)),
    1 / 3,
    0,
  );
  const rms = (0.02 / 3) * Math.sqrt((26 * 26 - 1) / 12);
  assert.ok(Math.abs(stray - rms) < 1e-9, `${stray}, expected ${rms}`);
});

test('what the circuit scattered before is taken off, but not more than two per cent of the load', () => {
  const noisy = valuesOf(() => 1, 3);
  assert.ok(courseStray(noisy, 1 / 3, 0) > 0.01);
  assert.ok(courseStray(noisy, 1 / 3, 3) < 0.008);
  const pump = valuesOf((t) => 1 + 0.1 * Math.sin(2 * t));
  assert.ok(courseStray(pump, 1 / 3, 60) > 0.06, 'a heater’s step among the seconds before is no scatter');
});

test('one shift of the level is another load’s where a line remains, two are the load’s own', () => {
  const once = valuesOf((t) => (t < 4 ? 1 : 0.82));
  assert.ok(courseStray(once, 1 / 3, 0) < 0.005, String(courseStray(once, 1 / 3, 0)));
  const twice = valuesOf((t) => (t < 3 || t > 6 ? 1 : 0.8));
  assert.ok(courseStray(twice, 1 / 3, 0) > 0.05, String(courseStray(twice, 1 / 3, 0)));
});

test('of eleven values nothing is said, and those not known count for nothing', () => {
  const few = valuesOf((t) => 1 + 0.1 * Math.sin(2 * t)).map((value, k) => (k < 11 ? value : NaN));
  assert.ok(Number.isNaN(courseStray(few, 1 / 3, 0)));
  const gaps = valuesOf(() => 1).map((value, k) => (k % 2 === 0 ? value : NaN));
  assert.ok(courseStray(gaps, 1 / 3, 0) < 1e-9);
  assert.ok(
    Number.isNaN(
      courseStray(
        valuesOf(() => 0),
        1 / 3,
        0,
      ),
    ),
  );
});
