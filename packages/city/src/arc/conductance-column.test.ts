import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../random/random-stream.ts';
import type { ArcColumn } from './arc-column.ts';
import type { ArcModelSpec } from './arc-spec.ts';
import { createArcColumn } from './create-arc-column.ts';

const STEP_S = 5e-6;

function columnOf(spec: ArcModelSpec, stepS = STEP_S): ArcColumn {
  return createArcColumn(spec, stepS, new RandomStream(1, 'arc'));
}

/** Voltage and current after `durationS` on a direct-current source, from an arc that carried 10 A. */
function steady(spec: ArcModelSpec, openV: number, behindOhm: number, durationS = 0.05): { u: number; i: number } {
  const column = columnOf(spec);
  column.open(10);
  for (let n = 0; n < durationS / STEP_S; n++) column.commit(openV, behindOhm);
  const i = (openV - column.sourceV) / (behindOhm + column.ohm);
  return { u: openV - behindOhm * i, i };
}

function near(actual: number, expected: number, ratio: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) < ratio, `${what} is ${actual}, expected ${expected}`);
}

test('a steady Mayr arc turns P0 into heat: u·i = P0, the greater root of R i² − E i + P0 = 0', () => {
  const { u, i } = steady({ kind: 'mayr', powerW: 60 }, 300, 50);
  near(u * i, 60, 1e-6, 'power');
  near(i, (300 + Math.sqrt(300 ** 2 - 4 * 50 * 60)) / 100, 1e-6, 'current');
});

test('a steady Cassie arc keeps its voltage whatever the current', () => {
  for (const ohm of [10, 50, 200]) near(steady({ kind: 'cassie', arcV: 30 }, 300, ohm).u, 30, 1e-6, 'voltage');
});

test('a steady Habedank arc adds up: u = Uc + P0 / i', () => {
  const { u, i } = steady({ kind: 'habedank', arcV: 30, powerW: 20 }, 300, 50);
  near(u, 30 + 20 / i, 1e-6, 'voltage');
});

test('a steady Schavemaker arc is of constant voltage at high current and of P0 / (1 − P1) at low', () => {
  near(steady({ kind: 'schavemaker', arcV: 30, powerW: 50, powerShare: 0.5 }, 300, 20).u, 30, 1e-6, 'voltage');
  const { u, i } = steady({ kind: 'schavemaker', arcV: 30, powerW: 50, powerShare: 0.5 }, 300, 150);
  near(u * i, 100, 1e-6, 'power');
});

test('fed by a current source, the conductance of Mayr follows with τ and the square of that of Cassie with τ / 2', () => {
  // dg/dt = (i²/P0 − g)/τ and d(g²)/dt = (2/τ)(i²/Uc² − g²): both linear, so exponentials.
  const behindOhm = 1e7;
  const follow = (spec: ArcModelSpec, afterS: number): number => {
    const column = columnOf(spec, 1e-6);
    column.open(10);
    for (let n = 0; n < 0.005 / 1e-6; n++) column.commit(2 * behindOhm, behindOhm);
    for (let n = 0; n < Math.round(afterS / 1e-6); n++) column.commit(4 * behindOhm, behindOhm);
    return 1 / column.ohm;
  };
  for (const afterS of [50e-6, 100e-6, 300e-6]) {
    const mayr = 16 / 60 + (4 / 60 - 16 / 60) * Math.exp(-afterS / 100e-6);
    near(follow({ kind: 'mayr', powerW: 60, tauUs: 100 }, afterS), mayr, 0.01, `Mayr after ${afterS} s`);
    const square = (16 + (4 - 16) * Math.exp((-2 * afterS) / 100e-6)) / 30 ** 2;
    near(follow({ kind: 'cassie', arcV: 30, tauUs: 100 }, afterS), Math.sqrt(square), 0.01, `Cassie after ${afterS} s`);
  }
});

test('a column cools with its own time constant when the source is gone', () => {
  const column = columnOf({ kind: 'mayr', powerW: 60, tauUs: 100 }, 1e-6);
  column.open(10);
  for (let n = 0; n < 5000; n++) column.commit(300, 50);
  const hot = 1 / column.ohm;
  for (let n = 0; n < 200; n++) column.commit(0, 50);
  near(1 / column.ohm / hot, Math.exp(-2), 0.03, 'conductance left after two time constants');
});

test('a cold gap breaks down at its voltage and not below', () => {
  const spec = { kind: 'cassie', arcV: 30, breakdownV: 100, scatter: 0 } as const;
  const below = columnOf(spec);
  for (let n = 0; n < 1000; n++) below.commit(98, 20);
  assert.equal(below.isBurning, false);
  const above = columnOf(spec);
  for (let n = 0; n < 1000; n++) above.commit(102, 20);
  assert.equal(above.isBurning, true);
});

test('parameters out of range are refused by name', () => {
  assert.throws(() => columnOf({ kind: 'mayr', powerW: 0 }), /arc model mayr: powerW is 0, expected 1 to 10000/);
  assert.throws(() => columnOf({ kind: 'cassie', tauUs: NaN }), /arc model cassie: tauUs is NaN, expected 5 to 2000/);
});
