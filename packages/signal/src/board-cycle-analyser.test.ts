import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at } from '../test/analyse.ts';
import { propertySettings } from '../test/property-settings.ts';
import { synthesise } from '../test/synthesise.ts';
import { createBoardCycleAnalyser } from './board-cycle-analyser.ts';
import type { BoardSampleBlock } from './board-cycle-analyser.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';

const rates = { sampleRateHz: 6400, mainsHz: 50 } as const;
type Circuit = BoardSampleBlock['circuits'][number];
type Seen = { readonly reading: CycleReading; readonly points: readonly (readonly number[])[] };

/** One second of a voltage at 50.2 Hz and of circuits that draw 1, 2, 4 … A, every second one with residual current. */
function board(circuitCount: number): { voltageV: Float64Array; circuits: Circuit[] } {
  const recipe = { sampleRateHz: 6400, frequencyHz: 50.2, frames: 6400, startPhaseRad: 0.7 };
  const wave = (rms: number, phaseRad: number, seed: number): Float64Array => {
    const components = [
      { order: 1, rms, phaseRad },
      { order: 3, rms: 0.3 * rms, phaseRad: 1 },
    ];
    return synthesise({ ...recipe, components, noiseRms: 0.001 * rms, seed });
  };
  return {
    voltageV: synthesise({ ...recipe, components: [{ order: 1, rms: 230 }], noiseRms: 0.1, seed: 1 }),
    circuits: Array.from({ length: circuitCount }, (_, k) => ({
      currentA: wave(2 ** k, -0.3 * k, 10 + k),
      ...(k % 2 === 1 && { residualCurrentMa: wave(5 + k, 1.2, 50 + k) }),
    })),
  };
}

function seenOf(reading: CycleReading, samples: CycleSamples): Seen {
  const { voltageV, currentA, residualCurrentMa } = samples;
  return { reading, points: [[...voltageV], [...currentA], [...(residualCurrentMa ?? [])]] };
}

/** What the board tells of each circuit, pushed in blocks of the given lengths. */
function analyseBoard({ voltageV, circuits }: BoardSampleBlock, lengths = [64]): Seen[][] {
  const seen: Seen[][] = circuits.map(() => []);
  const analyser = createBoardCycleAnalyser({
    ...rates,
    circuits: circuits.map(({ residualCurrentMa }) => ({ residual: residualCurrentMa !== undefined })),
  });
  const take = (circuit: number, reading: CycleReading, samples: CycleSamples): void =>
    void at(seen, circuit).push(seenOf(reading, samples));
  for (let from = 0, k = 0; from < voltageV.length; k++) {
    const to = from + at(lengths, k % lengths.length);
    const cut = (samples: Float64Array): Float64Array => samples.subarray(from, to);
    const pieces = circuits.map(({ currentA, residualCurrentMa }) => ({
      currentA: cut(currentA),
      ...(residualCurrentMa !== undefined && { residualCurrentMa: cut(residualCurrentMa) }),
    }));
    analyser.push({ voltageV: cut(voltageV), circuits: pieces }, take);
    from = to;
  }
  analyser.flush(take);
  return seen;
}

function analyseAlone(voltageV: Float64Array, circuit: Circuit): Seen[] {
  const seen: Seen[] = [];
  const analyser = createCycleAnalyser({ ...rates, residual: circuit.residualCurrentMa !== undefined });
  const take = (reading: CycleReading, samples: CycleSamples): void => void seen.push(seenOf(reading, samples));
  analyser.push({ voltageV, ...circuit }, take);
  analyser.flush(take);
  return seen;
}

/** Same points to the last bit, quantities within the rounding of a transform over `largestA`. */
function assertSame(found: readonly Seen[], expected: readonly Seen[], largestA: number): void {
  assert.equal(found.length, expected.length);
  for (const [index, { reading, points }] of found.entries()) {
    const alone = at(expected, index);
    assert.deepEqual(points, alone.points);
    for (const key of ['startFrame', 'frameCount', 'locked', 'voltageV', 'currentA', 'activePowerW'] as const) {
      assert.equal(reading[key], alone.reading[key], key);
    }
    assert.equal(reading.residualCurrentMa, alone.reading.residualCurrentMa);
    for (const [place, value] of reading.harmonicPhasors.entries()) {
      const other = at(alone.reading.harmonicPhasors, place);
      const isSame = Number.isNaN(other) ? Number.isNaN(value) : Math.abs(value - other) <= 1e-13 * (230 + largestA);
      assert.ok(isSame, `phasor ${place}: ${value}, ${other} alone`);
    }
  }
}

test('each of one to six circuits reads on a board what it reads by itself', () => {
  for (let count = 1; count <= 6; count++) {
    const block = board(count);
    analyseBoard(block).forEach((seen, circuit) => {
      assert.ok(seen.length >= 49, `${seen.length} cycles`);
      assertSame(seen, analyseAlone(block.voltageV, at(block.circuits, circuit)), 2 ** count);
    });
  }
});

test('samples that are not known in one circuit leave its neighbours as they are', () => {
  const block = board(5);
  const expected = block.circuits.map((circuit) => analyseAlone(block.voltageV, circuit));
  for (const broken of [0, 1, 2, 4]) {
    const { currentA } = at(block.circuits, broken);
    const circuits = block.circuits.map((circuit, index) =>
      index === broken ? { ...circuit, currentA: currentA.map((a, n) => (n > 3000 && n < 3300 ? NaN : a)) } : circuit,
    );
    analyseBoard({ voltageV: block.voltageV, circuits }).forEach((seen, index) => {
      if (index !== broken) assertSame(seen, at(expected, index), 32);
      else assert.ok(seen.some(({ reading }) => Number.isNaN(reading.currentA) && reading.voltageThdPct < 1));
    });
  }
});

test('without voltage no circuit has a phase, and all keep their rms', () => {
  const { voltageV, circuits } = board(3);
  const dead = new Float64Array(voltageV.length);
  analyseBoard({ voltageV: dead, circuits }).forEach((seen, index) => {
    assert.ok(seen.length > 40);
    for (const { reading } of seen) {
      assert.equal(reading.locked, false);
      assert.ok(reading.harmonicPhasors.every(Number.isNaN));
      assert.ok(Math.abs(reading.currentA / (2 ** index * Math.hypot(1, 0.3)) - 1) < 0.02, `${reading.currentA} A`);
    }
  });
});

test('a board reads the same to the last bit however its stream is cut', () => {
  const block = board(3);
  block.voltageV.fill(0, 3000, 4200);
  const whole = analyseBoard(block, [6400]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 10 }), (lengths) => {
      assert.deepEqual(analyseBoard(block, lengths), whole);
    }),
    propertySettings(10),
  );
});

test('a listener that pushes into another analyser finds its own cycle unchanged', () => {
  const { voltageV, circuits } = board(2);
  const outer = createBoardCycleAnalyser({ ...rates, circuits: [{}, { residual: true }], reusesReading: true });
  const inner = createCycleAnalyser({ ...rates, reusesReading: true });
  let told = 0;
  outer.push({ voltageV, circuits }, (circuit, reading, samples) => {
    const before = [reading.currentA, ...reading.harmonicPhasors, ...samples.currentA];
    const zeros = new Float64Array(640);
    inner.push({ voltageV: voltageV.subarray(0, 640), currentA: zeros }, () => told++);
    assert.deepEqual([reading.currentA, ...reading.harmonicPhasors, ...samples.currentA], before);
    assert.ok(Math.abs(reading.currentA / (2 ** circuit * Math.hypot(1, 0.3)) - 1) < 0.01);
  });
  assert.ok(told > 100);
});

test('a board without circuits and blocks of another board are refused', () => {
  const ignore = (): void => undefined;
  assert.throws(() => createBoardCycleAnalyser({ ...rates, circuits: [] }), /circuits is empty; expected at least one/);
  const analyser = createBoardCycleAnalyser({ ...rates, circuits: [{}, { residual: true }] });
  const three = new Float64Array(3);
  const push = (circuits: readonly Circuit[]) => () => {
    analyser.push({ voltageV: three, circuits }, ignore);
  };
  const whole = { currentA: three, residualCurrentMa: three };
  assert.throws(push([{ currentA: three }]), /boardCycleAnalyser\.push: 1 circuits; expected 2/);
  assert.throws(push([whole, whole]), /create the analyser with residual: true/);
  assert.throws(push([{ currentA: three }, { currentA: three }]), /has no residualCurrentMa/);
  assert.throws(push([{ currentA: new Float64Array(2) }, whole]), /3, 2, 3, 3 samples/);
});
