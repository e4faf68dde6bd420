import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse, at } from '../test/analyse.ts';
import { activePowerOf, rmsOf, synthesise } from '../test/synthesise.ts';
import type { CycleReading } from './cycle-reading.ts';
import { meanReading } from './mean-reading.ts';
import { createReadingAggregator } from './reading-aggregator.ts';
import type { MeanReading } from './mean-reading.ts';

const settings = { sampleRateHz: 6400, mainsHz: 50 } as const;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected} ± ${tolerance}`);
}

/** 20 cycles of 3 A, then 20 of 4 A, with a third harmonic that turns by 90 degrees between them. */
function twoLevels(): CycleReading[] {
  const recipe = { sampleRateHz: 6400, frames: 5120, frequencyHz: 50 };
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] });
  const low = synthesise({
    ...recipe,
    components: [
      { order: 1, rms: 3 },
      { order: 3, rms: 1 },
    ],
  });
  const high = synthesise({
    ...recipe,
    components: [
      { order: 1, rms: 4 },
      { order: 3, rms: 1, phaseRad: Math.PI / 2 },
    ],
  });
  return analyse(settings, { voltageV, currentA: low.map((value, n) => (n < 2560 ? value : at(high, n))) });
}

test('rms values combine as root mean square, powers as mean, phases as vector mean', () => {
  const readings = twoLevels();
  // Cycle 19 and 20 touch the step.
  const mean = meanReading([...readings.slice(8, 18), ...readings.slice(22, 32)]);
  near(mean.currentA, Math.sqrt((3 ** 2 + 4 ** 2) / 2 + 1), 1e-3);
  near(mean.activePowerW, 230 * 3.5, 0.05);
  near(mean.apparentPowerVa, 230 * mean.currentA, 0.05);
  near(mean.powerFactor, (230 * 3.5) / (230 * mean.currentA), 1e-4);
  near(at(mean.currentHarmonicsA, 1), Math.sqrt((3 ** 2 + 4 ** 2) / 2), 1e-3);
  near(at(mean.currentHarmonicsA, 3), 1, 1e-3);
  near(at(mean.currentHarmonicPhasesRad, 3), Math.PI / 4, 1e-3);
  near(mean.currentThdPct, 100 / Math.sqrt(12.5), 0.02);
  near(mean.frequencyHz, 50, 1e-3);
  near(mean.frameCount, 20 * 128, 0.1);
  assert.equal(mean.cycleCount, 20);
  assert.equal(mean.lockedCycleCount, 20);
  assert.equal(mean.locked, true);
  assert.equal('residualCurrentMa' in mean, false);
});

test('the largest peak of any cycle gives the crest factor of the mean', () => {
  const readings = twoLevels();
  const mean = meanReading([at(readings, 10), at(readings, 30)]);
  const peaks = [at(readings, 10), at(readings, 30)].map((reading) => reading.currentCrestFactor * reading.currentA);
  near(mean.currentCrestFactor, Math.max(...peaks) / mean.currentA, 1e-12);
});

test('50 cycles with 20 dB of noise give rms (0.2 %, the noise included) and power (0.5 %)', () => {
  const recipe = { sampleRateHz: 12800, frames: 12800, frequencyHz: 50.4 };
  const voltage = [
    { order: 1, rms: 230 },
    { order: 5, rms: 20, phaseRad: 1 },
  ];
  const current = [
    { order: 1, rms: 5, phaseRad: -0.8 },
    { order: 3, rms: 2 },
  ];
  const readings = analyse(
    { sampleRateHz: 12800, mainsHz: 50, samplesPerCycle: 256 },
    {
      voltageV: synthesise({ ...recipe, components: voltage, noiseRms: 23, seed: 4 }),
      currentA: synthesise({ ...recipe, components: current, noiseRms: 0.5, seed: 5 }),
    },
  );
  const mean = meanReading(readings);
  assert.equal(mean.locked, true);
  near(mean.voltageV, rmsOf(voltage, 23), 0.002 * 230);
  near(mean.currentA, rmsOf(current, 0.5), 0.002 * 5);
  near(mean.activePowerW, activePowerOf(voltage, current), 0.005 * activePowerOf(voltage, current));
});

test('cycles without lock count for rms and power, and only the locked ones for what needs the phase', () => {
  const recipe = { sampleRateHz: 6400, frames: 6400, frequencyHz: 50 };
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] }).map((v, n) => (n < 3200 ? v : 0));
  const currentA = synthesise({ ...recipe, components: [{ order: 1, rms: 2 }] });
  const readings = analyse(settings, { voltageV, currentA });
  const mean = meanReading([...readings.slice(0, 10), ...readings.slice(-10)]);
  assert.equal(mean.locked, false);
  assert.equal(mean.lockedCycleCount, 10);
  near(mean.voltageV, 230 / Math.SQRT2, 0.1);
  near(mean.currentA, 2, 1e-3);
  near(mean.activePowerW, 230, 0.2);
  near(mean.frequencyHz, 50, 1e-3);
  near(at(mean.currentHarmonicsA, 1), 2, 1e-3);
});

test('an unknown rms is not averaged away and an empty list is refused', () => {
  const readings = twoLevels();
  const broken = { ...at(readings, 3), currentA: NaN };
  assert.ok(Number.isNaN(meanReading([at(readings, 2), broken]).currentA));
  assert.throws(() => meanReading([]), /no reading; expected at least one/);
});

test('the aggregator yields blocks of 10 cycles at 50 Hz and 12 at 60 Hz, and the rest at the end', () => {
  const readings = twoLevels().slice(0, 26);
  const blocksOf = (mainsHz: 50 | 60): MeanReading[] => {
    const blocks: MeanReading[] = [];
    const aggregator = createReadingAggregator({ mainsHz });
    for (const reading of readings) aggregator.push(reading, (block) => void blocks.push(block));
    aggregator.flush((block) => void blocks.push(block));
    aggregator.flush((block) => void blocks.push(block));
    return blocks;
  };
  assert.deepEqual(
    blocksOf(50).map((block) => block.cycleCount),
    [10, 10, 6],
  );
  assert.deepEqual(
    blocksOf(60).map((block) => block.cycleCount),
    [12, 12, 2],
  );
  assert.deepEqual(blocksOf(50)[1], meanReading(readings.slice(10, 20)));
  assert.throws(() => createReadingAggregator({ mainsHz: 50, cyclesPerBlock: 0.5 }), /cyclesPerBlock is 0.5/);
});
