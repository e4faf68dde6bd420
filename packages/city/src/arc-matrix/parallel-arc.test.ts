import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { parallelArcHalfCycles, renderParallelArc } from './parallel-arc.ts';

const FS = 6400;

test('the half-cycles allowed are those of IEC 62606 Table 3', () => {
  assert.deepEqual([50, 75, 99, 100, 150, 500, 800].map(parallelArcHalfCycles), [12, 12, 12, 10, 8, 8, 8]);
});

for (const currentA of [75, 150, 500]) {
  test(`a sustained arc of ${currentA} A draws its prospective current less what the arc keeps`, () => {
    const options = { currentA, seed: 2, sampleRateHz: FS, arcToArc: 1, strikeAtMs: 500, durationMs: 1500 } as const;
    const plain = {
      kind: 'carbonised',
      reignitionV: 100,
      reignitionScatter: 0,
      arcV: 40,
      arcScatter: 0,
      hyperbolicW: 0,
    } as const;
    const { currentA: wave, truth } = renderParallelArc({
      ...options,
      ratedA: 250,
      loads: [],
      arcModel: { ...plain, asymmetryRatio: 1 },
    });
    // Quadrature of (V sin θ − 40)/R from the ignition at 100 V on, V drawn within 3 % of 311 V.
    let squares = 0;
    for (let k = 0; k < 10_000; k++) {
      const v = 311.1 * Math.sin((Math.PI * (k + 0.5)) / 10_000);
      if ((k > 5000 || v > 100) && v > 40) squares += ((v - 40) / 311.1) ** 2 / 10_000;
    }
    const expectedA = currentA * Math.sqrt(2 * squares);
    const actualA = rms(wave.subarray(600 * 6.4));
    assert.ok(Math.abs(actualA / expectedA - 1) < 0.07, `${actualA} A, expected ${expectedA} A`);
    assert.ok(truth.arcHalfCycles.length >= 99 && (truth.arcHalfCycles[0] ?? 0) >= 49);
    assert.ok(rms(wave.subarray(0, 480 * 6.4)) < 0.2);
  });
}

test('between its arcs the circuit draws its loads alone', () => {
  const { currentA, truth } = renderParallelArc({
    currentA: 150,
    seed: 3,
    sampleRateHz: FS,
    arcToArc: 0.5,
    touchToArc: 0.2,
  });
  const told = new Set(truth.arcHalfCycles);
  assert.ok(told.size > 10 && told.size < 140, `${told.size} of 150`);
  for (let k = 2; k < 198; k++) {
    const peakA = currentA.subarray(k * 64, (k + 1) * 64).reduce((most, i) => Math.max(most, Math.abs(i)), 0);
    if (told.has(k)) assert.ok(peakA > 20, `half-cycle ${k}: ${peakA} A`);
    else if (![k - 1, k + 1].some((at) => told.has(at))) assert.ok(peakA < 7.7, `half-cycle ${k}: ${peakA} A`);
  }
});

test('same options, same frames; a current beyond all installations is refused', () => {
  const options = { currentA: 100, seed: 4, sampleRateHz: FS, durationMs: 700 } as const;
  assert.deepEqual(renderParallelArc(options), renderParallelArc(options));
  assert.throws(
    () => renderParallelArc({ ...options, currentA: 5e4 }),
    /parallel arc: currentA is 50000, expected 10 to 1000/,
  );
});
