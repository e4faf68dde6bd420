import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKnownPulses } from './known-pulses.ts';
import { normals } from './test-circuit.ts';
import { DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';

const vector = (activePowerW: number, reactivePowerVar: number, thirdVa: number): Float64Array => {
  const values = new Float64Array(DIMENSIONS);
  values.set([activePowerW, reactivePowerVar]);
  values[FIRST_HARMONIC] = thirdVa;
  return values;
};

const turned = (values: Float64Array): Float64Array => values.map((value) => -value);

test('a drum that turns for half an hour leaves the level where it was, however its edges were measured', () => {
  const pulses = createKnownPulses();
  const normal = normals(3);
  const level = new Float64Array(DIMENSIONS);
  let measured = 0;
  for (let edge = 0; edge < 200; edge++) {
    const drum = vector(200 + 2 * normal(), 90, 12 + 0.5 * normal());
    const difference = edge % 2 === 0 ? drum : turned(drum);
    measured += difference[0] as number;
    const { by } = pulses.take(edge * 9000, difference);
    by.forEach((value, k) => (level[k] = (level[k] as number) + value));
  }
  assert.ok(
    level.every((value) => Math.abs(value) < 1e-9),
    level.join(' '),
  );
  // What was measured has walked away by √200 times 2 W.
  assert.ok(Math.abs(measured) > 5, String(measured));
});

test('a step is a pulse from its fourth edge on, and another one is not', () => {
  const pulses = createKnownPulses();
  const heater = vector(900, 0, 15);
  const edges = [heater, turned(heater), heater, turned(heater)].map(
    (edge, k) => pulses.take(k * 20_000, edge).isPulse,
  );
  assert.deepEqual(edges, [false, false, false, true]);
  const charger = vector(180, -20, 190);
  assert.deepEqual(pulses.take(90_000, charger), { by: charger, isPulse: false });
});

test('a load that comes on twice in a row went off in between, hidden in another step', () => {
  const pulses = createKnownPulses();
  const drum = vector(200, 90, 12);
  for (let edge = 0; edge < 5; edge++) pulses.take(edge * 10_000, edge % 2 === 0 ? drum : turned(drum));
  const mixed = vector(220, -110, 180);
  assert.equal(pulses.take(50_000, mixed).hidden, undefined);
  const { hidden } = pulses.take(60_000, drum);
  assert.equal(hidden?.since, 40_000);
  assert.ok(Math.abs((hidden?.by[0] ?? NaN) + 200) < 1e-9 && Math.abs((hidden?.by[1] ?? NaN) + 90) < 1e-9);
});

test('what came on beside a heater is no edge of the heater', () => {
  const pulses = createKnownPulses();
  const heater = vector(2000, 0, 30);
  for (let edge = 0; edge < 6; edge++) pulses.take(edge * 30_000, edge % 2 === 0 ? heater : turned(heater));
  const both = heater.map((value, k) => value + (vector(150, -10, 140)[k] as number));
  assert.equal(pulses.take(180_000, both).isPulse, false);
});
