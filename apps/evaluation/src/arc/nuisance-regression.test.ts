import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNuisanceRenderer } from '@fengsui/city';
import { runDetector } from './run-detector.ts';

// Episodes that an earlier rule confirmed as an arc, or nearly so; what they are shows what the rule must tell apart.
const episodes: readonly (readonly [classId: string, seed: number, what: string])[] = [
  ['applianceSwitchOff', 778_000_078, 'a load switched off that leaves a steady drop'],
  ['applianceSwitchOff', 6_000_839, 'a load switched off beside a triggered motor'],
  ['applianceSwitchOff', 7_000_170, 'a load of constant current switched off beside a dimmer'],
  ['fluorescentStart', 6_001_039, 'lamps that start one after the other'],
  ['fluorescentStart', 7_000_395, 'lamps that start one after the other'],
  ['fluorescentStart', 9_101_587, 'lamps that start one after the other'],
  ['fluorescentStart', 9_102_593, 'lamps that start one after the other beside a dimmer'],
  ['fluorescentStart', 9_102_802, 'lamps that start one after the other beside a dimmer'],
  ['fluorescentStart', 9_104_878, 'lamps that start one after the other'],
  ['fluorescentStart', 705_000_535, 'lamps that start beside a load that steps itself'],
  ['fluorescentStart', 701_002_337, 'lamps that start one after the other'],
  ['applianceSwitchOff', 740_000_503, 'a supply switched off beside a dimmer that jitters'],
  ['lampBurnOut', 740_002_324, 'a lamp that burns out beside a dimmer'],
  ['hobPulsing', 800_009_673, 'a hob that pulses beside a dimmer'],
  ['hobPulsing', 800_024_286, 'a hob that pulses beside a load that lags'],
  ['applianceSwitchOn', 800_001_350, 'a motor with worn brushes that runs up'],
  ['applianceSwitchOff', 760_000_411, 'a load switched off beside one that is restless'],
  ['dimmerTurning', 701_002_054, 'a dimmer turned down a little from full'],
  ['pfcSwitchOn', 7_000_935, 'an inrush that dies away half-cycle by half-cycle'],
  ['pfcSwitchOn', 7_000_527, 'an inrush that dies away half-cycle by half-cycle'],
  ['lampBurnOut', 7_000_336, 'a lamp that burns out'],
  ['lampBurnOut', 9_102_663, 'a lamp that burns out beside supplies'],
  ['lampBurnOut', 20_000_217, 'a lamp that burns out beside a dimmer with jitter'],
  ['applianceSwitchOn', 9_100_008, 'a motor with worn brushes switched on'],
  ['drillTrigger', 9_101_214, 'a trigger let go'],
  ['hobPulsing', 811_003_797, 'a hob that pulses beside a motor'],
  ['hobPulsing', 816_003_597, 'a hob that pulses beside a motor'],
  ['hobPulsing', 822_004_919, 'a hob that pulses beside a motor'],
  ['contactBounce', 813_002_806, 'a relay that clicks twice beside a motor'],
  ['applianceSwitchOff', 1101_003_628, 'a load switched off beside brushes'],
  ['fluorescentStart', 1102_009_672, 'lamps that start one after the other, each sooner'],
  ['contactBounce', 1007_007_511, 'a relay that clicks twice beside lamps and a supply'],
  ['applianceSwitchOff', 815_002_832, 'a load switched off beside one with noise'],
  ['applianceSwitchOff', 819_001_910, 'a load switched off beside one with noise'],
  ['applianceSwitchOff', 904_004_360, 'a load switched off beside one with noise'],
  ['applianceSwitchOff', 907_003_593, 'a load switched off that leaves a drop and a smaller current'],
  ['drillTrigger', 817_002_073, 'a trigger let go a little'],
  ['drillTrigger', 904_001_210, 'a trigger let go a little'],
  ['fluorescentStart', 811_004_654, 'a lamp that strikes beside another'],
  ['applianceSwitchOn', 1404_001_663, 'a load that is switched on beside supplies, its inrush dying away'],
  ['applianceSwitchOn', 1415_004_770, 'a load that is switched on beside supplies, its inrush dying away'],
  ['lampBurnOut', 1408_004_446, 'a small lamp that burns out beside a dimmer with jitter'],
  ['fluorescentStart', 1409_001_148, 'a lamp that strikes beside a dimmer with jitter'],
  ['fluorescentStart', 1417_003_726, 'lamps that strike one after the other beside a dimmer with jitter'],
  ['dimmerTurning', 1411_004_961, 'a dimmer with jitter turned by two points'],
  ['hobPulsing', 1408_001_574, 'a hob that pulses, twice within a second the same'],
  ['contactBounce', 1517_003_945, 'a relay that clicks twice, beside supplies and a load that conducts'],
  ['drillTrigger', 1502_003_111, 'a trigger let go within six half-cycles, which then rests'],
  ['applianceSwitchOff', 1510_004_887, 'a load switched off beside brushes, whose halves draw unlike each other'],
  ['voltageEvent', 908_002_685, 'a dip of the supply beside a rectifier that skips half-cycles'],
];

test('episodes that were once taken for arcs confirm none', () => {
  const renderer = createNuisanceRenderer({ sampleRateHz: 6400 });
  for (const [classId, seed, what] of episodes) {
    const run = runDetector([renderer.render(classId, seed)], 6400, 50);
    assert.equal(run.reactedAtS, undefined, `${classId} ${seed}: ${what}`);
    assert.ok(run.halfCycles > 40, `${classId} ${seed}: ${run.halfCycles} half-cycles decided`);
  }
});
