import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pulseMismatch } from './pulse-shape.ts';

/** Harmonics 3, 5, 7 of a half-cosine pulse of a width, centred on the peak or beside it, by numeric Fourier integral. */
function harmonicsOf(current: (angleRad: number) => number): readonly number[] {
  const steps = 4096;
  return [3, 5, 7].flatMap((order) => {
    let cos = 0;
    let sin = 0;
    for (let k = 0; k < steps; k++) {
      const angle = (2 * Math.PI * k) / steps;
      cos += (current(angle) * Math.cos(order * angle)) / steps;
      sin += (current(angle) * Math.sin(order * angle)) / steps;
    }
    // A sin(nθ + φ) = A cos φ sin nθ + A sin φ cos nθ, θ from the voltage's rising zero crossing.
    return [sin, cos];
  });
}

function pulses(widthRad: number, centreRad = Math.PI / 2): (angleRad: number) => number {
  return (angle) => {
    const sign = angle < Math.PI ? 1 : -1;
    const from = (angle % Math.PI) - centreRad;
    return Math.abs(from) < widthRad / 2 ? sign * Math.cos((Math.PI * from) / widthRad) : 0;
  };
}

test('pulses at the peak of the voltage are known, slim and wide, early and late', () => {
  for (const width of [0.6, 0.9, 1.2]) {
    for (const centre of [1.35, Math.PI / 2, 1.7]) {
      const mismatch = pulseMismatch(harmonicsOf(pulses(width, centre)));
      assert.ok(mismatch < 0.2, `width ${width}, centre ${centre}: ${mismatch}`);
    }
  }
});

test('a triac that fires at the peak and a square wave have other harmonics', () => {
  const triac = harmonicsOf((angle) => (angle % Math.PI > Math.PI / 2 ? Math.sin(angle) : 0));
  assert.ok(pulseMismatch(triac) > 1, `${pulseMismatch(triac)}`);
  const square = harmonicsOf((angle) => (angle < Math.PI ? 1 : -1));
  assert.ok(pulseMismatch(square) > 1, `${pulseMismatch(square)}`);
  assert.ok(Number.isNaN(pulseMismatch([0, 0, 1, 0, 0, 0])));
});
