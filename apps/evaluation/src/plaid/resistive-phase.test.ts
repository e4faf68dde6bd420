import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitResistivePhase } from './resistive-phase.ts';

const parabola = (x: number): number => -0.3 + 0.08 * x - 0.006 * x * x;
const points = [3, 4, 5, 6, 7].map((x) => ({ logApparentPower: x, phaseRad: parabola(x), weight: x }));

test('points on a parabola give it back between them, and its end values beyond', () => {
  const curve = fitResistivePhase(points);
  for (const x of [3, 3.7, 5.2, 7]) assert.ok(Math.abs(curve(x) - parabola(x)) < 1e-4);
  assert.ok(Math.abs(curve(20) - parabola(7)) < 1e-4);
});

test('a resistor with a motor inside does not bend the curve', () => {
  const curve = fitResistivePhase([...points, { logApparentPower: 5, phaseRad: 0.9, weight: 50 }]);
  assert.ok(Math.abs(curve(5) - parabola(5)) < 1e-4);
});

test('too few points correct nothing', () => {
  assert.equal(fitResistivePhase(points.slice(0, 3))(5), 0);
});
