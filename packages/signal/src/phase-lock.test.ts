import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../test/property-settings.ts';
import { phaseAt, synthesise } from '../test/synthesise.ts';
import type { SignalRecipe } from '../test/synthesise.ts';
import type { MainsHz } from './mains.ts';
import { createPhaseLock } from './phase-lock.ts';
import type { MainsCycle } from './phase-lock.ts';

function lock(voltageV: Float64Array, sampleRateHz: number, mainsHz: MainsHz, blockFrames = 1000): MainsCycle[] {
  const cycles: MainsCycle[] = [];
  const phaseLock = createPhaseLock({ sampleRateHz, mainsHz });
  const collect = (cycle: MainsCycle): void => void cycles.push(cycle);
  for (let from = 0; from < voltageV.length; from += blockFrames) {
    phaseLock.push(voltageV.subarray(from, from + blockFrames), collect);
  }
  phaseLock.flush(collect);
  return cycles;
}

/** Distance of the cycle starts from true zero phase, rad: largest over the cycles. */
function worstPhaseRad(recipe: SignalRecipe, cycles: readonly MainsCycle[]): number {
  return cycles.reduce((worst, { startFrame }) => {
    const turns = phaseAt(recipe, startFrame) / (2 * Math.PI);
    return Math.max(worst, Math.abs(turns - Math.round(turns)) * 2 * Math.PI);
  }, 0);
}

function assertHeld(recipe: SignalRecipe, mainsHz: MainsHz, toleranceRad: number): MainsCycle[] {
  const cycles = lock(synthesise(recipe), recipe.sampleRateHz, mainsHz);
  const turns = (phaseAt(recipe, recipe.frames) - phaseAt(recipe, 0)) / (2 * Math.PI);
  const wholeCycles = Math.floor(turns - 1);
  assert.ok(cycles.length >= wholeCycles, `${cycles.length} cycles of ${turns.toFixed(1)}`);
  assert.ok(
    cycles.every((cycle) => cycle.locked),
    'every cycle is locked',
  );
  const worst = worstPhaseRad(recipe, cycles);
  assert.ok(worst < toleranceRad, `phase error ${worst.toExponential(2)} rad, allowed ${toleranceRad}`);
  cycles.slice(1).forEach((cycle, index) => {
    const previous = cycles[index];
    assert.ok(previous !== undefined && Math.abs(previous.startFrame + previous.frameCount - cycle.startFrame) < 1e-6);
  });
  return cycles;
}

const sine = [{ order: 1, rms: 230 }];
const distorted = [
  { order: 1, rms: 230 },
  { order: 3, rms: 23, phaseRad: 2.5 },
  { order: 5, rms: 20, phaseRad: 1 },
  { order: 7, rms: 14, phaseRad: 4 },
  { order: 11, rms: 7, phaseRad: 0.3 },
];
const base = { sampleRateHz: 6400, frames: 12800, frequencyHz: 50, startPhaseRad: 0.7, components: sine };

test('a recording of exactly ten cycles that starts at zero phase yields ten cycles', () => {
  for (const frequencyHz of [50, 49.9999, 50.0001]) {
    const cycles = lock(synthesise({ ...base, frequencyHz, frames: 1280, startPhaseRad: 0 }), 6400, 50);
    assert.equal(cycles.length, 10);
    assert.ok(Math.abs(cycles[0]?.startFrame ?? NaN) < 0.01);
  }
});

test('cycles of a clean sine start at zero phase within 2e-4 rad at every frequency from 42.5 to 57.5 and 51 to 69 Hz', () => {
  for (const mainsHz of [50, 60] as const) {
    for (const part of [0.85, 0.9, 0.98, 0.995, 1, 1.005, 1.02, 1.1, 1.15]) {
      const frequencyHz = part * mainsHz;
      const cycles = assertHeld({ ...base, frequencyHz }, mainsHz, 2e-4);
      for (const cycle of cycles) assert.ok(Math.abs(cycle.frequencyHz - frequencyHz) < 0.003 * frequencyHz);
    }
  }
});

test('sampling rates from 2 to 102.4 kHz hold the phase within 1e-3 rad', () => {
  for (const sampleRateHz of [2000, 3200, 4000, 6400, 10000, 12800, 25600, 51200, 102400]) {
    for (const mainsHz of [50, 60] as const) {
      assertHeld({ ...base, sampleRateHz, frames: sampleRateHz, frequencyHz: mainsHz * 1.004 }, mainsHz, 1e-3);
    }
  }
});

test('15 % distortion with a dc offset of a third keeps the phase within 1e-3 rad', () => {
  for (const frequencyHz of [42.5, 49, 50, 51, 57.5]) {
    assertHeld({ ...base, frequencyHz, components: distorted, dc: 80 }, 50, 1e-3);
  }
});

test('a channel shifted by ten times its amplitude keeps the phase within 1e-3 rad', () => {
  for (const [sampleRateHz, mainsHz] of [
    [2000, 60],
    [6400, 50],
    [6400, 60],
    [10000, 60],
  ] as const) {
    assertHeld({ ...base, sampleRateHz, frequencyHz: 1.006 * mainsHz, dc: 3250 }, mainsHz, 1e-3);
  }
});

test('several zero crossings per half-cycle do not add or lose a cycle', () => {
  // 40 % of a 15th harmonic crosses zero several times around each zero phase.
  const components = [
    { order: 1, rms: 230 },
    { order: 15, rms: 92 },
  ];
  const recipe = { ...base, components };
  const samples = synthesise(recipe);
  let crossings = 0;
  for (let n = 1; n < samples.length; n++) if ((samples[n - 1] ?? NaN) < 0 && (samples[n] ?? NaN) >= 0) crossings++;
  assert.ok(crossings > 150, `${crossings} rising crossings in 100 cycles: the test signal must be hard`);
  assert.equal(assertHeld(recipe, 50, 1e-3).length, 99);
});

test('white noise of 20 dB moves the phase by less than 0.05 rad at 2 kHz and 0.03 rad at 6.4 kHz', () => {
  assertHeld({ ...base, sampleRateHz: 2000, frames: 8000, noiseRms: 23, components: distorted }, 50, 0.05);
  assertHeld({ ...base, noiseRms: 23, components: distorted }, 50, 0.03);
});

test('a drift of 1 Hz/s is followed within 2e-3 rad inside and 0.03 rad at the dead-reckoned ends', () => {
  for (const driftHzPerS of [1, -1]) {
    const recipe = { ...base, frames: 25600, frequencyHz: 50, driftHzPerS };
    const cycles = assertHeld(recipe, 50, 0.03);
    assert.ok(worstPhaseRad(recipe, cycles.slice(4, -4)) < 2e-3);
  }
});

test('sags to 30 % and steps back keep the lock, the count and the phase within 0.05 rad', () => {
  const samples = synthesise(base);
  const sagged = samples.map((v, frame) => (frame > 4000 && frame < 7111 ? 0.3 * v : v));
  const cycles = lock(sagged, 6400, 50);
  assert.equal(cycles.length, lock(samples, 6400, 50).length);
  assert.ok(cycles.every((cycle) => cycle.locked));
  assert.ok(worstPhaseRad(base, cycles) < 0.05, `${worstPhaseRad(base, cycles)}`);
  const settled = cycles.filter(
    ({ startFrame }) => Math.abs(startFrame - 4000) > 400 && Math.abs(startFrame - 7111) > 400,
  );
  assert.ok(worstPhaseRad(base, settled) < 2e-4);
});

test('without voltage the windows have nominal length, tile the stream and are not locked', () => {
  const cycles = lock(new Float64Array(6400), 6400, 60);
  assert.equal(cycles.length, 60);
  cycles.forEach((cycle, index) => {
    assert.equal(cycle.locked, false);
    assert.ok(Number.isNaN(cycle.frequencyHz));
    assert.ok(Math.abs(cycle.startFrame - (index * 6400) / 60) < 1e-6);
  });
});

test('noise alone, dc alone and a tone far from mains are no voltage', () => {
  const of = (recipe: Partial<SignalRecipe>): MainsCycle[] => lock(synthesise({ ...base, ...recipe }), 6400, 50);
  for (const cycles of [
    of({ components: [], noiseRms: 230 }),
    of({ components: [], dc: 325 }),
    of({ frequencyHz: 30 }),
    of({ frequencyHz: 60 }),
    of({ frequencyHz: 75 }),
    of({ frequencyHz: 100 }),
    of({ frequencyHz: 400 }),
  ]) {
    assert.ok(cycles.length >= 99);
    assert.ok(cycles.every((cycle) => !cycle.locked));
  }
});

test('voltage that goes and comes back is locked before and after, and no frame is skipped or counted twice', () => {
  const samples = synthesise(base).map((v, frame) => (frame > 4000 && frame < 8000 ? 0 : v));
  const cycles = lock(samples, 6400, 50);
  cycles.slice(1).forEach((cycle, index) => {
    const previous = cycles[index];
    assert.ok(previous !== undefined && Math.abs(previous.startFrame + previous.frameCount - cycle.startFrame) < 1e-6);
  });
  // Three cycles on both sides of each edge are within reach of the window.
  const lockedAt = (frame: number): boolean | undefined =>
    cycles.find((cycle) => frame >= cycle.startFrame && frame < cycle.startFrame + cycle.frameCount)?.locked;
  for (const frame of [500, 3500, 8500, 12000]) assert.equal(lockedAt(frame), true, `frame ${frame}`);
  for (const frame of [4500, 6000, 7500]) assert.equal(lockedAt(frame), false, `frame ${frame}`);
  const relocked = cycles.filter((cycle) => cycle.locked && cycle.startFrame > 8400);
  assert.ok(worstPhaseRad(base, relocked) < 1e-3);
});

test('a NaN sample costs the lock around it and nothing later', () => {
  const samples = synthesise(base);
  samples[6000] = NaN;
  const cycles = lock(samples, 6400, 50);
  assert.ok(cycles.some((cycle) => !cycle.locked));
  for (const cycle of cycles) if (Math.abs(cycle.startFrame - 6000) > 6 * 128) assert.equal(cycle.locked, true);
});

test('a phase jump of 90 degrees is taken up within three cycles', () => {
  const samples = synthesise(base);
  const jumped = { ...base, startPhaseRad: base.startPhaseRad + Math.PI / 2 };
  const after = synthesise(jumped);
  const cycles = lock(
    samples.map((v, frame) => (frame < 6400 ? v : (after[frame] ?? NaN))),
    6400,
    50,
  );
  assert.ok(
    worstPhaseRad(
      base,
      cycles.filter((c) => c.locked && c.startFrame < 6400 - 400),
    ) < 2e-4,
  );
  assert.ok(
    worstPhaseRad(
      jumped,
      cycles.filter((c) => c.locked && c.startFrame > 6400 + 400),
    ) < 2e-3,
  );
});

test('cycles are the same to the last bit however the stream is cut into blocks', () => {
  const samples = synthesise({ ...base, components: distorted, noiseRms: 5 }).map((v, n) =>
    n > 5000 && n < 6500 ? 0 : v,
  );
  const whole = lock(samples, 6400, 50, samples.length);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), (lengths) => {
      const cycles: MainsCycle[] = [];
      const phaseLock = createPhaseLock({ sampleRateHz: 6400, mainsHz: 50 });
      let from = 0;
      for (let k = 0; from < samples.length; k++) {
        const length = lengths[k % lengths.length] ?? 1;
        phaseLock.push(samples.subarray(from, from + length), (cycle) => void cycles.push(cycle));
        from += length;
      }
      phaseLock.flush((cycle) => void cycles.push(cycle));
      assert.deepEqual(cycles, whole);
    }),
    propertySettings(20),
  );
});

test('too low a sampling rate, a foreign mains frequency and use after the end are refused with the value', () => {
  assert.throws(
    () => createPhaseLock({ sampleRateHz: 1500, mainsHz: 50 }),
    /sampleRateHz is 1500, 30.0 samples per cycle of 50 Hz; expected at least 1600/,
  );
  assert.throws(() => createPhaseLock({ sampleRateHz: NaN, mainsHz: 50 }), /sampleRateHz is NaN/);
  assert.throws(
    () => createPhaseLock({ sampleRateHz: 6400, mainsHz: 55 as MainsHz }),
    /mainsHz is 55; expected 50 or 60/,
  );
  const ended = createPhaseLock({ sampleRateHz: 6400, mainsHz: 50 });
  ended.flush(() => undefined);
  assert.throws(() => ended.push(new Float64Array(1), () => undefined), /the stream was flushed/);
});
