import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fingerprintOf, nominalPowerW } from './current-fingerprint.ts';
import type { CurrentFingerprint } from './current-fingerprint.ts';
import type { SwitchedStates } from './switched-states.ts';

type Wave = (thetaRad: number) => number;

function points(wave: Wave, count = 128): Float64Array {
  return Float64Array.from({ length: count }, (_, point) => wave((2 * Math.PI * point) / count));
}

const mains: Wave = (theta) => Math.SQRT2 * 230 * Math.sin(theta);
const nothing: Wave = () => 0;

function switchedOn(load: Wave, options: { voltage?: Wave; behind?: Wave; count?: number } = {}): SwitchedStates {
  const { voltage = mains, behind = nothing, count = 128 } = options;
  const voltageV = points(voltage, count);
  return {
    kind: 'on',
    before: { cycleCount: 10, voltageV, currentA: points(behind, count) },
    after: { cycleCount: 10, voltageV, currentA: points((theta) => behind(theta) + load(theta), count) },
  };
}

function made(states: SwitchedStates): CurrentFingerprint {
  const fingerprint = fingerprintOf(states);
  if (fingerprint.kind !== 'fingerprint') throw new Error(fingerprint.reason);
  return fingerprint;
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test('a resistor is a conductance, without reactive part and without harmonics', () => {
  const fingerprint = made(switchedOn((theta) => mains(theta) / 50));
  near(fingerprint.conductanceS, 1 / 50, 1e-12);
  near(fingerprint.susceptanceS, 0, 1e-12);
  near(fingerprint.thdRatio, 0, 1e-6);
  near(fingerprint.nonresistiveRatio, 0, 1e-6);
  near(fingerprint.crestFactor, Math.SQRT2, 1e-9);
  near(fingerprint.trajectory.area, 0, 1e-12);
  near(nominalPowerW(fingerprint, 220), 220 ** 2 / 50, 1e-9);
  for (const { ratio } of fingerprint.harmonics) near(ratio, 0, 1e-12);
});

test('R and L in series have the admittance 1/(R + jX) and a lagging, counter-clockwise trajectory', () => {
  const [resistance, reactance] = [30, 40];
  const phi = Math.atan2(reactance, resistance);
  const fingerprint = made(switchedOn((theta) => (Math.SQRT2 * 230 * Math.sin(theta - phi)) / 50));
  // 1/(30 + 40j) = (30 - 40j)/2500
  near(fingerprint.conductanceS, 30 / 2500, 1e-12);
  near(fingerprint.susceptanceS, 40 / 2500, 1e-12);
  // Ellipse i = sin(θ - φ) over v = sin θ: area π·sin φ, of a frame of 4.
  near(fingerprint.trajectory.area, (Math.PI * Math.sin(phi)) / 4, 2e-3);
  assert.equal(fingerprint.trajectory.selfIntersections, 0);
});

test('a capacitor leads: negative susceptance, clockwise trajectory', () => {
  const fingerprint = made(switchedOn((theta) => 2 * Math.cos(theta)));
  near(fingerprint.conductanceS, 0, 1e-12);
  near(fingerprint.susceptanceS, -2 / Math.SQRT2 / 230, 1e-12);
  near(fingerprint.trajectory.area, -Math.PI / 4, 2e-3);
});

test('a rectangular current in phase has odd harmonics 1/h, in phase with the voltage', () => {
  // Points halfway between the samples' steps: 4/π·Σ sin(hθ)/h, of which harmonics 3, 5, 7 are known in closed form.
  const series: Wave = (theta) => {
    let sum = 0;
    for (let h = 1; h <= 63; h += 2) sum += Math.sin(h * theta) / h;
    return (4 / Math.PI) * sum;
  };
  const fingerprint = made(switchedOn(series));
  for (const { order, ratio, phaseRad } of fingerprint.harmonics) {
    near(ratio, order % 2 === 1 ? 1 / order : 0, 1e-9);
    if (order % 2 === 1) near(phaseRad, 0, 1e-9);
  }
  near(fingerprint.thdRatio, Math.sqrt([3, 5, 7, 9, 11, 13, 15].reduce((sum, h) => sum + 1 / h ** 2, 0)), 1e-9);
});

test('a half-wave current has the even harmonics of its Fourier series', () => {
  // max(0, sin θ) = 1/π + sin(θ)/2 - (2/π)·Σ cos(2kθ)/(4k² - 1); sampled coarsely it aliases, hence 1024 points.
  const fingerprint = made(switchedOn((theta) => Math.max(0, Math.sin(theta)), { count: 1024 }));
  near(fingerprint.harmonics[0]?.ratio ?? NaN, 2 / Math.PI / 3 / 0.5, 1e-4);
  near(fingerprint.harmonics[2]?.ratio ?? NaN, 2 / Math.PI / 15 / 0.5, 1e-4);
  // -cos(2θ) = sin(2θ - π/2)
  near(fingerprint.harmonics[0]?.phaseRad ?? NaN, -Math.PI / 2, 1e-6);
});

test('on distorted mains a resistor has harmonics, yet nothing that a resistor would not draw', () => {
  const voltage: Wave = (theta) => mains(theta) + 12 * Math.sin(5 * theta + 1) + 5 * Math.sin(7 * theta);
  const fingerprint = made(switchedOn((theta) => voltage(theta) / 100, { voltage }));
  near(fingerprint.harmonics[3]?.ratio ?? NaN, 12 / (Math.SQRT2 * 230), 1e-9);
  near(fingerprint.nonresistiveRatio, 0, 1e-6);
});

const loadArbitrary = fc
  .record({
    active: fc.double({ min: 0.2, max: 10, noNaN: true }),
    reactive: fc.double({ min: -3, max: 3, noNaN: true }),
    third: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    fifth: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    second: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  })
  .map(({ active, reactive, third, fifth, second }): Wave => {
    return (theta) =>
      active *
        (Math.sin(theta) +
          third * Math.sin(3 * theta + 0.4) +
          fifth * Math.cos(5 * theta) +
          second * Math.sin(2 * theta)) +
      reactive * Math.cos(theta);
  });

function assertAlike(actual: CurrentFingerprint, expected: CurrentFingerprint, tolerance: number): void {
  near(actual.conductanceS, expected.conductanceS, tolerance);
  near(actual.susceptanceS, expected.susceptanceS, tolerance);
  // The root of a difference: near 0 its square is what is computed to a few units of the last place.
  near(actual.thdRatio ** 2, expected.thdRatio ** 2, tolerance);
  near(actual.nonresistiveRatio, expected.nonresistiveRatio, Math.sqrt(tolerance));
  actual.shape.forEach((value, point) => near(value, expected.shape[point] ?? NaN, tolerance));
  actual.harmonics.forEach(({ ratio }, index) => near(ratio, expected.harmonics[index]?.ratio ?? NaN, tolerance));
}

test('a switch-off gives the same fingerprint as the switch-on, whatever else runs', () => {
  fc.assert(
    fc.property(loadArbitrary, loadArbitrary, (load, behind) => {
      const on = switchedOn(load, { behind });
      const off: SwitchedStates = { kind: 'off', before: on.after, after: on.before };
      assertAlike(made(off), made(switchedOn(load)), 1e-9);
      assert.equal(made(off).direction, 'off');
    }),
    { numRuns: 50 },
  );
});

test('admittance loads: voltage and current scaled alike change nothing', () => {
  fc.assert(
    fc.property(loadArbitrary, fc.double({ min: 0.5, max: 1.2, noNaN: true }), (load, factor) => {
      const scaled = switchedOn((theta) => factor * load(theta), { voltage: (theta) => factor * mains(theta) });
      assertAlike(made(scaled), made(switchedOn(load)), 1e-9);
    }),
    { numRuns: 50 },
  );
});

test('the number of points per cycle and the phase of the first point do not matter', () => {
  fc.assert(
    fc.property(
      loadArbitrary,
      fc.constantFrom(64, 100, 200, 500),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (load, count, turn) => {
        const states = switchedOn((theta) => load(theta + turn), { voltage: (theta) => mains(theta + turn), count });
        assertAlike(made(states), made(switchedOn(load)), 1e-9);
      },
    ),
    { numRuns: 50 },
  );
});

test('turning the plug round changes nothing but the sign of the even harmonics', () => {
  const load: Wave = (theta) => 3 * Math.sin(theta) + 0.5 * Math.sin(2 * theta + 0.3) + 0.4 * Math.sin(3 * theta);
  const turned = made(switchedOn((theta) => -load(theta + Math.PI)));
  const straight = made(switchedOn(load));
  turned.harmonics.forEach((harmonic, index) => near(harmonic.ratio, straight.harmonics[index]?.ratio ?? NaN, 1e-9));
  turned.trajectory.risingCurrent.forEach((value, index) =>
    near(value, straight.trajectory.risingCurrent[index] ?? NaN, 1e-9),
  );
});

test('a difference given by the caller counts, and its standard error becomes the noise ratio', () => {
  const states = switchedOn((theta) => mains(theta) / 100, { behind: (theta) => Math.sin(3 * theta) });
  const differenceCurrentA = points((theta) => mains(theta) / 50);
  const fingerprint = made({ ...states, differenceCurrentA, differenceErrorA: new Float64Array(128).fill(0.1) });
  near(fingerprint.conductanceS, 1 / 50, 1e-12);
  // White noise of 0.1 A on 128 points has √(30/128) of its rms on harmonics 1 … 15.
  near(fingerprint.noiseRatio ?? NaN, (0.1 * Math.sqrt(30 / 128)) / (230 / 50), 1e-9);
});

test('the way of a switch-on is kept, that of a switch-off is not; what is not known is absent', () => {
  const on = switchedOn((theta) => mains(theta) / 50);
  const transient = { inrushRatio: 4, peakRatio: 6, decayCycles: NaN };
  assert.deepEqual(made({ ...on, transient, cycle: 30, settledCycle: 42 }).transient, {
    inrushRatio: 4,
    peakRatio: 6,
    settleCycles: 12,
  });
  assert.equal(made({ kind: 'off', before: on.after, after: on.before, transient }).transient, undefined);
  assert.equal(made(on).transient, undefined);
});

test('a fingerprint is plain JSON', () => {
  const fingerprint = made(switchedOn((theta) => mains(theta) / 50 + Math.sin(3 * theta)));
  assert.deepEqual(JSON.parse(JSON.stringify(fingerprint)), fingerprint);
});

test('what cannot be used is named, never guessed', () => {
  const good = switchedOn((theta) => mains(theta) / 50);
  const reasonOf = (states: SwitchedStates, settings = {}): string => {
    const result = fingerprintOf(states, settings);
    return result.kind === 'unusable' ? result.reason : 'usable';
  };
  assert.equal(reasonOf(good), 'usable');
  const broken = good.after.currentA.slice();
  broken[7] = NaN;
  assert.match(reasonOf({ ...good, after: { ...good.after, currentA: broken } }), /after\.currentA is NaN at point 7/);
  const silent = { ...good.before, voltageV: new Float64Array(128) };
  assert.match(
    reasonOf({ ...good, before: silent, after: { ...good.after, voltageV: silent.voltageV } }),
    /voltage fundamental is 0/,
  );
  assert.match(reasonOf({ ...good, before: { ...good.before, cycleCount: 0 } }), /before is the mean of 0 cycles/);
  const single = { cycleCount: 1 };
  assert.match(
    reasonOf({ ...good, before: { ...good.before, ...single }, after: { ...good.after, ...single } }),
    /2 cycles were averaged/,
  );
  assert.match(reasonOf({ ...good, after: good.before }), /difference is 0/);
  assert.match(reasonOf({ ...good, differenceErrorA: new Float64Array(128).fill(10) }), /above its noise/);
  assert.match(reasonOf({ ...good, differenceCurrentA: new Float64Array(127) }), /127 points; expected 128/);
  assert.match(reasonOf(good, { fullScaleA: 6.5 }), /after the switching is clipped/);
  const cut = switchedOn((theta) => Math.max(-5, Math.min(5, mains(theta) / 50)));
  assert.match(reasonOf(cut), /after the switching is clipped/);
  assert.match(reasonOf(switchedOn(mains, { count: 20 })), /20 points; expected at least 32/);
});
