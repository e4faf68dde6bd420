import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../random/random-stream.ts';
import { checkSupply } from './supply-spec.ts';
import { Supply } from './supply.ts';

const STEADY = { frequencyWanderHz: 0, voltageWanderRatio: 0, startPhaseRad: 0 };

function harmonicRms(samples: Float64Array, order: number, perCycle: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((v, n) => {
    re += v * Math.cos((2 * Math.PI * order * n) / perCycle);
    im += v * Math.sin((2 * Math.PI * order * n) / perCycle);
  });
  return (Math.SQRT2 * Math.hypot(re, im)) / samples.length;
}

for (const mainsHz of [50, 60]) {
  test(`a steady ${mainsHz} Hz supply has the level and the harmonics asked for`, () => {
    const perCycle = 512;
    const harmonics = [
      { order: 3, ratio: 0.01 },
      { order: 5, ratio: 0.03, phaseRad: 1 },
    ];
    const spec = checkSupply({ ...STEADY, mainsHz, nominalV: 230, harmonics });
    const supply = new Supply(spec, perCycle * mainsHz, new RandomStream(1, 'supply'));
    const samples = Float64Array.from({ length: 10 * perCycle }, () => supply.nextV());
    assert.ok(Math.abs(harmonicRms(samples, 1, perCycle) - 230) < 1e-3);
    assert.ok(Math.abs(harmonicRms(samples, 3, perCycle) - 2.3) < 1e-3);
    assert.ok(Math.abs(harmonicRms(samples, 5, perCycle) - 6.9) < 1e-3);
    assert.ok(harmonicRms(samples, 7, perCycle) < 1e-3);
  });
}

test('the frequency wanders with the deviation asked for and stays near nominal', () => {
  const spec = checkSupply({ frequencyWanderHz: 0.02 });
  const supply = new Supply(spec, 25_600, new RandomStream(5, 'supply'));
  const offsets = Array.from({ length: 20_000 }, () => {
    supply.wander(10_000);
    return supply.frequencyHz - 50;
  });
  const deviation = Math.sqrt(offsets.reduce((sum, x) => sum + x * x, 0) / offsets.length);
  assert.ok(Math.abs(deviation - 0.02) < 0.002, `deviation is ${deviation} Hz`);
});

test('a supply out of range is refused with field, value and range', () => {
  assert.throws(() => checkSupply({ nominalV: 20 }), /supply\.nominalV is 20, expected 50 to 500/);
  assert.throws(() => checkSupply({ mainsHz: NaN }), /supply\.mainsHz is NaN, expected 40 to 70/);
  assert.throws(() => checkSupply({ harmonics: [{ order: 5, ratio: 0.5 }] }), /order 5.*0\.5, expected 0 to 0\.3/);
});
