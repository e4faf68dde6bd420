import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { arcModelKinds } from '../arc/draw-arc-model.ts';
import { arcMatrix } from './arc-matrix.ts';
import { breakTimeMs } from './break-time.ts';
import type { ReactingRow } from './matrix-row.ts';
import { beginMatrixRun, renderMatrixRow } from './render-matrix-row.ts';

const FS = 6400;
/** Frames of a half-cycle of 10 ms. */
const HALF = 64;

function rowOf(id: string): ReactingRow {
  const row = arcMatrix.find((entry) => entry.id === id);
  assert.ok(row?.kind === 'reacting', `row ${id}`);
  return row;
}

const reacting = arcMatrix.filter((row) => row.kind === 'reacting');

test('the matrix has the rows of the standards with the limits of IEC 62606 Table 1', () => {
  assert.deepEqual(
    arcMatrix.map(({ id }) => id),
    ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'N1', 'N2', 'N3', 'N4'],
  );
  const limits = Object.fromEntries(reacting.map(({ id, limitMs }) => [id, limitMs]));
  const resistive = { R1: 1000, R2: 500, R3: 250, R4: 150, R5: 120, R6: 120 };
  assert.deepEqual(limits, { ...resistive, M1: 500, M2: 1000, M3: 500, M4: 1000, M5: 500, M6: 500, M7: 1000 });
});

test('the limit follows the column of the largest current not above; below the table its first column', () => {
  assert.deepEqual([0.5, 2.5, 4.9, 5, 12, 31, 80].map(breakTimeMs), [1000, 1000, 1000, 500, 250, 150, 120]);
});

for (const row of reacting.filter(({ id }) => id.startsWith('R'))) {
  test(`${row.id} draws ${row.columnA} A within 10 % before the arc`, () => {
    for (const seed of [1, 2, 3]) {
      const { currentA } = renderMatrixRow(row, { variant: 'normal', seed, sampleRateHz: FS, durationMs: 200 });
      const ratio = rms(currentA) / row.columnA;
      assert.ok(ratio > 0.9 && ratio < 1.1, `seed ${seed}: ${rms(currentA)} A`);
    }
  });

  test(`${row.id}: the half-cycles told are those in which the current leaves its twin without a gap`, () => {
    for (const seed of [11, 12]) {
      const bursts = { arcToArc: 0.95, touchToArc: 0.15 } as const;
      const options = { ...bursts, seed, sampleRateHz: FS, durationMs: 2500, stepRateHz: 102_400 } as const;
      const arc = renderMatrixRow(row, { ...options, variant: 'arc' });
      const twin = renderMatrixRow(row, { ...options, variant: 'normal' });
      const told = new Set(arc.truth.arcHalfCycles);
      const nominalA = rms(twin.currentA);
      let arcs = 0;
      for (let k = 0; k < 250; k++) {
        const difference = arc.currentA
          .subarray(k * HALF, (k + 1) * HALF)
          .map((i, n) => i - (twin.currentA[k * HALF + n] ?? NaN));
        const ratio = rms(difference) / nominalA;
        const burnedMs = arc.truth.burnedMs[k] ?? NaN;
        // 30 V of 311 V and a shoulder of up to 3 ms: that much is missing wherever it burns for most of the half-cycle.
        if (burnedMs > 6)
          assert.ok(ratio > 0.05 && ratio < 0.5, `half-cycle ${k}: ratio ${ratio}, burned ${burnedMs} ms`);
        if (burnedMs > 6) arcs++;
        // No arc here nor beside: the contact's 20 mOhm and the noise of the converter are left.
        const isCalm = [k - 1, k, k + 1].every((at) => (arc.truth.burnedMs[at] ?? 0) === 0);
        if (isCalm) assert.ok(ratio < 0.02, `calm half-cycle ${k}: ratio ${ratio}`);
        assert.equal(told.has(k), burnedMs > Math.fround(0.42), `half-cycle ${k} burned ${burnedMs} ms`);
      }
      assert.ok(arcs >= 14, `${arcs} half-cycles with a full arc`);
    }
  });
}

test('no arc is told before the contacts part', () => {
  const { truth } = renderMatrixRow(rowOf('R3'), { variant: 'arc', seed: 5, sampleRateHz: FS, durationMs: 2000 });
  const firstMs = (truth.arcHalfCycles[0] ?? NaN) * 10;
  assert.ok(firstMs >= (truth.strikeAtMs ?? NaN) - 10 && firstMs <= (truth.strikeAtMs ?? NaN) + 20, `${firstMs} ms`);
});

for (const row of reacting) {
  test(`${row.id}: every case renders, with an arc and without, at 6.4 and at 10 kHz`, () => {
    for (const { id: caseId } of row.cases) {
      for (const sampleRateHz of [6400, 10_000]) {
        const options = { caseId, seed: 3, sampleRateHz, durationMs: 500, strikeAtMs: 200, arcToArc: 1 } as const;
        const arc = renderMatrixRow(row, { ...options, variant: 'arc', stepRateHz: 40_000 });
        const normal = renderMatrixRow(row, { ...options, variant: 'normal' });
        assert.equal(arc.currentA.length, sampleRateHz / 2);
        assert.ok(
          [arc, normal].every((run) => run.currentA.every(Number.isFinite) && run.voltageV.every(Number.isFinite)),
        );
        assert.ok(rms(normal.currentA) > 0.3, `${caseId}: ${rms(normal.currentA)} A`);
        assert.ok(
          arc.truth.arcHalfCycles.length >= 5,
          `${caseId}: ${arc.truth.arcHalfCycles.length} arcing half-cycles of 30`,
        );
        assert.deepEqual(normal.truth.arcHalfCycles, []);
      }
    }
  });
}

for (const kind of arcModelKinds) {
  test(`by the ${kind} model, drawn for the current, R1, R3 and R6 arc on and lose 2 to 25 % of their current`, () => {
    for (const id of ['R1', 'R3', 'R6']) {
      const options = { seed: 4, sampleRateHz: FS, durationMs: 1500, arcModel: kind, arcToArc: 1 } as const;
      const { currentA, truth } = renderMatrixRow(rowOf(id), { ...options, variant: 'arc', strikeAtMs: 500 });
      assert.ok(truth.arcHalfCycles.length > 90, `${id}: ${truth.arcHalfCycles.length} of 100`);
      const ratio = rms(currentA.subarray(600 * 6.4)) / rms(currentA.subarray(0, 400 * 6.4));
      assert.ok(ratio > 0.75 && ratio < 0.98, `${id}: ${ratio} of the current is left`);
    }
  });
}

test('the compressor of M3 starts with a peak of 65 A within a tenth at the worst instant on the wave', () => {
  let worstA = 0;
  for (let seed = 0; seed < 8; seed++) {
    const options = { variant: 'normal', seed, sampleRateHz: FS, durationMs: 300 } as const;
    const { currentA } = renderMatrixRow(rowOf('M3'), { ...options, switchOnAtMs: 100 + 1.3 * seed });
    worstA = Math.max(worstA, ...currentA.map(Math.abs));
  }
  assert.ok(worstA > 58.5 && worstA < 71.5, `peak is ${worstA} A`);
});

test('nothing flows before the loads are switched on', () => {
  const options = { variant: 'arc', seed: 1, sampleRateHz: FS, durationMs: 3000, switchOnAtMs: 1500 } as const;
  const { currentA, truth } = renderMatrixRow(rowOf('R2'), options);
  assert.ok(currentA.subarray(0, 1480 * 6.4).every((i) => Math.abs(i) < 0.05));
  assert.ok(rms(currentA.subarray(1600 * 6.4, 2400 * 6.4)) > 4.5);
  assert.ok((truth.arcHalfCycles[0] ?? 0) >= 250, 'the arc comes a second after');
});

test('same options, same frames in any block size; another seed, others', () => {
  const options = { variant: 'arc', seed: 9, sampleRateHz: FS, durationMs: 1300 } as const;
  const whole = renderMatrixRow(rowOf('M1'), options);
  const run = beginMatrixRun(rowOf('M1'), options);
  const pieces: number[] = [];
  for (let block = run.next(77); block !== undefined; block = run.next(77)) pieces.push(...block.currentA);
  assert.deepEqual(Float64Array.from(pieces), whole.currentA);
  assert.deepEqual(run.truth(), whole.truth);
  assert.notDeepEqual(renderMatrixRow(rowOf('M1'), { ...options, seed: 10 }).currentA, whole.currentA);
});

test('an unknown case and a length that makes no sense are refused', () => {
  const options = { variant: 'arc', seed: 1, sampleRateHz: FS } as const;
  assert.throws(
    () => beginMatrixRun(rowOf('M1'), { ...options, caseId: 'attic' }),
    /row M1: case is "attic", expected one of inLoad, upstream, besideLoad/,
  );
  assert.throws(() => beginMatrixRun(rowOf('R1'), { ...options, durationMs: 3 }), /row R1: durationMs is 3/);
  assert.throws(() => beginMatrixRun(rowOf('R1'), { ...options, sampleRateHz: 50 }), /sampleRateHz is 50/);
});
