import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHalfCycleSplitter, type HalfCycle, type HalfCycleSplitterSettings } from './half-cycle-splitter.ts';

type Seen = Omit<HalfCycle, 'voltageV' | 'currentA'> & {
  readonly currentA: readonly number[];
  readonly givenAt: number;
};

const startRad = 0.7;

/** A distorted, offset mains voltage and a current with a fifth harmonic, of known phase. */
function wave(frequencyHz: number, sampleRateHz: number, seconds: number) {
  const frames = Math.round(seconds * sampleRateHz);
  const voltageV = new Float64Array(frames);
  const currentA = new Float64Array(frames);
  for (let n = 0; n < frames; n++) {
    const angle = (2 * Math.PI * frequencyHz * n) / sampleRateHz + startRad;
    voltageV[n] = 15 + 311 * (Math.sin(angle) + 0.06 * Math.sin(3 * angle + 1) + 0.04 * Math.sin(5 * angle + 2));
    currentA[n] = currentAt(angle);
  }
  return { voltageV, currentA };
}

function currentAt(angle: number): number {
  return 5 * Math.sin(angle - 0.4) + 0.8 * Math.sin(5 * angle + 1);
}

function split(
  { voltageV, currentA }: { voltageV: Float64Array; currentA: Float64Array },
  settings: HalfCycleSplitterSettings,
  blockFrames: number,
): readonly Seen[] {
  const splitter = createHalfCycleSplitter(settings);
  const seen: Seen[] = [];
  for (let from = 0; from < voltageV.length; from += blockFrames) {
    const to = Math.min(from + blockFrames, voltageV.length);
    splitter.push({ voltageV: voltageV.subarray(from, to), currentA: currentA.subarray(from, to) }, (half) => {
      const { startFrame, frameCount, polarity, locked, fastCurrentA } = half;
      seen.push({ startFrame, frameCount, polarity, locked, fastCurrentA, currentA: [...half.currentA], givenAt: to });
    });
  }
  return seen;
}

for (const sampleRateHz of [6400, 10_000, 25_600, 102_400]) {
  test(`half-cycles begin at the zeros of a distorted voltage of 49.5 Hz, at ${sampleRateHz} Hz`, () => {
    const frequencyHz = 49.5;
    const seen = split(wave(frequencyHz, sampleRateHz, 2), { sampleRateHz, mainsHz: 50, leadRatio: 0 }, 64).slice(60);
    assert.ok(seen.length > 100);
    for (const half of seen) {
      const turns = (2 * frequencyHz * half.startFrame) / sampleRateHz + startRad / Math.PI;
      assert.ok(
        Math.abs(turns - Math.round(turns)) < 1.5e-3,
        `zero missed by ${turns - Math.round(turns)} half-cycles`,
      );
      assert.equal(half.polarity, Math.round(turns) % 2 === 0 ? 1 : -1);
      assert.equal(half.locked, true);
    }
  });

  test(`points are the current at their instants, at ${sampleRateHz} Hz`, () => {
    const seen = split(wave(50, sampleRateHz, 1), { sampleRateHz, mainsHz: 50 }, 100).slice(40);
    for (const half of seen) {
      half.currentA.forEach((value, n) => {
        const frame = half.startFrame + (n * half.frameCount) / half.currentA.length;
        const expected = currentAt((2 * Math.PI * 50 * frame) / sampleRateHz + startRad);
        assert.ok(Math.abs(value - expected) < 0.02, `${value}, expected ${expected}`);
      });
    }
  });
}

test('a half-cycle is given within 1 ms of its end', () => {
  const settings = { sampleRateHz: 6400, mainsHz: 50 } as const;
  for (const half of split(wave(50, 6400, 1), settings, 1)) {
    const delayMs = ((half.givenAt - half.startFrame - half.frameCount) * 1000) / 6400;
    assert.ok(delayMs > 0 && delayMs < 1, `${delayMs} ms`);
  }
});

test('half-cycles do not depend on where the blocks are cut', () => {
  const samples = wave(50.3, 10_000, 0.6);
  const settings = { sampleRateHz: 10_000, mainsHz: 50 } as const;
  const whole = split(samples, settings, 6000);
  for (const blockFrames of [1, 37, 640]) {
    const parts = split(samples, settings, blockFrames);
    const bare = (list: readonly Seen[]) => list.map(({ givenAt: _givenAt, ...rest }) => rest);
    assert.deepEqual(bare(parts), bare(whole));
  }
});

test('a lead of an eighth puts the zero of the voltage an eighth behind the beginning', () => {
  const samples = wave(50, 6400, 1);
  const settings = { sampleRateHz: 6400, mainsHz: 50 } as const;
  const plain = split(samples, { ...settings, leadRatio: 0 }, 64);
  const led = split(samples, { ...settings, leadRatio: 0.125 }, 64);
  const last = plain.length - 2;
  assert.ok(Math.abs((plain[last]?.startFrame ?? 0) - (led[last]?.startFrame ?? 0) - 8) < 0.05);
});

test('without a voltage half-cycles go on unlocked, and lock again when it is back', () => {
  const samples = wave(50, 6400, 2);
  samples.voltageV.fill(0, 4000, 7000);
  const seen = split(samples, { sampleRateHz: 6400, mainsHz: 50 }, 64);
  assert.ok(seen.some(({ locked, startFrame }) => !locked && startFrame > 4300 && startFrame < 6900));
  assert.ok(seen.filter(({ startFrame }) => startFrame > 7600).every(({ locked }) => locked));
});

test('a NaN in the current unlocks only the half-cycles it touches', () => {
  const samples = wave(50, 6400, 1);
  samples.currentA[3200] = NaN;
  const unlocked = split(samples, { sampleRateHz: 6400, mainsHz: 50 }, 64).filter(({ locked }) => !locked);
  assert.ok(unlocked.length >= 1 && unlocked.length <= 2, `${unlocked.length}`);
});

test('bad settings and unequal blocks are named', () => {
  assert.throws(() => createHalfCycleSplitter({ sampleRateHz: 1000, mainsHz: 50 }), /sampleRateHz is 1000/);
  assert.throws(
    () => createHalfCycleSplitter({ sampleRateHz: 6400, mainsHz: 50, leadRatio: 0.7 }),
    /leadRatio is 0.7; expected 0 to 0.5/,
  );
  const splitter = createHalfCycleSplitter({ sampleRateHz: 6400, mainsHz: 50 });
  const block = { voltageV: new Float64Array(3), currentA: new Float64Array(2) };
  assert.throws(() => splitter.push(block, () => undefined), /3, 2 samples/);
});
