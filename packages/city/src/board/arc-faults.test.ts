import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import type { CircuitFault } from '../fault/circuit-fault.ts';
import { createBoard, type Board } from './create-board.ts';

const SUPPLY = { harmonics: [], frequencyWanderHz: 0, voltageWanderRatio: 0, startPhaseRad: 0 };
const HEATER = { id: 'heater', kind: 'resistive', powerW: 1100 } as const;
const LAMP = { id: 'lamp', kind: 'resistive', powerW: 440 } as const;
/** A path without scatter, so that closed forms hold. */
const PLAIN = {
  kind: 'carbonised',
  reignitionV: 90,
  reignitionScatter: 0,
  arcV: 30,
  arcScatter: 0,
  hyperbolicW: 0,
  ageingVPerJ: 0,
  asymmetryRatio: 1,
} as const;

function boardWith(...faults: readonly CircuitFault[]): Board {
  const circuits = [
    { id: 'c1', ratedA: 16, cableOhm: 0.15, loads: [HEATER, LAMP] },
    { id: 'c2', ratedA: 16, cableOhm: 0.15, loads: [LAMP] },
  ];
  return createBoard({ supply: SUPPLY, converter: { kind: 'ideal' }, circuits, faults }, 1);
}

function currents(board: Board, frames: number): { c1: Float64Array; c2: Float64Array; residualMa: Float64Array } {
  const { circuits } = board.next(frames);
  const [first, second] = circuits;
  assert.ok(first !== undefined && second !== undefined);
  return { c1: first.currentA, c2: second.currentA, residualMa: first.residualCurrentMa };
}

test('an arc upstream takes its voltage off the whole circuit, one in the line of a load off that load alone', () => {
  const sound = rms(currents(boardWith(), 6400).c1);
  const withArc = (load: string): number => {
    const board = boardWith({ kind: 'seriesArc', circuit: 'c1', load, model: PLAIN, arcToArc: 1 });
    const { c1 } = currents(board, 6400);
    assert.ok(board.arcHalfCycles('c1').length >= 98 && board.arcHalfCycles('c2').length === 0);
    return rms(c1);
  };
  // Ratio of the currents with and without 30 V, a shoulder up to 90 V and the peak of 311 V, by quadrature.
  let squares = 0;
  for (let k = 0; k < 10_000; k++) {
    const v = 311.1 * Math.sin((Math.PI * (k + 0.5)) / 10_000);
    const angle = (Math.PI * (k + 0.5)) / 10_000;
    if (angle > Math.asin(90 / 311.1) && v > 30) squares += ((v - 30) / 311.1) ** 2 / 10_000;
  }
  const ratio = Math.sqrt(squares * 2);
  assert.ok(Math.abs(withArc('all') / sound - ratio) < 0.01, `upstream ${withArc('all') / sound}, expected ${ratio}`);
  // The heater draws 5 A of the 7 A.
  const inHeater = (5 * ratio + 2) / 7;
  assert.ok(
    Math.abs(withArc('heater') / sound - inHeater) < 0.01,
    `${withArc('heater') / sound}, expected ${inHeater}`,
  );
});

test('an arc from line to neutral draws the current of its loop, one to earth shows as residual current', () => {
  const loop = { kind: 'parallelArc', circuit: 'c1', model: PLAIN, arcToArc: 1, currentA: 20 } as const;
  const sound = currents(boardWith(), 6400);
  const neutral = currents(boardWith(loop), 6400);
  const earth = currents(boardWith({ ...loop, path: 'lineEarth' }), 6400);
  const extra = rms(neutral.c1.map((i, n) => i - (sound.c1[n] ?? NaN)));
  // 20 A less the arc's share, and less what source and cable keep: 0.55 ohm against 11 ohm.
  assert.ok(extra > 14 && extra < 18.5, `${extra} A`);
  assert.ok(rms(neutral.residualMa) < 5);
  assert.ok(Math.abs(rms(earth.residualMa) / 1000 / extra - 1) < 0.02, `${rms(earth.residualMa)} mA`);
});

test("an arc next door is heard on every circuit of the board and is nobody's arc", () => {
  const sound = currents(boardWith(), 6400).c1;
  const board = boardWith({ kind: 'neighbourArc', circuit: 'c1', model: PLAIN, arcToArc: 1, currentA: 20 });
  const { c1 } = currents(board, 6400);
  const difference = rms(c1.map((i, n) => i - (sound[n] ?? NaN))) / rms(sound);
  // 20 A through 0.4 ohm take 8 V off 220 V.
  assert.ok(difference > 0.02 && difference < 0.06, `the own current differs by ${difference}`);
  assert.deepEqual([...board.arcHalfCycles('c1'), ...board.arcHalfCycles('c2')], []);
});

test('an arc begins and ends at its time and leaves the circuit as it was', () => {
  const sound = currents(boardWith(), 12_800).c1;
  const faults: CircuitFault[] = (['all', 'heater'] as const).map((load) => ({
    kind: 'seriesArc',
    circuit: 'c1',
    load,
    atMs: 500,
    durationMs: 500,
  }));
  faults.push({ kind: 'parallelArc', circuit: 'c1', atMs: 500, durationMs: 500 });
  faults.push({ kind: 'neighbourArc', circuit: 'c2', atMs: 500, durationMs: 500 });
  const board = boardWith(...faults);
  const { c1 } = currents(board, 12_800);
  const differs = c1.map((i, n) => Math.abs(i - (sound[n] ?? NaN)));
  assert.ok(differs.subarray(0, 3100).every((d) => d < 1e-9));
  assert.ok(
    differs.subarray(6600).every((d) => d < 1e-3),
    'as before after the end',
  );
  const arcs = board.arcHalfCycles('c1');
  assert.ok(arcs.length > 10 && arcs.every((k) => k >= 49 && k <= 101), arcs.join(' '));
});

test('an arc to earth that has ended leaves no residual current behind, though another arc goes on', () => {
  const earth = {
    kind: 'parallelArc',
    circuit: 'c1',
    path: 'lineEarth',
    arcToArc: 1,
    currentA: 5,
    durationMs: 300,
  } as const;
  const board = boardWith({ kind: 'seriesArc', circuit: 'c1', arcToArc: 1 }, earth);
  assert.ok(rms(currents(board, 1600).residualMa) > 1000);
  currents(board, 640);
  // What is left is natural leakage: 2 mA.
  assert.ok(rms(currents(board, 3200).residualMa) < 5);
});

test('two arcs in one line wait for one another; a cleared arc makes room', () => {
  const board = boardWith(
    { kind: 'seriesArc', circuit: 'c1', arcToArc: 1 },
    { kind: 'seriesArc', circuit: 'c1', arcToArc: 1 },
  );
  board.next(3200);
  assert.equal(board.clear('seriesArc'), 2);
  board.next(640);
  const count = board.arcHalfCycles('c1').length;
  board.next(3200);
  assert.equal(board.arcHalfCycles('c1').length, count, 'no arc after both were cleared');
});

test("same seed, same arc; the fault's own seed gives another", () => {
  const arc = (seed: number): Float64Array => currents(boardWith({ kind: 'seriesArc', circuit: 'c1', seed }), 3200).c1;
  assert.deepEqual(arc(0), arc(0));
  assert.notDeepEqual(arc(0), arc(1));
});

test('faults that make no sense are refused with place, value and expectation', () => {
  const bad = (fault: CircuitFault, message: RegExp): void => assert.throws(() => boardWith(fault), message);
  bad({ kind: 'seriesArc', circuit: 'c1', load: 'kettle' }, /load is "kettle", expected one of all, heater, lamp/);
  bad({ kind: 'parallelArc', circuit: 'c1', currentA: 5000 }, /parallelArc: currentA is 5000, expected 0.5 to 1000/);
  bad({ kind: 'seriesArc', circuit: 'c1', arcToArc: 2 }, /seriesArc: arcToArc is 2, expected 0 to 1/);
  bad(
    { kind: 'neighbourArc', circuit: 'c1', model: { kind: 'mayr', tauUs: 1 } },
    /mayr: tauUs is 1, expected 5 to 2000/,
  );
});
