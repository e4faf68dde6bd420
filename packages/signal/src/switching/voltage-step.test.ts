import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVoltageStep } from './voltage-step.ts';

const wave = (amplitude: number, phaseRad = 0): Float64Array =>
  Float64Array.from({ length: 128 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 128 + phaseRad));
const state = (voltageV: number, currentA: number, phaseRad = 0) => ({
  voltageV: wave(Math.SQRT2 * voltageV),
  currentA: wave(Math.SQRT2 * currentA, phaseRad),
});

test('loads that follow the supply by themselves were not switched', () => {
  // A resistor of 10 A at 230 V; the supply falls by 1.5 %.
  assert.ok(isVoltageStep({ before: state(230, 10), after: state(226.5, 9.85) }));
  // Constant power answers the other way; a motor turns its phase a little.
  assert.ok(isVoltageStep({ before: state(230, 10), after: state(226.5, 10.15) }));
  assert.ok(isVoltageStep({ before: state(230, 10, -0.5), after: state(226.5, 9.9, -0.53) }));
});

test('a load of the circuit itself is told although it lowers the voltage through the supply’s 0.4 ohm', () => {
  for (const standing of [0, 5, 25, 60]) {
    const own = 2;
    const voltage = 230 - 0.4 * own;
    assert.ok(!isVoltageStep({ before: state(230, standing), after: state(voltage, standing + own) }), `${standing} A`);
  }
});

test('without a step of the supply nothing is explained by it', () => {
  assert.ok(!isVoltageStep({ before: state(230, 10), after: state(230, 10.05) }));
  assert.ok(!isVoltageStep({ before: state(0, 10), after: state(0, 12) }));
});

const POINTS = 128;
type Tone = readonly [order: number, rms: number, phaseRad: number];
const tonesOf = (...tones: readonly Tone[]): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, n) =>
    tones.reduce(
      (sum, [order, size, phase]) => sum + Math.SQRT2 * size * Math.sin((2 * Math.PI * order * n) / POINTS + phase),
      0,
    ),
  );

test('filter capacitors that answer to a waveform bent by an arc elsewhere have switched nothing', () => {
  // 4.7 µF and 2 kΩ at 50 Hz: per harmonic jhωC + 1/R. The bend leaves the rms as it is: h3 and h5 in quadrature to h1.
  const susceptance = 2 * Math.PI * 50 * 4.7e-6;
  const answer = (tones: readonly Tone[]): Float64Array =>
    tonesOf(
      ...tones.map(([order, size, phase]): Tone => [order, (size * 1) / 2000, phase]),
      ...tones.map(([order, size, phase]): Tone => [order, size * order * susceptance, phase + Math.PI / 2]),
    );
  const calm: Tone[] = [[1, 230, 0]];
  const bent: Tone[] = [
    [1, 229.9, 0],
    [3, 4, 0.7],
    [5, 3, 2],
  ];
  const states = {
    before: { voltageV: tonesOf(...calm), currentA: answer(calm) },
    after: { voltageV: tonesOf(...bent), currentA: answer(bent) },
  };
  assert.equal(isVoltageStep(states), true);
});

test('a load that bends the voltage by its own current through the supply is a switching', () => {
  for (const [resistanceOhm, reactanceOhm] of [
    [0.4, 0],
    [0.3, 0.2],
    [0.05, 0.4],
  ] as const) {
    const load: Tone[] = [
      [1, 4, -0.2],
      [3, 2, 1],
      [5, 1, 2],
    ];
    const drop = load.flatMap(([order, size, phase]): Tone[] => [
      [order, -size * resistanceOhm, phase],
      [order, -size * order * reactanceOhm, phase + Math.PI / 2],
    ]);
    const states = {
      before: { voltageV: tonesOf([1, 230, 0]), currentA: tonesOf([1, 3, 0]) },
      after: { voltageV: tonesOf([1, 230, 0], ...drop), currentA: tonesOf([1, 3, 0], ...load) },
    };
    assert.equal(isVoltageStep(states), false, `${resistanceOhm} + j${reactanceOhm} ohm`);
  }
});
