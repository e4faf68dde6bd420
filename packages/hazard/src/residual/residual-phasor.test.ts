import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createResidualPhasor } from './residual-phasor.ts';

const POINTS = 128;
const wave = (rms: number, phaseRad: number, order = 1): Float64Array =>
  Float64Array.from(
    { length: POINTS },
    (_, k) => Math.SQRT2 * rms * Math.sin((2 * Math.PI * order * k) / POINTS + phaseRad),
  );
const sum = (...waves: Float64Array[]): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, k) => waves.reduce((total, w) => total + (w[k] ?? 0), 0));
const phasor = createResidualPhasor(POINTS);

test('resistor and capacitor to earth are told apart: I = V/R in phase, V·ωC a quarter ahead', () => {
  // 230 V, 10 kΩ: 23 mA; 230 V · 2π·50 Hz · 330 nF = 23.84 mA.
  const capacitiveMa = 230 * 2 * Math.PI * 50 * 330e-9 * 1_000;
  const found = phasor(wave(230, 0), sum(wave(23, 0), wave(capacitiveMa, Math.PI / 2)));
  assert.ok(found);
  assert.ok(Math.abs(found.inPhaseMa - 23) < 1e-9);
  assert.ok(Math.abs(found.quadratureMa - capacitiveMa) < 1e-9);
  assert.ok(Math.abs(found.rmsMa - Math.hypot(23, capacitiveMa)) < 1e-9);
});

test('whatever the phases, harmonics and offsets, the parts are projections on the fundamental', () => {
  const angle = fc.double({ min: -3, max: 3, noNaN: true });
  const part = fc.double({ min: -500, max: 500, noNaN: true });
  fc.assert(
    fc.property(angle, part, part, part, part, (voltageRad, inPhaseMa, quadratureMa, thirdMa, dcMa) => {
      const current = sum(
        wave(inPhaseMa, voltageRad),
        wave(quadratureMa, voltageRad + Math.PI / 2),
        wave(thirdMa, 1, 3),
        new Float64Array(POINTS).fill(dcMa),
      );
      const found = phasor(sum(wave(220, voltageRad), wave(11, 0.3, 5)), current);
      assert.ok(found);
      assert.ok(Math.abs(found.inPhaseMa - inPhaseMa) < 1e-6);
      assert.ok(Math.abs(found.quadratureMa - quadratureMa) < 1e-6);
      assert.ok(Math.abs(found.rmsMa - Math.hypot(inPhaseMa, quadratureMa, thirdMa, dcMa)) < 1e-6);
    }),
  );
});

test('without voltage, with NaN or with another length there is no phasor', () => {
  assert.equal(phasor(wave(5, 0), wave(10, 0)), undefined);
  assert.equal(phasor(wave(230, 0), wave(10, 0).fill(NaN, 3, 4)), undefined);
  assert.equal(phasor(wave(230, 0).fill(NaN, 3, 4), wave(10, 0)), undefined);
  assert.equal(phasor(wave(230, 0), wave(10, 0).subarray(1)), undefined);
  assert.throws(() => createResidualPhasor(4), /points is 4: expected a whole number from 8/);
});
