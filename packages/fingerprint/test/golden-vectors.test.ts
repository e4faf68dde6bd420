import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FEATURES, featureVector, fingerprintOf, type CurrentFingerprint } from '../src/index.ts';
import { directFingerprint, type DirectFields } from './direct-fingerprint.ts';
import { readGoldenVectors, type FormulaHarmonic, type GoldenVector, type WaveFormula } from './golden-vectors.ts';

const { features, vectors } = readGoldenVectors();

type Usable = GoldenVector & { readonly expected: CurrentFingerprint; readonly features: readonly (number | null)[] };
const usable = vectors.filter((vector): vector is Usable => vector.expected.kind === 'fingerprint');

/** Seven digits are kept in the file. */
const DIGITS = 2e-6;

function assertNear(actual: number, expected: number, tolerance: number, place: string): void {
  const away = Math.abs(actual - expected);
  assert.ok(away <= tolerance * Math.max(1, Math.abs(expected)), `${place}: ${actual}, expected ${expected}`);
}

/** Angles near ±π are neighbours. */
function assertSameAngle(actual: number, expected: number, tolerance: number, place: string): void {
  assertNear(Math.sin((actual - expected) / 2), 0, tolerance / 2, `${place}: ${actual} and ${expected}`);
}

function differingCells(a: string, b: string): number {
  const bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return [...bits.toString(2)].filter((bit) => bit === '1').length;
}

test('there are 200 vectors, 8 of them unusable, over the features of this version', () => {
  assert.equal(vectors.length, 200);
  assert.equal(usable.length, 192);
  assert.deepEqual(
    features,
    FEATURES.map(({ name }) => name),
  );
});

test('the table of fingerprint.md has every feature in its place', () => {
  const page = readFileSync(new URL('../../../docs/reference/fingerprint.md', import.meta.url), 'utf8');
  const table = /^## Feature vector$([^]*?)^## /m.exec(page)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| (\d+)(?:–\d+)? \| (.+?) \|/gm)];
  const names = rows.flatMap(([, first, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name], index) => [Number(first) + index, name]),
  );
  assert.deepEqual(
    names,
    FEATURES.map(({ name }, place) => [place, name]),
  );
});

test('the code gives the fingerprint and the features of every vector', () => {
  for (const { id, input, expected, features: row } of vectors) {
    const outcome = fingerprintOf(input);
    assert.equal(outcome.kind, expected.kind, id);
    if (outcome.kind !== 'fingerprint' || expected.kind !== 'fingerprint') continue;
    assertAlike(outcome, expected, id);
    const vector = featureVector(outcome);
    row?.forEach((value, place) => {
      const name = `${id} ${features[place]}`;
      if (value === null) assert.ok(Number.isNaN(vector[place]), name);
      else assertNear(vector[place] as number, value, features[place] === 'peakAngle' ? 1e-5 : DIGITS, name);
    });
  }
});

function assertAlike(outcome: CurrentFingerprint, expected: CurrentFingerprint, id: string): void {
  const numbers = (value: unknown, place: string): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${place}.${key}`))
      : [[place, value]];
  const found = new Map(numbers(outcome, id));
  const wanted = numbers(expected, id);
  assert.deepEqual([...found.keys()].sort(), wanted.map(([place]) => place).sort());
  for (const [place, value] of wanted) {
    const actual = found.get(place);
    if (place.endsWith('.image')) {
      // Points on the border of two cells fall either way with the last bit.
      assert.ok(differingCells(String(actual), String(value)) <= 4, `${place}: ${String(actual)}`);
    } else if (place.endsWith('.phaseRad')) {
      if (isAudible(expected, place)) assertSameAngle(Number(actual), Number(value), 1e-4, place);
    } else if (typeof value === 'number') assertNear(Number(actual), value, DIGITS, place);
    else assert.equal(actual, value, place);
  }
}

/** The phase of a harmonic that is not there is the phase of rounding errors. */
function isAudible(expected: CurrentFingerprint, place: string): boolean {
  const index = Number(/harmonics\.(\d+)/.exec(place)?.[1]);
  return (expected.harmonics[index]?.ratio ?? 0) > 1e-3;
}

test('direct sums over the points, written out anew, give admittance, harmonics, distortion, crest and shape of all 192', () => {
  const largest = compareAll((value) => value);
  for (const [field, away] of Object.entries(largest)) assert.ok(away < 5e-6, `${field}: ${away}`);
});

test('the same sums in float32 stay within the tolerances that fingerprint.md promises a port', (context) => {
  const largest = compareAll(Math.fround);
  context.diagnostic(JSON.stringify(largest));
  for (const [field, away] of Object.entries(largest)) assert.ok(away < 1e-4, `${field}: ${away}`);
});

/** Largest deviation per field: of the admittance relative, of the rest absolute, of phases where a harmonic is above 1 %. */
function compareAll(f: (value: number) => number): Record<string, number> {
  const largest: Record<string, number> = {};
  const note = (field: string, away: number): void => {
    assert.ok(Number.isFinite(away), field);
    largest[field] = Math.max(largest[field] ?? 0, away);
  };
  for (const { input, expected } of usable) {
    const direct = directFingerprint(input, f);
    const magnitude = Math.hypot(expected.conductanceS, expected.susceptanceS);
    note('conductanceS', Math.abs(direct.conductanceS - expected.conductanceS) / magnitude);
    note('susceptanceS', Math.abs(direct.susceptanceS - expected.susceptanceS) / magnitude);
    for (const name of ['thdRatio', 'nonresistiveRatio', 'crestFactor'] as const satisfies (keyof DirectFields)[]) {
      note(name, Math.abs(direct[name] - expected[name]));
    }
    expected.harmonics.forEach(({ ratio, phaseRad }, index) => {
      note('ratio', Math.abs((direct.ratios[index] as number) - ratio));
      if (ratio < 0.01) return;
      note('phaseRad', 2 * Math.abs(Math.sin(((direct.phasesRad[index] as number) - phaseRad) / 2)));
    });
    expected.shape.forEach((value, point) => note('shape', Math.abs((direct.shape[point] as number) - value)));
  }
  return largest;
}

const formulas = usable.filter(({ made }) => made.kind === 'formula');

test('the waves of the formula vectors are what their formulas say', () => {
  assert.equal(formulas.length, 96);
  for (const { id, made, input } of formulas) {
    const { voltage, beforeTurnRad, afterTurnRad, afterVoltageRatio, background, load, meanA } = made as WaveFormula;
    const [onBefore, onAfter] = input.kind === 'on' ? [0, 1] : [1, 0];
    const sides = [
      { ...input.before, turn: beforeTurnRad, gain: 1, isOn: onBefore },
      { ...input.after, turn: afterTurnRad, gain: afterVoltageRatio, isOn: onAfter },
    ];
    for (const { voltageV, currentA, turn, gain, isOn } of sides) {
      voltageV.forEach((value, n) => assertNear(value, gain * at(voltage, n, turn), 1e-6, id));
      const current = (n: number): number => at(background, n, turn) + isOn * (at(load, n, turn) + meanA);
      currentA.forEach((value, n) => assertNear(value, current(n), 1e-6, id));
    }
  }
});

function at(harmonics: readonly FormulaHarmonic[], point: number, turn: number): number {
  const angle = (2 * Math.PI * point) / 128 + turn;
  return harmonics.reduce((sum, [h, rms, phase]) => sum + Math.SQRT2 * rms * Math.sin(h * angle + phase), 0);
}

test('admittance, harmonics and distortion of the formula vectors follow from the formulas alone', () => {
  for (const { id, made, expected } of formulas) {
    const { voltage, afterVoltageRatio, load } = made as WaveFormula;
    const [, voltageRms, voltagePhase] = voltage[0] as FormulaHarmonic;
    const [, fundamentalA, phase] = load[0] as FormulaHarmonic;
    const voltageV = (voltageRms * (1 + afterVoltageRatio)) / 2;
    const magnitude = fundamentalA / voltageV;
    const near = (actual: number, wanted: number, place: string): void =>
      assertNear(actual / magnitude, wanted / magnitude, 1e-4, `${id} ${place}`);
    near(expected.conductanceS, magnitude * Math.cos(phase - voltagePhase), 'conductanceS');
    near(expected.susceptanceS, -magnitude * Math.sin(phase - voltagePhase), 'susceptanceS');
    let squares = 0;
    for (const { order, ratio, phaseRad } of expected.harmonics) {
      const [, rms = 0, own = 0] = load.find(([h]) => h === order) ?? [];
      squares += (rms / fundamentalA) ** 2;
      assertNear(ratio, rms / fundamentalA, 1e-4, `${id} harmonic ${order}`);
      if (ratio > 0.01) assertSameAngle(phaseRad, own - order * voltagePhase, 1e-2, `${id} phase ${order}`);
    }
    assertNear(expected.thdRatio, Math.sqrt(squares), 1e-4, `${id} thdRatio`);
  }
});

test('a resistor on distorted mains has no nonresistive part, no loop and no reactance', () => {
  const resistors = formulas.filter(({ made }) => (made as { name?: string }).name === 'resistor');
  assert.equal(resistors.length, 12);
  for (const { id, expected } of resistors) {
    assertNear(expected.nonresistiveRatio, 0, 2e-3, id);
    assertNear(expected.susceptanceS / expected.conductanceS, 0, 1e-4, id);
    assertNear(expected.trajectory.loopArea, 0, 2e-3, id);
    assert.equal(expected.trajectory.selfIntersections, 0, id);
  }
});

test('features are what fingerprint.md says of the fields they are made of', () => {
  for (const { id, expected, features: row } of usable) {
    const of = (name: string): number => row[features.indexOf(name)] ?? NaN;
    const admittance = Math.hypot(expected.conductanceS, expected.susceptanceS);
    const whole = Math.sqrt(1 + expected.thdRatio ** 2);
    assertNear(of('nominalPowerLog'), Math.log10(admittance * 230 * 230), 1e-5, id);
    assertNear(of('displacementCos'), expected.conductanceS / admittance, 1e-5, id);
    assertNear(of('fundamental') ** 2 * whole ** 2, 1, 1e-5, id);
    for (const { order, ratio, phaseRad } of expected.harmonics) {
      assertNear(of(`h${order}`) * whole, ratio, 1e-5, id);
      if (![3, 5, 7, 9, 11, 13].includes(order)) continue;
      assertNear(of(`h${order}Sin`) * whole, ratio * Math.cos(phaseRad), 1e-5, id);
      assertNear(of(`h${order}Cos`) * whole, ratio * Math.sin(phaseRad), 1e-5, id);
    }
    const half = Array.from({ length: 16 }, (_, n) => (Number(expected.shape[n]) - Number(expected.shape[n + 16])) / 2);
    half.forEach((value, n) => assertNear(of(`shape${n}`), value, 1e-5, id));
    const peak = Math.max(...half.map(Math.abs));
    assertNear(of('conduction'), half.filter((value) => Math.abs(value) > peak / 5).length / 16, 1e-6, id);
    const steps = half.map((value, n) => Math.abs((n === 15 ? -(half[0] as number) : (half[n + 1] as number)) - value));
    assertNear(of('steepest'), Math.max(...steps) / peak, 1e-4, id);
    const shift = expected.susceptanceS / admittance / whole;
    assertNear(of('ownHarmonics') ** 2, Math.max(0, expected.nonresistiveRatio ** 2 - shift ** 2), 1e-5, id);
    const { transient } = expected;
    if (transient === undefined) assert.ok(Number.isNaN(of('inrushLog')), id);
    else assertNear(10 ** of('inrushLog'), transient.inrushRatio, 1e-4, id);
  }
});
