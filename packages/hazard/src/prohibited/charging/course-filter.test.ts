import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky, courseFilter, emptyScatter, scatter, SEEN } from './course-filter.ts';
import type { CourseFilter } from './course-filter.ts';
import { pulseGrowth } from './pulse-growth.ts';
import { DIMENSIONS } from './step-watch.ts';
import { normals } from './test-circuit.ts';

/** A charger of 200 W: P, Q, D and harmonics 3, 5 … 15. */
const STEP = [200, -30, 240, -186, 30, 150, -40, -104, 42, 62, -38, -31, 30, 12, -22, -4, 14];
/** A television: how it moves per watt. */
const SCREEN = [1, 0.1, 1.2, -0.7, -0.5, 0.3, 0.6, 0.1, -0.5, -0.3, 0.3, 0.3, -0.1, -0.2, 0, 0.1, 0.1];

function filterOf(moves: readonly (readonly number[])[], wattsRms: number, told = STEP.length): CourseFilter {
  const normal = normals(5);
  const before = emptyScatter();
  const jumps = emptyScatter();
  for (let second = 0; second < 120; second++) {
    for (const into of [before, jumps]) {
      const deviation = new Float64Array(DIMENSIONS);
      for (const move of moves) {
        const watts = wattsRms * normal();
        move.forEach((perWatt, k) => {
          if (k < told) deviation[k] = (deviation[k] as number) + watts * perWatt + 0.05 * normal();
        });
      }
      scatter(into, deviation);
    }
  }
  return courseFilter({ activePowerW: 200, harmonicsVa: STEP.slice(3, told), before, jumps, othersW: 150 });
}

function seen(values: ArrayLike<number>): number[] {
  return SEEN.map((k) => values[k] as number);
}

function along(weights: ArrayLike<number>, values: readonly number[]): number {
  return values.reduce((sum, value, k) => sum + (weights[k] as number) * value, 0);
}

test('the load’s own movement comes through one to one, the harmonics of its step as its power', () => {
  const filter = filterOf([SCREEN], 5);
  assert.ok(Math.abs(filter.referenceW + along(filter.weights, seen([0, 0, ...STEP.slice(2)])) - 200) < 1e-9);
  const growth = pulseGrowth(STEP.slice(3));
  // One per cent more: 2 W, and harmonics as its pulses grow.
  const grown = [2, 2 * growth.reactiveRatio, 0, ...Array.from(growth.harmonicsVa, (va) => 0.01 * va)];
  assert.ok(Math.abs(along(filter.weights, seen(grown)) - 2) < 1e-9);
  for (const direction of filter.others) assert.ok(Math.abs(along(direction, seen(grown))) < 1e-9);
});

test('a screen that moved before is cancelled and known to be; one that nobody saw leaks, and leaves the course less certain', () => {
  const leakOf = (filter: CourseFilter): { leak: number; uncertain: number } => {
    const moved = filter.others.map((direction) => along(direction, seen(SCREEN)));
    let variance = 0;
    filter.coupling.forEach((row, k) =>
      row.forEach((value, l) => (variance += value * (moved[k] as number) * (moved[l] as number))),
    );
    return { leak: Math.abs(along(filter.weights, seen(SCREEN))), uncertain: Math.sqrt(variance) };
  };
  const known = leakOf(filterOf([SCREEN], 5));
  const unknown = leakOf(filterOf([], 0));
  assert.ok(known.leak < 0.05, `${known.leak} W per watt`);
  assert.ok(unknown.leak > 10 * known.leak, `${unknown.leak} of ${known.leak}`);
  assert.ok(known.uncertain < unknown.uncertain, `${known.uncertain} of ${unknown.uncertain}`);
});

test('higher harmonics tell a neighbour that moves along the very third, fifth and seventh of the load', () => {
  const growth = pulseGrowth(STEP.slice(3)).harmonicsVa;
  // Per watt as the load's own growth in what carries the power; its slim pulses have more of the higher ones.
  const twin = STEP.map((_, k) =>
    k < 3 ? (SCREEN[k] ?? 0) : k < 9 ? (growth[k - 3] ?? 0) / 200 : k % 2 === 1 ? 0.4 : -0.3,
  );
  const all = filterOf([twin], 5);
  const first = filterOf([twin], 5, 9);
  const leakOf = ({ weights }: CourseFilter): number => Math.abs(along(weights, seen(twin)));
  assert.ok(leakOf(all) < 0.05, `${leakOf(all)} W per watt`);
  assert.ok(leakOf(first) > 5 * leakOf(all), `${leakOf(first)} of ${leakOf(all)}`);
});

test('a heater beside moves it by what it carries of the voltage’s harmonics at most', () => {
  const { weights } = filterOf([SCREEN], 5);
  const heater = [1000, 0, 20, 4, -3, 12, 5, -8, 2, 3, 1, -2, 2, 1, 0, 0, 1];
  assert.ok(Math.abs(along(weights, seen(heater))) < 80, `${along(weights, seen(heater))} W of 1000`);
});

test('a factor times its transpose is the matrix', () => {
  const matrix = [
    [4, 2, -1],
    [2, 5, 0.5],
    [-1, 0.5, 3],
  ].map((row) => Float64Array.from(row));
  const lower = cholesky(matrix);
  matrix.forEach((row, i) =>
    row.forEach((value, j) => {
      const sum = [0, 1, 2].reduce((total, k) => total + (lower[i]?.[k] ?? NaN) * (lower[j]?.[k] ?? NaN), 0);
      assert.ok(Math.abs(sum - value) < 1e-12);
    }),
  );
});
