import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLikelihoodRatio } from './fire-evidence.ts';
import { VenueFusion, type Place } from './venue-fusion.ts';

const room = (id: string, more: Partial<Place> = {}): Place => ({
  id,
  neighbours: [],
  branches: [`${id}/branch`],
  sensors: [
    { id: `${id}/smoke`, modality: 'smoke' },
    { id: `${id}/heat`, modality: 'heat' },
  ],
  ...more,
});

/** A minute of quiet, then what rises by `smokePctPerM` and `riseK` per second for `seconds`; returns when it ended. */
function feed(
  fusion: VenueFusion,
  { startAt = 0, smokePctPerM = 0, riseK = 0, seconds = 30, order = ['a/smoke', 'a/heat'] },
): number {
  for (let s = 0; s <= 60 + seconds; s++) {
    const burning = Math.max(0, s - 60);
    const values = new Map([
      ['smoke', 0.2 + smokePctPerM * burning],
      ['heat', 20 + riseK * burning],
    ]);
    for (const sensor of order)
      fusion.read(sensor, startAt + s * 1000, values.get(sensor.split('/')[1]?.replace('2', '') ?? '') ?? NaN);
  }
  return startAt + (60 + seconds) * 1000;
}

test('The ratio of two exponential laws, by hand: scales 1 and 10, a rise of 4 is ln 0.1 + 3.6.', () => {
  const law = { nuisanceScale: 1, fireScale: 10, aloneRise: 99, driftLimit: 99, noiseLimit: 99 };
  assert.ok(Math.abs(logLikelihoodRatio(4, law) - (Math.log(0.1) + 3.6)) < 1e-12);
  assert.equal(logLikelihoodRatio(-50, law), 0);
});

test('Smoke and heat together alarm, each alone at the same rise does not.', () => {
  const stage = (smokePctPerM: number, riseK: number): string | undefined => {
    const fusion = new VenueFusion([room('a')]);
    return fusion.assess(feed(fusion, { smokePctPerM, riseK }))[0]?.stage;
  };
  assert.equal(stage(0.3, 0.25), 'alarm');
  assert.notEqual(stage(0.3, 0), 'alarm');
  assert.notEqual(stage(0, 0.25), 'alarm');
  // 20 K/min for half a minute and more: beyond what class R of EN 54-5 must bear.
  assert.equal(stage(0, 0.5), 'alarm');
});

test('When it happens and in which order sensors report changes nothing.', () => {
  const result = (startAt: number, order: string[]): unknown => {
    const fusion = new VenueFusion([room('a')]);
    const at = feed(fusion, { startAt, smokePctPerM: 0.2, riseK: 0.2, order });
    return fusion.assess(at).map(({ logOdds, stage, firstOut }) => ({ logOdds, stage, firstOut }));
  };
  const reference = result(0, ['a/smoke', 'a/heat']);
  assert.deepEqual(result(1_700_000_000_000, ['a/smoke', 'a/heat']), reference);
  assert.deepEqual(result(0, ['a/heat', 'a/smoke']), reference);
});

test('A sensor more never lowers the score of a rise, not even a silent one.', () => {
  for (const [smokePctPerM, riseK] of [
    [0.05, 0.05],
    [0.2, 0.1],
    [0.1, 0.3],
  ]) {
    const few = new VenueFusion([room('a')]);
    const at = feed(few, { smokePctPerM, riseK });
    const sensors = [...room('a').sensors, { id: 'a/heat2', modality: 'heat' as const }];
    const many = new VenueFusion([room('a', { sensors })]);
    for (let s = 0; s <= 90; s++) many.read('a/heat2', s * 1000, 20);
    feed(many, { smokePctPerM, riseK });
    assert.ok((many.assess(at)[0]?.logOdds ?? -Infinity) >= (few.assess(at)[0]?.logOdds ?? Infinity));
  }
});

test('Evidence fades to 1/e in 120 s.', () => {
  const fusion = new VenueFusion([room('a')]);
  const at = feed(fusion, { smokePctPerM: 0.2 });
  const llr = (when: number): number => fusion.assess(when)[0]?.contributions[0]?.llr ?? NaN;
  assert.ok(Math.abs(llr(at + 120_000) / llr(at) - Math.exp(-1)) < 1e-9);
});

test('An arc on the branch makes a fire a hundred times likelier there, and alarms nowhere by itself.', () => {
  const fusion = new VenueFusion([room('a'), room('b')]);
  const before = fusion.assess(0).map(({ logOdds }) => logOdds);
  fusion.electrical('a/branch', 'arc', 0);
  const [a, b] = fusion.assess(0);
  assert.ok(Math.abs((a?.logOdds ?? 0) - (before[0] ?? 0) - Math.log(100)) < 1e-9);
  assert.equal(b?.logOdds, before[1]);
  assert.equal(a?.stage, 'none');
});

test('A neighbour hears of it, less than the place itself.', () => {
  const fusion = new VenueFusion([room('a', { neighbours: ['b'] }), room('b', { neighbours: ['a'] }), room('c')]);
  const [a, b, c] = fusion.assess(feed(fusion, { smokePctPerM: 0.3, riseK: 0.25 }));
  assert.ok((a?.logOdds ?? 0) > (b?.logOdds ?? 0) && (b?.logOdds ?? 0) > (c?.logOdds ?? 0));
  assert.equal(b?.stage, 'none');
});

test('A smoke sensor that creeps up by 12 %/m in two days is a fault, not evidence.', () => {
  const fusion = new VenueFusion([room('a')]);
  let worst = -Infinity;
  for (let minute = 0; minute <= 2880; minute++) {
    fusion.read('a/smoke', minute * 60_000, 0.2 + minute / 240 + 0.01 * (minute % 2));
    worst = Math.max(worst, fusion.assess(minute * 60_000)[0]?.logOdds ?? 0);
  }
  const [a] = fusion.assess(2880 * 60_000);
  assert.deepEqual(a?.faults, [{ sensor: 'a/smoke', fault: 'drifting' }]);
  assert.equal(worst, -5);
});

test('Two sensors whose noise grows to fifty times its first are no fire.', () => {
  const fusion = new VenueFusion([room('a')]);
  let worst: string | undefined;
  for (let i = 0; i <= 7200; i++) {
    // Golden-ratio sequences: uniform over ±1 without randomness, and the two unlike each other.
    const [p, q] = [0.6180339887, 0.7548776662].map((step) => 2 * ((i * step) % 1) - 1);
    fusion.read('a/smoke', i * 2000, 0.2 + ((2.5 * i) / 7200) * (p ?? 0));
    fusion.read('a/heat', i * 2000, 20 + ((4 * i) / 7200) * (q ?? 0));
    const stage = fusion.assess(i * 2000)[0]?.stage;
    if (stage === 'alarm' || stage === 'warning') worst = stage;
  }
  assert.equal(worst, undefined);
});

test('A sensor in two places and an unknown neighbour are refused with their names.', () => {
  assert.throws(() => new VenueFusion([room('a'), room('a')]), /sensor a\/smoke/);
  assert.throws(() => new VenueFusion([room('a', { neighbours: ['x'] })]), /neighbour x/);
});

test('A room that stays full of smoke for two hours is not what is usual, and its sensor is not failing.', () => {
  const fusion = new VenueFusion([room('a')]);
  let at = feed(fusion, { smokePctPerM: 1, riseK: 0.25, seconds: 60 });
  for (const end = at + 7_200_000; at < end; at += 60_000) {
    fusion.read('a/smoke', at, 60);
    fusion.read('a/heat', at, 35);
  }
  const [a] = fusion.assess(at);
  assert.deepEqual([a?.stage, a?.faults], ['alarm', []]);
});
