import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../../test/measure.ts';
import { arcMatrix } from '../arc-matrix.ts';
import { beginSilentRun } from '../silent-run.ts';
import { nuisanceClasses } from './nuisance-classes.ts';
import { createNuisanceRenderer, renderNuisanceEpisode } from './nuisance-renderer.ts';

const FS = 6400;
const CYCLE = 128;

test('there are at least twelve classes, each documented, each named once', () => {
  assert.ok(nuisanceClasses.length >= 12);
  assert.equal(new Set(nuisanceClasses.map(({ id }) => id)).size, nuisanceClasses.length);
  assert.ok(nuisanceClasses.every(({ title, varies }) => title.length > 10 && varies.length > 20));
});

/** Most half-cycles of the list within any second. */
function mostInASecond(halfCycles: readonly number[]): number {
  return halfCycles.reduce(
    (most, from) => Math.max(most, halfCycles.filter((k) => k >= from && k < from + 100).length),
    0,
  );
}

for (const { id } of nuisanceClasses) {
  test(`${id}: finite, its own sparks within nine half-cycles a second, the same again from the same seed`, () => {
    const renderer = createNuisanceRenderer({ sampleRateHz: FS });
    for (let seed = 0; seed < 15; seed++) {
      const episode = renderer.render(id, seed);
      const durationS = episode.currentA.length / FS;
      assert.ok(durationS >= 0.4 && durationS <= 2, `${durationS} s`);
      assert.ok(episode.currentA.every(Number.isFinite) && episode.voltageV.every(Number.isFinite), `seed ${seed}`);
      assert.ok(mostInASecond(episode.sparkHalfCycles) <= 9, `seed ${seed}: ${episode.sparkHalfCycles.join(' ')}`);
      assert.ok(
        episode.sparkHalfCycles.every((k) => k >= Math.floor(episode.eventAtMs / 10)),
        'no spark before the event',
      );
    }
    const kept = Float64Array.from(renderer.render(id, 7).currentA);
    assert.deepEqual(Float64Array.from(renderNuisanceEpisode(id, 7, { sampleRateHz: FS }).currentA), kept);
    assert.notDeepEqual(Float64Array.from(renderer.render(id, 8).currentA), kept);
  });
}

const steadyBefore = nuisanceClasses.filter(
  ({ id }) =>
    ![
      'hobPulsing',
      'microwaveCycling',
      'brushWear',
      'drillTrigger',
      'applianceSwitchOn',
      'applianceSwitchOff',
    ].includes(id),
);

for (const { id } of steadyBefore.filter((entry) => entry.id !== 'voltageEvent')) {
  test(`${id}: what runs before the event is in its steady state`, () => {
    const renderer = createNuisanceRenderer({ sampleRateHz: FS });
    for (let seed = 0; seed < 15; seed++) {
      const { currentA } = renderer.render(id, seed);
      const early = rms(currentA.subarray(0, 2 * CYCLE));
      const late = rms(currentA.subarray(6 * CYCLE, 8 * CYCLE));
      if (late > 0.05) assert.ok(Math.abs(early / late - 1) < 0.05, `seed ${seed}: ${early} A, then ${late} A`);
    }
  });
}

test('switching classes change the current for good, contact classes spark now and then', () => {
  const renderer = createNuisanceRenderer({ sampleRateHz: FS });
  const grown = (id: string): number => {
    let count = 0;
    for (let seed = 0; seed < 16; seed++) {
      const { currentA } = renderer.render(id, seed);
      const before = rms(currentA.subarray(6 * CYCLE, 8 * CYCLE));
      if (rms(currentA.subarray(currentA.length - 2 * CYCLE)) > before + 0.05) count++;
    }
    return count;
  };
  for (const id of ['resistiveSwitchOn', 'motorSwitchOn', 'compressorStart', 'pfcSwitchOn', 'inverterRamp']) {
    const count = grown(id);
    assert.ok(count >= 15, `${id}: ${count} of 16`);
  }
  const sparking = (id: string): number =>
    Array.from({ length: 32 }, (_, seed) => renderer.render(id, seed).sparkHalfCycles.length).filter((n) => n > 0)
      .length;
  for (const id of ['plugInOut', 'contactBounce', 'lampBurnOut']) {
    const count = sparking(id);
    assert.ok(count >= 12, `${id}: ${count} of 32`);
  }
});

test('an arc next door is heard in the voltage both share, and changes the own current by a fraction', () => {
  const renderer = createNuisanceRenderer({ sampleRateHz: 25_600 });
  const roughness = (x: Float64Array): number => {
    let squares = 0;
    for (let n = 2; n < x.length; n++) squares += ((x[n] ?? 0) - 2 * (x[n - 1] ?? 0) + (x[n - 2] ?? 0)) ** 2;
    return Math.sqrt(squares / x.length);
  };
  let louder = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { voltageV, currentA } = renderer.render('neighbourArc', seed);
    if (roughness(voltageV.subarray(11 * 512)) > 1.05 * roughness(voltageV.subarray(0, 8 * 512))) louder++;
    const ratio = rms(currentA.subarray(11 * 512)) / rms(currentA.subarray(0, 8 * 512));
    assert.ok(ratio > 0.9 && ratio < 1.15, `seed ${seed}: the own current changes by ${ratio}`);
  }
  // Own dimmers are louder than a small arc next door.
  assert.ok(louder >= 12, `${louder} of 20 are heard`);
});

for (const row of arcMatrix.filter((entry) => entry.kind === 'silent')) {
  for (const classId of row.nuisanceClasses) {
    test(`${row.id} ${classId}: ten seconds of it keep within nine sparking half-cycles in any second`, () => {
      const run = beginSilentRun(row, { classId, seed: 5, sampleRateHz: FS, durationMs: 10_000 });
      let frames = 0;
      for (let block = run.next(6400); block !== undefined; block = run.next(6400)) {
        assert.ok(block.currentA.every(Number.isFinite));
        frames += block.currentA.length;
      }
      assert.equal(frames, 64_000);
      assert.ok(run.eventsMs.length >= 3 && mostInASecond(run.sparkHalfCycles()) <= 9);
    });
  }
}

test('unknown classes are refused with the list of those there are', () => {
  const renderer = createNuisanceRenderer({ sampleRateHz: FS });
  assert.throws(
    () => renderer.render('earthquake', 1),
    /nuisance class is "earthquake", expected one of resistiveSwitchOn, /,
  );
  const row = arcMatrix.find(({ id }) => id === 'N2');
  assert.ok(row?.kind === 'silent');
  assert.throws(
    () => beginSilentRun(row, { classId: 'plugInOut', seed: 1, sampleRateHz: FS }),
    /expected one of neighbourArc/,
  );
});
