import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { courseErrors } from './step-fit.ts';

const course = (values: readonly number[]) =>
  values.map((value, k) => ({ at: 1e12 + k * 86_400_000, value, variance: 0.25 }));

test('a step leaves no error around two levels, a line none around a line', () => {
  const step = courseErrors(course([1, 1, 1, 3, 3]));
  assert.ok(step && Math.abs(step.step) < 1e-9);
  // Line through 1 1 1 3 3: slope 0.6, residuals 0.4 −0.2 −0.8 0.6 0: squares 1.2, over the variance 4.8.
  assert.ok(Math.abs(step.line - 4.8) < 1e-9);
  const line = courseErrors(course([0, 1, 2, 3]));
  // Two levels 0 1 | 2 3: squares 4 · 0.25 = 1, over the variance 4.
  assert.ok(line && Math.abs(line.line) < 1e-9 && Math.abs(line.step - 4) < 1e-9);
  assert.equal(courseErrors(course([1, 2, 3])), undefined);
});

test('both errors are those of a search by brute force', () => {
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(values, (ys) => {
      const square = (part: readonly number[]): number => {
        const mean = part.reduce((a, b) => a + b, 0) / part.length;
        return part.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 0.25;
      };
      const best = Math.min(...ys.slice(1).map((_, k) => square(ys.slice(0, k + 1)) + square(ys.slice(k + 1))));
      assert.ok(Math.abs((courseErrors(course(ys))?.step ?? NaN) - best) < 1e-6);
    }),
  );
});
