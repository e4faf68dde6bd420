import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingOfMean, readingOfMeter } from './charging-reading.ts';
import { nextStage, startStage } from './charging-stage.ts';
import { extendCourse, noteStep, rateOf, startCourse } from './load-course.ts';
import { filtered, matchedFilter } from './matched-filter.ts';
import { shiftedLine } from './shifted-line.ts';
import { createStepWatch, DIMENSIONS } from './step-watch.ts';
import { normals } from './test-circuit.ts';

test('a meter second gives Q and D by S² = P² + Q² + D²', () => {
  // P 300 W, Q 400 var, D 1200 VA: S = 1300, PF = 3/13, thd = 1200/500.
  const { reactivePowerVar, distortionVa } = readingOfMeter({
    at: 1,
    activePowerW: 300,
    powerFactor: 3 / 13,
    currentThdPct: 240,
  });
  assert.ok(Math.abs(reactivePowerVar - 400) < 1e-9);
  assert.ok(Math.abs(distortionVa - 1200) < 1e-9);
  assert.equal(readingOfMeter({ at: 1, activePowerW: 0, powerFactor: NaN, currentThdPct: NaN }).distortionVa, 0);
  assert.ok(
    Number.isNaN(readingOfMeter({ at: 1, activePowerW: 50, powerFactor: 1.2, currentThdPct: 10 }).distortionVa),
  );
});

test('a mean reading gives phasors of the odd harmonics up to the fifteenth', () => {
  const amps = new Float64Array(41);
  const phases = new Float64Array(41);
  amps[3] = 0.5;
  phases[3] = Math.PI / 2;
  amps[5] = 1.2;
  amps[15] = 0.3;
  const volts = new Float64Array(41);
  volts[1] = 200;
  const { distortionVa, harmonicsVa } = readingOfMean(
    {
      activePowerW: 1,
      reactivePowerVar: 2,
      voltageHarmonicsV: volts,
      currentHarmonicsA: amps,
      currentHarmonicPhasesRad: phases,
    },
    7,
  );
  // 200 V times the root of 0.25 + 1.44 + 0.09 A².
  assert.ok(Math.abs(distortionVa - 200 * Math.sqrt(1.78)) < 1e-9);
  assert.deepEqual(
    Array.from(harmonicsVa ?? [], (va) => Math.round(va)),
    [0, 100, 240, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 0],
  );
});

test('the matched filter passes the step at its size and nulls what flickered before', () => {
  const normal = normals(3);
  const other = [0, 0, 0, 30, 40, -20, 10, 5, -5];
  const seconds = Array.from({ length: 120 }, () => {
    const flicker = normal();
    return Float64Array.from(other, (va) => 10 * va + flicker * va + 0.1 * normal());
  });
  const step = Float64Array.from([100, 0, 150, -90, 10, 80, 30, -40, 20]);
  const filter = matchedFilter(seconds, step, 150, [3, 4, 5, 6, 7, 8]);
  const zero = new Array<number>(DIMENSIONS).fill(0);
  assert.ok(Math.abs(filtered(filter.weights, step, zero) - 150) < 1e-9);
  // The flicker of 55 VA per sigma comes through with less than a fiftieth of it.
  assert.ok(Math.abs(filtered(filter.weights, other, zero)) < 1.1, String(filtered(filter.weights, other, zero)));
});

test('a load whose pulses change their shape with its power is given by the matched filter in proportion to the power', () => {
  const normal = normals(9);
  const seconds = Array.from({ length: 120 }, () => Float64Array.from({ length: DIMENSIONS }, () => 0.3 * normal()));
  const step = Float64Array.from({ length: DIMENSIONS }, (_, k) => [100, 0, 150, -90, 10, 80, 30, -40, 20][k] ?? 0);
  // The third follows the power, the fifth hardly does, the seventh goes the other way.
  const growth = Float64Array.from({ length: DIMENSIONS }, (_, k) => [0, 0, 0, -90, 10, 10, 5, 40, -20][k] ?? 0);
  const used = [3, 4, 5, 6, 7, 8];
  const zero = new Array<number>(DIMENSIONS).fill(0);
  const fallen = step.map((value, k) => value - 0.2 * (growth[k] as number));
  const { weights } = matchedFilter(seconds, step, 150, used, [], growth);
  assert.ok(Math.abs(filtered(weights, step, zero) - 150) < 1e-9);
  assert.ok(Math.abs(filtered(weights, fallen, zero) - 120) < 1e-9);
  const inProportion = matchedFilter(seconds, step, 150, used).weights;
  assert.ok(filtered(inProportion, fallen, zero) > 130, String(filtered(inProportion, fallen, zero)));
});

test('a straight line with a shift is recovered exactly, the value in which it shifts left out', () => {
  const values = Array.from({ length: 24 }, (_, t) => 200 + 0.25 * t + (t > 11 ? -9 : t === 11 ? -4 : 0));
  const line = shiftedLine(values);
  assert.ok(line);
  assert.ok(Math.abs(line.slope - 0.25) < 1e-9);
  assert.equal(line.shifts, 1);
  assert.ok(line.scatter < 1e-6);
});

test('the standard error of the slope is that of least squares', () => {
  // 1, -1, 1, -1 … around a level: slope and scatter by the textbook formulas.
  const values = Array.from({ length: 8 }, (_, t) => 10 + (t % 2 === 0 ? 1 : -1));
  const line = shiftedLine(values);
  assert.ok(line);
  const sxy = values.reduce((sum, y, t) => sum + (t - 3.5) * (y - 10), 0);
  const slope = sxy / 42;
  const rest = values.reduce((sum, y, t) => sum + (y - 10 - slope * (t - 3.5)) ** 2, 0);
  assert.ok(Math.abs(line.slope - slope) < 1e-12);
  assert.ok(Math.abs(line.slopeError - Math.sqrt(rest / 6 / 42)) < 1e-12);
  assert.equal(shiftedLine([1, 2, NaN, 3, 4, 5]), undefined);
});

test('a step of distortion is told once with its levels; a heater that pulses opens none', () => {
  const watch = createStepWatch(2);
  const steps: number[][] = [];
  const x = new Float64Array(DIMENSIONS);
  for (let second = 1; second <= 120; second++) {
    x[2] = second <= 60 ? 20 : 170;
    x[0] = (second <= 60 ? 100 : 220) + (Math.floor(second / 7) % 2 === 0 ? 800 : 0);
    const step = watch.push(second * 1000, x);
    if (step)
      steps.push([step.startedAt, step.before[2] ?? NaN, step.after[2] ?? NaN, step.lowestAfterW - step.lowestBeforeW]);
  }
  assert.deepEqual(
    steps.map((step) => step.slice(0, 3)),
    [[61_000, 20, 170]],
  );
});

test('a course averages bins and minutes and reads a rate off them', () => {
  const course = startCourse(0);
  const seen = new Float64Array(DIMENSIONS);
  for (let second = 1; second <= 1200; second++) {
    seen[0] = 50 + second / 60;
    extendCourse(course, second * 1000, 100 + second / 60, seen, 300 + second / 60);
  }
  // Seconds 1 … 20: mean of 100 + s/60.
  assert.ok(Math.abs((course.bins[0] ?? 0) - (100 + 10.5 / 60)) < 1e-9);
  assert.ok(Math.abs((course.seen[0]?.[0] ?? 0) - (50 + 10.5 / 60)) < 1e-9);
  // Every jump is 1/60 W, and of power alone.
  const { products, count } = course.scatter;
  assert.ok(Math.abs((products[0] ?? NaN) / count - 1 / 3600) < 1e-9);
  assert.equal(products[9], 0);
  const rate = rateOf(course, 0, 10);
  assert.ok(rate);
  // 1 VA per minute on a level near 105 VA.
  assert.ok(Math.abs(rate.ratePctPerMin - 100 / rate.level) < 1e-9);
});

test('the stages follow a charge: constant current, tail, float', () => {
  let stage = startStage();
  for (let minute = 0; minute < 60; minute++) stage = nextStage(stage, 0.04, 0.05, 1);
  assert.ok(stage.constantCurrent > 0.95);
  for (let minute = 0; minute < 20; minute++) stage = nextStage(stage, -2.2, 0.1, 0.8);
  assert.ok(stage.constantVoltage > 0.9, String(stage.constantVoltage));
  for (let minute = 0; minute < 60; minute++) stage = nextStage(stage, 0, 0.3, 0.05);
  assert.ok(stage.float > 0.9, String(stage.float));
  assert.ok(Math.abs(stage.constantCurrent + stage.constantVoltage + stage.float - 1) < 1e-12);
});

test('a course holds the whole circuit’s power, heaters’ steps taken out and rectifiers’ left in', () => {
  const course = startCourse(0);
  const seen = new Float64Array(DIMENSIONS);
  for (let second = 1; second <= 61; second++) {
    if (second === 21) noteStep(course, 20, 1000);
    if (second === 41) noteStep(course, 60, 50);
    const circuitW = 200 + (second > 20 ? 1000 : 0) + (second > 40 ? 50 : 0);
    extendCourse(course, second * 1000, 100, seen, circuitW);
  }
  assert.deepEqual(course.powers, [200, 200, 250]);
});
