import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SourceBlock, SourceCircuit } from '../source/sample-source.ts';
import { createBlockCorrector } from './block-corrector.ts';
import { commonDelayFrames } from './channel-corrector.ts';

const mainsHz = 50 as const;
const c1: SourceCircuit = { prefix: 'c1', hasResidual: true };
const points = ['c1.voltageV', 'c1.currentA', 'c1.residualCurrentMa'] as const;

type Errors = Record<(typeof points)[number], { gain: number; offset: number; phaseUs: number }>;

/** What the quantities are: closed form, at any instant. */
const truth = {
  'c1.voltageV': (t: number) => 325 * Math.sin(2 * Math.PI * mainsHz * t),
  'c1.currentA': (t: number) => 14 * Math.sin(2 * Math.PI * mainsHz * t - 0.4),
  'c1.residualCurrentMa': (t: number) => 30 * Math.sin(2 * Math.PI * mainsHz * t + 1.1),
};

/** What a channel with these errors shows at t: late by its phase error, then off by gain and offset. */
const rawOf =
  (point: (typeof points)[number], { gain, offset, phaseUs }: Errors['c1.voltageV']) =>
  (t: number) =>
    (truth[point](t - phaseUs / 1e6) - offset) / gain;

function blocksOf(errors: Errors, sampleRateHz: number, lengths: readonly number[]): SourceBlock[] {
  let frame = 0;
  return lengths.map((length) => {
    const from = frame;
    frame += length;
    const sampled = (point: (typeof points)[number]): Float64Array =>
      Float64Array.from({ length }, (_, i) => rawOf(point, errors[point])((from + i) / sampleRateHz));
    return {
      voltageV: sampled('c1.voltageV'),
      circuits: [{ currentA: sampled('c1.currentA'), residualCurrentMa: sampled('c1.residualCurrentMa') }],
    };
  });
}

const channelsOf = (errors: Errors) => points.map((point) => ({ point, ...errors[point] }));
const anyError = fc.record({
  gain: fc.double({ min: 0.5, max: 2, noNaN: true }),
  offset: fc.double({ min: -5, max: 5, noNaN: true }),
  phaseUs: fc.oneof(fc.constant(0), fc.double({ min: -500, max: 500, noNaN: true })),
});

test('a known gain, offset and phase error comes back as the wave it was made of, in phase with the other channels', () => {
  fc.assert(
    fc.property(
      fc.tuple(anyError, anyError, anyError),
      fc.constantFrom(4_000, 6_400, 12_800, 25_600),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 4, maxLength: 12 }),
      ([u, i, r], sampleRateHz, lengths) => {
        const errors: Errors = { 'c1.voltageV': u, 'c1.currentA': i, 'c1.residualCurrentMa': r };
        const channels = channelsOf(errors);
        const source = { circuits: [c1], sampleRateHz, mainsHz };
        const correct = createBlockCorrector(source, { channels });
        const delay = commonDelayFrames(channels, source);
        let frame = 0;
        for (const block of blocksOf(errors, sampleRateHz, [...lengths, 400])) {
          const { voltageV, circuits } = correct(block);
          for (let k = 0; k < voltageV.length; k++, frame++) {
            // What stood in the filters before the first sample is forgotten by a third with every frame.
            if (frame < 40 + delay) continue;
            const t = (frame - delay) / sampleRateHz;
            const [circuit] = circuits;
            for (const [got, point] of [
              [voltageV[k], 'c1.voltageV'],
              [circuit?.currentA[k], 'c1.currentA'],
              [circuit?.residualCurrentMa?.[k], 'c1.residualCurrentMa'],
            ] as const)
              assert.ok(
                Math.abs((got ?? NaN) - truth[point](t)) < 1e-9,
                `${point} at frame ${frame} is ${got}, ${truth[point](t)} expected`,
              );
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('without a calibration, and with one that changes nothing, a block goes through as it is', () => {
  const source = { circuits: [c1], sampleRateHz: 6400, mainsHz };
  const neutral = { gain: 1, offset: 0, phaseUs: 0 };
  const errors: Errors = { 'c1.voltageV': neutral, 'c1.currentA': neutral, 'c1.residualCurrentMa': neutral };
  const [block] = blocksOf(errors, 6400, [64]);
  assert.ok(block !== undefined);
  assert.equal(createBlockCorrector(source, undefined)(block), block);
  assert.equal(createBlockCorrector(source, { channels: channelsOf(errors) })(block), block);
});

test('a gain and an offset alone delay nothing, and the samples of the source stay what they are', () => {
  const source = { circuits: [{ prefix: 'c1', hasResidual: false }], sampleRateHz: 6400, mainsHz };
  const channels = [
    { point: 'c1.voltageV', gain: 2, offset: 1, phaseUs: 0 },
    { point: 'c1.currentA', gain: 0.5, offset: 0, phaseUs: 0 },
  ];
  const block = { voltageV: Float64Array.of(1, 2, NaN), circuits: [{ currentA: Float64Array.of(4, 8, 16) }] };
  const { voltageV, circuits } = createBlockCorrector(source, { channels })(block);
  assert.deepEqual([...voltageV], [3, 5, NaN]);
  assert.deepEqual([...(circuits[0]?.currentA ?? [])], [2, 4, 8]);
  assert.deepEqual([...block.voltageV], [1, 2, NaN]);
});

test('a missing sample is missing in the result and is forgotten by it', () => {
  const source = { circuits: [{ prefix: 'c1', hasResidual: false }], sampleRateHz: 6400, mainsHz };
  const channels = [
    { point: 'c1.voltageV', gain: 1, offset: 0, phaseUs: 120 },
    { point: 'c1.currentA', gain: 1, offset: 0, phaseUs: 0 },
  ];
  const wave = Float64Array.from({ length: 600 }, (_, i) => Math.sin((2 * Math.PI * i) / 128));
  const holed = wave.slice();
  holed[100] = NaN;
  const correct = createBlockCorrector(source, { channels });
  const { voltageV } = correct({ voltageV: holed, circuits: [{ currentA: wave.slice() }] });
  assert.equal(voltageV.filter(Number.isNaN).length, 1);
  assert.ok(voltageV.slice(200).every((value) => Math.abs(value) < 1.001));
});

test('the steady amplitude of a loud high frequency stays what it was: an arc is as loud as before', () => {
  const sampleRateHz = 25_600;
  const source = { circuits: [{ prefix: 'c1', hasResidual: false }], sampleRateHz, mainsHz };
  const channels = [
    { point: 'c1.voltageV', gain: 1, offset: 0, phaseUs: 0 },
    { point: 'c1.currentA', gain: 1, offset: 0, phaseUs: 53 },
  ];
  const loud = Float64Array.from({ length: 5_120 }, (_, i) => Math.sin((2 * Math.PI * 9_000 * i) / sampleRateHz));
  const { circuits } = createBlockCorrector(source, { channels })({ voltageV: loud, circuits: [{ currentA: loud }] });
  const settled = circuits[0]?.currentA.subarray(512) ?? new Float64Array(1);
  const rms = Math.sqrt(settled.reduce((sum, value) => sum + value * value, 0) / settled.length);
  // 4,608 samples are 1,620 whole periods: the rms of a sine is known.
  assert.ok(Math.abs(rms - Math.SQRT1_2) < 1e-9, String(rms));
});
