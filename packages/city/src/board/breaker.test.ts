import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import { createBoard, type Board } from './create-board.ts';

const FS = 6400;
const LAMP: LoadSpec = { id: 'lamp', kind: 'resistive', powerW: 440 };
const LOADS: readonly LoadSpec[] = [
  { id: 'heater', kind: 'resistive', powerW: 1100 },
  { id: 'motor', kind: 'motor', powerW: 400, powerFactor: 0.7 },
  { id: 'supply', kind: 'rectifier', powerW: 200 },
  { id: 'dimmer', kind: 'dimmer', powerW: 300, firingAngleDeg: 90 },
  { id: 'drill', kind: 'universalMotor', powerW: 600 },
  { id: 'lamps', kind: 'fluorescent', powerW: 80 },
  { id: 'oven', kind: 'microwave', powerW: 1200 },
  { id: 'hob', kind: 'inductionHob', powerW: 1800, pulse: { periodMs: 300, dutyRatio: 0.5 } },
  { id: 'computer', kind: 'pfcSupply', powerW: 300 },
  { id: 'fridge', kind: 'compressor', powerW: 150 },
  { id: 'iron', kind: 'resistive', powerW: 800, schedule: { kind: 'cycle', onMs: 300, offMs: 200 } },
];

function boardWith(loads: readonly LoadSpec[], faults: readonly CircuitFault[] = []): Board {
  const circuits = [
    { id: 'c1', ratedA: 32, loads },
    { id: 'c2', ratedA: 16, loads: [LAMP] },
  ];
  return createBoard({ converter: { kind: 'ideal' }, circuits, faults }, 1);
}

function largest(samples: Float64Array): number {
  return samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

for (const load of LOADS) {
  test(`an open breaker ends the current of a ${load.kind} (${load.id}) within a cycle, and for good`, () => {
    const board = boardWith([load]);
    assert.ok(rms(board.next(FS).circuits[0]?.currentA ?? new Float64Array(1)) > 0.05, 'it ran before');
    board.openBreaker('c1');
    board.next(Math.round(0.025 * FS));
    const { currentA } = board.next(2 * FS).circuits[0] ?? { currentA: new Float64Array(1).fill(NaN) };
    assert.ok(largest(currentA) < 1e-6, `${largest(currentA)} A`);
    assert.equal(board.breaker('c1'), 'open');
  });
}

test('overload, leakage and arcs behind an open breaker end too; voltage and the other circuit stay', () => {
  const faults: readonly CircuitFault[] = [
    { kind: 'overload', circuit: 'c1' },
    { kind: 'risingLeakage', circuit: 'c1', riseMs: 100 },
    { kind: 'seriesArc', circuit: 'c1', arcToArc: 1 },
    { kind: 'parallelArc', circuit: 'c1', arcToArc: 1, currentA: 20 },
    { kind: 'parallelArc', circuit: 'c1', path: 'lineEarth', arcToArc: 1, currentA: 5 },
  ];
  const board = boardWith([LAMP], faults);
  const before = board.next(FS);
  assert.ok(largest(before.circuits[0]?.residualCurrentMa ?? new Float64Array(1)) > 1000);
  board.openBreaker('c1');
  board.next(Math.round(0.025 * FS));
  const arcs = board.arcHalfCycles('c1').length;
  const { voltageV, circuits } = board.next(FS);
  assert.ok(largest(circuits[0]?.currentA ?? new Float64Array([NaN])) < 1e-6);
  assert.ok(largest(circuits[0]?.residualCurrentMa ?? new Float64Array([NaN])) < 1e-3);
  assert.ok(rms(voltageV) > 200);
  assert.ok(Math.abs(rms(circuits[1]?.currentA ?? new Float64Array(1)) - 2) < 0.1);
  assert.equal(board.arcHalfCycles('c1').length, arcs, 'no arc burns behind it');
  assert.deepEqual([board.breaker('c1'), board.breaker('c2')], ['open', 'closed']);
});

test('a fault injected behind an open breaker draws nothing; an unknown circuit is refused', () => {
  const board = boardWith([LAMP]);
  board.openBreaker('c1');
  board.inject({ kind: 'parallelArc', circuit: 'c1', arcToArc: 1 });
  board.inject({ kind: 'overload', circuit: 'c1' });
  board.next(400);
  assert.ok(largest(board.next(FS).circuits[0]?.currentA ?? new Float64Array([NaN])) < 1e-6);
  assert.throws(() => board.openBreaker('c7'), /circuit is "c7", expected one of c1, c2/);
});

test('a board whose breaker never opens is the board it was', () => {
  const plain = boardWith(LOADS).next(FS);
  const asked = boardWith(LOADS);
  assert.equal(asked.breaker('c1'), 'closed');
  assert.deepEqual(asked.next(FS), plain);
});
