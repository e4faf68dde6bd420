import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintOf } from './current-fingerprint.ts';
import { featureIndex, FEATURES, featureVector } from './feature-vector.ts';
import type { SwitchedStates } from './switched-states.ts';

const POINTS = 256;

function vectorOf(load: (thetaRad: number) => number, extra: Partial<SwitchedStates> = {}): Float64Array {
  const points = (wave: (theta: number) => number): Float64Array =>
    Float64Array.from({ length: POINTS }, (_, point) => wave((2 * Math.PI * point) / POINTS));
  const voltageV = points((theta) => Math.SQRT2 * 220 * Math.sin(theta));
  const fingerprint = fingerprintOf({
    kind: 'on',
    before: { cycleCount: 10, voltageV, currentA: new Float64Array(POINTS) },
    after: { cycleCount: 10, voltageV, currentA: points(load) },
    ...extra,
  });
  if (fingerprint.kind !== 'fingerprint') throw new Error(fingerprint.reason);
  return featureVector(fingerprint);
}

function near(actual: number | undefined, expected: number, tolerance: number): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

const valueOf = (vector: Float64Array, name: string): number => vector[featureIndex(name)] ?? NaN;

test('every feature has a name of its own, a range and a description', () => {
  assert.equal(new Set(FEATURES.map(({ name }) => name)).size, FEATURES.length);
  for (const { low, high, description, unit } of FEATURES) {
    assert.ok(low < high);
    assert.notEqual(description, '');
    assert.notEqual(unit, '');
  }
});

test('a resistor of 1058 W at 230 V: logarithm of its power, nothing else', () => {
  const vector = vectorOf((theta) => (Math.SQRT2 * 220 * Math.sin(theta)) / 50);
  near(valueOf(vector, 'nominalPowerLog'), Math.log10(230 ** 2 / 50), 1e-9);
  near(valueOf(vector, 'displacementCos'), 1, 1e-12);
  near(valueOf(vector, 'fundamental'), 1, 1e-12);
  near(valueOf(vector, 'crest'), Math.SQRT2, 1e-9);
  near(valueOf(vector, 'peakAngle'), 90, 0.01);
  near(valueOf(vector, 'rising05'), 0.5, 1e-3);
  near(valueOf(vector, 'falling05'), 0.5, 1e-3);
  // |sin| > 0.2 between 11.5 and 168.5 degrees: of the 16 points at multiples of 11.25 those from 22.5 to 157.5.
  near(valueOf(vector, 'conduction'), 13 / 16, 1e-12);
  for (const name of ['displacementSin', 'nonresistive', 'even', 'h3', 'h3Sin', 'h3Cos', 'loopArea', 'crossings']) {
    near(valueOf(vector, name), 0, 1e-6);
  }
  near(valueOf(vector, 'shape8'), Math.SQRT2, 1e-9);
});

test('harmonic parts are along sine and cosine of their own angle, over the rms of the whole current', () => {
  const vector = vectorOf((theta) => 3 * Math.sin(theta) + 4 * Math.cos(5 * theta));
  near(valueOf(vector, 'h5'), 0.8, 1e-12);
  near(valueOf(vector, 'h5Cos'), 0.8, 1e-12);
  near(valueOf(vector, 'h5Sin'), 0, 1e-12);
  near(valueOf(vector, 'fundamental'), 0.6, 1e-12);
});

test('only the features of the switch-on may be missing, and they are NaN then', () => {
  const without = vectorOf((theta) => Math.sin(theta));
  FEATURES.forEach(({ canBeMissing }, place) => assert.equal(Number.isNaN(without[place]), canBeMissing === true));
  const withIt = vectorOf((theta) => Math.sin(theta), {
    transient: { inrushRatio: 10, peakRatio: 100, decayCycles: 5 },
    cycle: 3,
    settledCycle: 12,
  });
  near(valueOf(withIt, 'inrushLog'), 1, 1e-12);
  near(valueOf(withIt, 'peakLog'), 2, 1e-12);
  near(valueOf(withIt, 'settleLog'), 1, 1e-12);
});

test('a name that is no feature is refused', () => {
  assert.throws(() => featureIndex('voltageV'), /no feature is called "voltageV"/);
});
