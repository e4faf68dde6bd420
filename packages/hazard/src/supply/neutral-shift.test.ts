import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { neutralShiftOf } from './neutral-shift.ts';

/** Magnitudes between a star point and the corners of a triangle, by complex phasors. */
function magnitudes(shiftV: number, angleRad: number, nominalV = 220): [number, number, number] {
  const corner = (k: number): number => {
    const phase = (-2 * Math.PI * k) / 3;
    return Math.hypot(
      nominalV * Math.cos(phase) - shiftV * Math.cos(angleRad),
      nominalV * Math.sin(phase) - shiftV * Math.sin(angleRad),
    );
  };
  return [corner(0), corner(1), corner(2)];
}

test('the displacement of any star point within the triangle is found from the magnitudes alone', () => {
  const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
  // The inscribed circle has half the radius of the corners.
  const shift = fc.double({ min: 0, max: 109, noNaN: true });
  fc.assert(
    fc.property(shift, angle, (shiftV, angleRad) => {
      const found = neutralShiftOf(...magnitudes(shiftV, angleRad));
      assert.ok(found);
      assert.ok(Math.abs(found.triangleV - 220) < 1e-6);
      // The square root of a difference of squares: near the centre its error is the root of the rounding.
      assert.ok(Math.abs(found.shiftV - shiftV) < 1e-4, `${found.shiftV}, expected ${shiftV} V`);
    }),
  );
});

test('a star point by the law of Millman is found: 10, 20 and 50 Ω without a neutral', () => {
  // V_n = Σ Y·E / Σ Y with Y = 0.1, 0.05, 0.02 S.
  const angles = [0, (-2 * Math.PI) / 3, (2 * Math.PI) / 3];
  const y = [0.1, 0.05, 0.02];
  const re = angles.reduce((sum, angle, k) => sum + (y[k] ?? 0) * 220 * Math.cos(angle), 0) / 0.17;
  const im = angles.reduce((sum, angle, k) => sum + (y[k] ?? 0) * 220 * Math.sin(angle), 0) / 0.17;
  const found = neutralShiftOf(...magnitudes(Math.hypot(re, im), Math.atan2(im, re)));
  assert.ok(Math.abs((found?.shiftV ?? NaN) - Math.hypot(re, im)) < 1e-6);
});

test('a dip of one phase is another triangle, and a phase without voltage fits none of nominal size', () => {
  assert.ok((neutralShiftOf(150, 220, 220)?.triangleV ?? NaN) < 0.9 * 220);
  assert.ok((neutralShiftOf(0, 220, 220)?.triangleV ?? 0) < 0.8 * 220);
  assert.equal(neutralShiftOf(NaN, 220, 220), undefined);
  assert.equal(neutralShiftOf(1, 220, 900), undefined);
});
