import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { measure, rms } from '../../test/measure.ts';
import type { BoardSpec } from './board-spec.ts';
import { createBoard, type Board } from './create-board.ts';

const BUSY: BoardSpec = {
  circuits: [
    {
      id: 'c1',
      ratedA: 16,
      loads: [
        { id: 'heater', kind: 'resistive', powerW: 900, coldResistanceRatio: 0.6 },
        { id: 'pc', kind: 'rectifier', powerW: 180, schedule: { kind: 'cycle', onMs: 300, offMs: 200 } },
        { id: 'dimmer', kind: 'dimmer', powerW: 200, firingAngleDeg: 75 },
      ],
    },
    {
      id: 'c2',
      ratedA: 20,
      loads: [
        {
          id: 'fridge',
          kind: 'motor',
          powerW: 300,
          powerFactor: 0.75,
          schedule: { kind: 'cycle', onMs: 500, offMs: 400 },
        },
        { id: 'bike', kind: 'eBikeCharger', powerW: 150, chemistry: 'lithium' },
      ],
    },
  ],
};
const HEATER: BoardSpec = {
  circuits: [{ id: 'c1', ratedA: 10, loads: [{ id: 'heater', kind: 'resistive', powerW: 1100 }] }],
};

/** Everything a board yields, in one flat list, read in blocks of the given sizes. */
function read(board: Board, sizes: readonly number[]): { samples: number[]; temperaturesC: readonly number[] } {
  const channels: number[][] = [];
  let temperaturesC: readonly number[] = [];
  for (const size of sizes) {
    const block = board.next(size);
    const all = [block.voltageV, ...block.circuits.flatMap((c) => [c.currentA, c.residualCurrentMa])];
    for (const [index, channel] of all.entries()) (channels[index] ??= []).push(...channel);
    temperaturesC = block.temperaturesC;
  }
  return { samples: channels.flat(), temperaturesC };
}

function currentOver(board: Board, seconds: number): number {
  return rms(board.next(Math.round(seconds * 6400)).circuits[0]?.currentA ?? new Float64Array());
}

test('the same spec, seed and start give the same bytes; another seed gives others', () => {
  const first = read(createBoard(BUSY, 42, 1.7e12), [3000, 3000]);
  assert.deepEqual(read(createBoard(BUSY, 42, 1.7e12), [3000, 3000]), first);
  assert.notDeepEqual(read(createBoard(BUSY, 43, 1.7e12), [3000, 3000]), first);
});

test('the block size does not change a single sample', () => {
  const total = 3200;
  const whole = read(createBoard(BUSY, 9, 1.7e12), [total]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 }), (sizes) => {
      const used = sizes.filter((_, k) => sizes.slice(0, k + 1).reduce((a, b) => a + b, 0) < total);
      const rest = total - used.reduce((a, b) => a + b, 0);
      assert.deepEqual(read(createBoard(BUSY, 9, 1.7e12), [...used, rest]), whole);
    }),
    { numRuns: 12 },
  );
});

test('adding a circuit leaves the noise and the schedule of the others as they were', () => {
  const idle = { id: 'c3', ratedA: 16, loads: [] };
  const [alone, beside] = [BUSY, { ...BUSY, circuits: [...BUSY.circuits, idle] }].map((spec) =>
    createBoard(spec, 5).next(2000),
  );
  assert.deepEqual(beside?.circuits[0], alone?.circuits[0]);
  assert.deepEqual(beside?.voltageV, alone?.voltageV);
});

test('the clock counts frames from the start given', () => {
  const board = createBoard(HEATER, 1, 1_763_718_000_000);
  assert.equal(board.next(6400).atMs, 1_763_718_000_000);
  assert.equal(board.next(64).atMs, 1_763_718_001_000);
  assert.equal(board.nowMs, 1_763_718_001_010);
  assert.deepEqual([board.sampleRateHz, board.mainsHz, board.nominalV, board.circuits], [6400, 50, 220, ['c1']]);
});

test('circuits share one voltage: a load on one lowers it for the other', () => {
  const circuits = [
    {
      id: 'c1',
      ratedA: 32,
      loads: [{ id: 'h', kind: 'resistive', powerW: 5000, schedule: { kind: 'spans', spans: [{ onAtMs: 500 }] } }],
    },
    { id: 'c2', ratedA: 16, loads: [] },
  ] as const;
  const supply = { frequencyWanderHz: 0, voltageWanderRatio: 0, harmonics: [], sourceOhm: 0.5, sourceH: 0 };
  const board = createBoard({ supply, circuits }, 1);
  const before = rms(board.next(2560).voltageV);
  board.next(1280);
  const block = board.next(2560);
  const { currentA } = measure(block.voltageV, block.circuits[0]?.currentA ?? new Float64Array(), 128);
  assert.ok(Math.abs(before - rms(block.voltageV) - 0.5 * currentA) < 0.05);
});

test('an overload reaches its multiple of the rated current, holds it, and ends when cleared', () => {
  const board = createBoard(HEATER, 1);
  board.next(6400);
  const normalA = currentOver(board, 1);
  board.inject({ kind: 'overload', circuit: 'c1', toRatio: 1.6 });
  board.next(6400);
  const overloadA = currentOver(board, 2);
  assert.ok(overloadA > 15.9 && overloadA < 16.8, `current is ${overloadA} A`);
  assert.equal(board.clear('overload'), 1);
  board.next(640);
  const clearedA = currentOver(board, 1);
  assert.ok(Math.abs(clearedA - normalA) < 0.05 * normalA, `current is ${clearedA} A, was ${normalA} A`);
});

test('rising leakage reaches its residual current and leaves the rest of the circuit alone', () => {
  const board = createBoard(HEATER, 1);
  const normalA = currentOver(board, 1);
  const id = board.inject({ kind: 'risingLeakage', circuit: 'c1', toMa: 500, riseMs: 2000 });
  const half = rms(board.next(6400).circuits[0]?.residualCurrentMa ?? new Float64Array());
  board.next(9600);
  const block = board.next(6400);
  const full = rms(block.circuits[0]?.residualCurrentMa ?? new Float64Array());
  // A ramp from 0 to 250 mA has an rms of 250 / √3.
  assert.ok(Math.abs(half - 250 / Math.sqrt(3)) < 5, `first second: ${half} mA`);
  assert.ok(Math.abs(full - 500) < 10, `then: ${full} mA`);
  assert.ok(Math.abs(rms(block.circuits[0]?.currentA ?? new Float64Array()) - normalA - 0.5) < 0.1);
  assert.equal(board.clear(id), 1);
  board.next(640);
  assert.ok(rms(board.next(640).circuits[0]?.residualCurrentMa ?? new Float64Array()) < 5);
});

test('a loose terminal heats towards I² R Rth with its time constant', () => {
  const supply = { frequencyWanderHz: 0, voltageWanderRatio: 0 };
  const circuits = [
    { ...HEATER.circuits[0], id: 'c1', ratedA: 10, loads: HEATER.circuits[0]?.loads ?? [], thermalKPerW: 12 },
  ];
  const board = createBoard({ supply, circuits }, 1);
  const [startC] = board.next(640).temperaturesC;
  board.inject({ kind: 'looseTerminal', circuit: 'c1', toMilliohm: 100, riseMs: 0, thermalTauMs: 5000 });
  const currentA = currentOver(board, 5);
  const [afterTau] = board.next(1).temperaturesC;
  board.next(6400 * 30);
  const [finalC] = board.next(1).temperaturesC;
  const expected = currentA ** 2 * 0.1 * 12;
  assert.ok(
    Math.abs((finalC ?? 0) - (startC ?? 0) - expected) < 0.04 * expected,
    `rise to ${finalC} °C, expected +${expected} K`,
  );
  const share = ((afterTau ?? 0) - (startC ?? 0)) / ((finalC ?? 0) - (startC ?? 0));
  assert.ok(Math.abs(share - (1 - Math.exp(-1))) < 0.03, `after one time constant ${share} of the rise`);
});

test('a planned fault begins and ends at its time', () => {
  const fault = { kind: 'overload', circuit: 'c1', toRatio: 1.5, atMs: 2000, durationMs: 1000 } as const;
  const board = createBoard({ ...HEATER, faults: [fault] }, 1);
  assert.ok(currentOver(board, 1.98) < 6);
  board.next(1280);
  assert.ok(currentOver(board, 0.7) > 14.5);
  board.next(960);
  assert.ok(currentOver(board, 1) < 6);
});

test('slow processes run at the course speed: a charger reaches its float within seconds', () => {
  const loads = [{ id: 'bike', kind: 'eBikeCharger', powerW: 150, chemistry: 'leadAcid' }] as const;
  const board = createBoard({ courseSpeed: 10_000, circuits: [{ id: 'c1', ratedA: 16, loads }] }, 1);
  const block = board.next(640);
  const early = measure(block.voltageV, block.circuits[0]?.currentA ?? new Float64Array(), 128).activePowerW;
  board.next(6400 * 5);
  const late = board.next(640);
  const floating = measure(late.voltageV, late.circuits[0]?.currentA ?? new Float64Array(), 128).activePowerW;
  assert.ok(early > 145 && early < 175, `${early} W`);
  assert.ok(floating > 8 && floating < 14, `${floating} W`);
});

test('an idle circuit reads nothing but the noise of its converter', () => {
  const board = createBoard({ circuits: [{ id: 'c1', ratedA: 16, loads: [] }] }, 1);
  const lsbA = (12 * 16) / 32_767;
  const noise = currentOver(board, 1);
  assert.ok(noise > 0.3 * lsbA && noise < 1.2 * lsbA, `${noise} A`);
});

test('specs and faults that make no sense are refused with place, value and expectation', () => {
  const circuit = { id: 'c1', ratedA: 16, loads: [] };
  const bad = (spec: BoardSpec, message: RegExp): void => assert.throws(() => createBoard(spec, 1), message);
  bad({ circuits: [] }, /circuits: count is 0, expected 1 to 8/);
  bad({ circuits: [{ ...circuit, id: 'k1' }] }, /circuit id is "k1", expected c1 to c8/);
  bad({ circuits: [circuit, circuit] }, /expected distinct ids/);
  bad({ circuits: [{ ...circuit, ratedA: 0 }] }, /circuit c1: ratedA is 0, expected 1 to 630/);
  bad({ circuits: [circuit], sampleRateHz: 100 }, /sampleRateHz is 100/);
  const pan = { id: 'pan', kind: 'resistive', powerW: -5 } as const;
  bad({ circuits: [{ ...circuit, loads: [pan] }] }, /load pan: powerW is -5/);
  const board = createBoard({ circuits: [circuit] }, 1);
  assert.throws(() => board.next(0), /frameCount is 0/);
  assert.throws(() => board.inject({ kind: 'overload', circuit: 'c4' }), /circuit is "c4", expected one of c1/);
  assert.throws(() => board.inject({ kind: 'overload', circuit: 'c1', toRatio: 90 }), /toRatio is 90/);
});

test('twelve boards with two circuits take less than half a core at real speed', () => {
  const boards = Array.from({ length: 12 }, (_, seed) => createBoard(BUSY, seed));
  for (const board of boards) board.next(3200);
  const before = process.cpuUsage();
  for (const board of boards) board.next(6400);
  const { user, system } = process.cpuUsage(before);
  // Processor time, not wall time: the machine may be shared. Measured 70 to 105 ms per simulated second.
  assert.ok(user + system < 500_000, `one simulated second took ${(user + system) / 1000} ms`);
});
