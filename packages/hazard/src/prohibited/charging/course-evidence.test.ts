import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseEvidence } from './course-evidence.ts';
import type { CourseMeasured } from './course-evidence.ts';
import { normals } from './test-circuit.ts';

/** Nine minutes of a load of 200 VA, `factorAt` minutes since switch-on. */
function measured(
  factorAt: (minutes: number) => number,
  noiseVa = 0.1,
  more: Partial<CourseMeasured> = {},
): CourseMeasured {
  const normal = normals(11);
  const firstMin = 3.5 / 3;
  const bins = Array.from({ length: 26 }, (_, k) => 200 * factorAt(firstMin + k / 3) + noiseVa * normal());
  const circuit = { calmVa: Math.max(0.1, noiseVa), driftVaPerMin: 0, driftErrorVaPerMin: 0.01 };
  return { bins, firstMin, minutesPerBin: 1 / 3, ...circuit, shifts: [], ...more };
}

function logOdds(course: CourseMeasured): number {
  return courseEvidence(course)?.logOdds ?? NaN;
}

test('a slow rise and an immediate tail speak for a battery, warming, wandering and flat power against one', () => {
  for (const pct of [0.03, 0.06, 0.12, 0.25]) {
    assert.ok(logOdds(measured((t) => 1 + (pct / 100) * t)) > 1.5, `rise of ${pct} %/min`);
  }
  for (const tau of [15, 30, 70]) {
    const evidence = courseEvidence(measured((t) => Math.exp(-t / tau)));
    assert.ok((evidence?.logOdds ?? 0) > 1.5, `tail of ${tau} min: ${evidence?.logOdds}`);
    assert.ok((evidence?.constantCurrentShare ?? 1) < 0.1);
  }
  for (const [fall, tau] of [
    [0.02, 3],
    [0.035, 5],
    [0.05, 8],
    [0.08, 5],
  ] as const) {
    assert.ok(logOdds(measured((t) => 1 - fall * (1 - Math.exp(-t / tau)))) < -1.5, `lamp ${fall} in ${tau} min`);
  }
  const normal = normals(4);
  let level = 1;
  assert.ok(logOdds(measured(() => (level += 0.008 * normal()))) < -1.2, 'wandering');
});

test('a circuit that hides the course gives no odds for what cannot be seen', () => {
  const hidden = { driftErrorVaPerMin: 20, calmVa: 20 };
  const rising = logOdds(measured((t) => 1 + 0.0006 * t, 20, hidden));
  const lamp = logOdds(measured((t) => 1 - 0.03 * (1 - Math.exp(-t / 4)), 20, hidden));
  assert.ok(Math.abs(rising) < 1 && Math.abs(lamp) < 1, `${rising} ${lamp}`);
});

test('the known drift of the circuit is taken off, and a shift of somebody else does not hide a rise', () => {
  const rise = (t: number): number => 1 + 0.0008 * t;
  const drifting = measured((t) => rise(t) - 0.005 * t, 0.1, { driftVaPerMin: -1, driftErrorVaPerMin: 0.02 });
  assert.ok(logOdds(drifting) > 1, `${logOdds(drifting)}`);
  const shifted = measured((t) => rise(t) + (t > 5.2 ? -0.02 : 0), 0.1, { shifts: [12] });
  assert.ok(logOdds(shifted) > 0, `${logOdds(shifted)}`);
});

test('a movement that others may have caused is no evidence, neither against a battery nor for one', () => {
  const fall = (t: number): number => -0.03 * (1 - Math.exp(-t / 4));
  const series = Array.from({ length: 26 }, (_, k) => 200 * fall(3.5 / 3 + k / 3));
  const blamed = logOdds(measured((t) => 1 + 0.0008 * t + fall(t)));
  const excused = logOdds(measured((t) => 1 + 0.0008 * t + fall(t), 0.1, { others: [series] }));
  assert.ok(blamed < -1.5, `${blamed}`);
  assert.ok(excused > blamed + 1.5, `${blamed} ${excused}`);
  const rise = Array.from({ length: 26 }, (_, k) => 200 * 0.0008 * (3.5 / 3 + k / 3));
  const doubtful = logOdds(measured((t) => 1 + 0.0008 * t, 0.1, { others: [rise] }));
  assert.ok(doubtful < logOdds(measured((t) => 1 + 0.0008 * t)), `${doubtful}`);
});

test('power that is adjusted by tenths is no battery’s, also of a load that does not flicker', () => {
  const normal = normals(9);
  let level = 1;
  const pump = measured(() => (level += 0.04 * normal()), 0.1, { livelyShare: 0.05 });
  assert.ok(logOdds(pump) < -1.5, `${logOdds(pump)}`);
});

test('a fall of one per cent a minute is a small battery’s as well, unless the load draws too much for one', () => {
  const fall = (t: number): number => Math.exp(-t / 100);
  const small = logOdds(measured(fall, 0.05));
  const large = logOdds(measured(fall, 0.05, { smallBatteryShare: 0 }));
  assert.ok(large > small + 1.5, `${small} ${large}`);
  // What motors and lamps do is not touched by it.
  const lamp = (t: number): number => 1 - 0.035 * (1 - Math.exp(-t / 5));
  assert.ok(logOdds(measured(lamp, 0.1, { smallBatteryShare: 0 })) < -1.5);
});

test('fewer than six known bins tell nothing', () => {
  const course = measured(() => 1);
  const bins = Array.from(course.bins, (value, k) => (k < 21 ? NaN : value));
  assert.equal(courseEvidence({ ...course, bins }), undefined);
});
