import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dimmerA, halfWaveA, inductiveA, rectifierA, resistiveA } from '../../test/loads.ts';
import { createNormal } from '../../test/random.ts';
import { phaseAt, synthesise } from '../../test/synthesise.ts';
import { diagnose } from './diagnose.ts';
import type { Recording } from './diagnose.ts';
import type { Finding, FindingKind } from './finding.ts';

const recipe = {
  sampleRateHz: 6400,
  frames: 12800,
  frequencyHz: 49.9,
  startPhaseRad: 0.4,
  components: [
    { order: 1, rms: 230 },
    { order: 3, rms: 4, phaseRad: 3 },
    { order: 5, rms: 7, phaseRad: 1 },
  ],
};
const voltageV = synthesise(recipe);

const loads: Readonly<Record<string, Float64Array>> = {
  nothing: new Float64Array(voltageV.length),
  heater: resistiveA(voltageV, 26),
  motor: inductiveA(voltageV, 6400, 20, 0.08),
  rectifier: rectifierA(voltageV, 6400, 550),
  'e-bike charger': rectifierA(voltageV, 6400, 150),
  'dimmer at 60 degrees': dimmerA(voltageV, (frame) => phaseAt(recipe, frame), 90, 60),
  'dimmer at 120 degrees': dimmerA(voltageV, (frame) => phaseAt(recipe, frame), 90, 120),
  'hair dryer at half power': halfWaveA(voltageV, 50),
};

function kindsOf(recording: Partial<Recording>): FindingKind[] {
  return findingsOf(recording).map((finding) => finding.kind);
}

function findingsOf(recording: Partial<Recording>): Finding[] {
  return diagnose({ sampleRateHz: 6400, mainsHz: 50, voltageV, currentA: resistiveA(voltageV, 26), ...recording });
}

/** As a converter of `bits` over ± range would give it, with `noiseCodes` of noise before rounding. */
function quantised(values: Float64Array, range: number, bits: number, noiseCodes: number, seed: number): Float64Array {
  const normal = createNormal(seed);
  const code = (2 * range) / 2 ** bits;
  const most = 2 ** (bits - 1) - 1;
  return values.map(
    (value) => code * Math.max(-most - 1, Math.min(most, Math.round(value / code + noiseCodes * normal()))),
  );
}

for (const [name, currentA] of Object.entries(loads)) {
  test(`a clean recording with ${name} has no finding`, () => {
    assert.deepEqual(findingsOf({ currentA }), []);
  });

  test(`a recording with ${name} from a 12-bit converter with noise has no finding`, () => {
    const converted = { voltageV: quantised(voltageV, 450, 12, 0.7, 1), currentA: quantised(currentA, 60, 12, 0.7, 2) };
    assert.deepEqual(findingsOf(converted), []);
  });
}

test('a current of a few codes has flat steps at its peaks and is not clipped', () => {
  for (const name of ['heater', 'motor', 'rectifier', 'dimmer at 60 degrees']) {
    const currentA = loads[name] ?? voltageV;
    const most = currentA.reduce((peak, value) => Math.max(peak, value), 0);
    for (const codes of [3, 10, 40, 200, 1000]) {
      const stepped = currentA.map((value) => (Math.round((value / most) * codes) / codes) * most);
      assert.deepEqual(findingsOf({ currentA: stepped }), [], `${name}, ${codes} codes`);
    }
  }
});

test('a noisy recording and one at other sampling rates have no finding', () => {
  const noisy = synthesise({ ...recipe, noiseRms: 5 });
  assert.deepEqual(findingsOf({ voltageV: noisy, currentA: resistiveA(noisy, 30) }), []);
  for (const sampleRateHz of [2000, 25600, 102400]) {
    const other = synthesise({ ...recipe, sampleRateHz, frames: sampleRateHz });
    assert.deepEqual(findingsOf({ sampleRateHz, voltageV: other, currentA: resistiveA(other, 30) }), []);
  }
});

test('flat tops are named with their level, their channel and the first frame', () => {
  const clipped = voltageV.map((v) => Math.max(-300, Math.min(300, v)));
  const [finding, ...others] = findingsOf({ voltageV: clipped });
  assert.deepEqual(others, []);
  assert.equal(finding?.kind, 'clipped');
  assert.equal(finding.channel, 'voltageV');
  assert.equal(finding.certainty, 'certain');
  assert.match(finding.detail, /equal samples at 300.00 and -300.00; expected rounded peaks/);
  assert.equal(
    finding.firstFrame,
    voltageV.findIndex((v) => Math.abs(v) >= 300),
  );
});

test('clipping is found on every load current, on one side only, for one inrush peak and at 2 kHz', () => {
  for (const [name, currentA] of Object.entries(loads)) {
    if (name === 'nothing') continue;
    const limit = 0.8 * currentA.reduce((most, value) => Math.max(most, value), 0);
    const found = findingsOf({ currentA: currentA.map((value) => Math.min(limit, value)) }).filter(
      (finding) => finding.kind === 'clipped',
    );
    assert.deepEqual(
      found.map((finding) => finding.channel),
      ['currentA'],
      name,
    );
  }
  const inrush = resistiveA(voltageV, 26).map((value, n) =>
    n > 3000 && n < 3100 ? Math.max(-40, Math.min(40, 6 * value)) : value,
  );
  assert.deepEqual(kindsOf({ currentA: inrush }), ['clipped']);
  const slow = synthesise({ ...recipe, sampleRateHz: 2000, frames: 4000 }).map((v) => Math.min(250, v));
  assert.ok(kindsOf({ sampleRateHz: 2000, voltageV: slow, currentA: resistiveA(slow, 20) }).includes('clipped'));
});

test('a converter driven over its range is found by its end codes', () => {
  const currentA = quantised(resistiveA(voltageV, 26), 10, 12, 0.7, 3);
  assert.deepEqual(kindsOf({ currentA }), ['clipped']);
});

test('a shifted channel is named with its mean; the mean of a one-sided load is its own', () => {
  const [shifted, ...others] = findingsOf({ voltageV: voltageV.map((v) => v + 20) });
  assert.deepEqual(others, []);
  assert.deepEqual([shifted?.kind, shifted?.channel], ['dcOffset', 'voltageV']);
  assert.match(shifted?.detail ?? '', /mean 20\.0\d? V beside 230\.\d V rms/);
  for (const name of ['heater', 'motor', 'rectifier', 'dimmer at 60 degrees']) {
    const currentA = loads[name]?.map((value) => value + 1) ?? new Float64Array(0);
    assert.deepEqual(
      findingsOf({ currentA }).map((finding) => [finding.kind, finding.channel]),
      [['dcOffset', 'currentA']],
      name,
    );
  }
});

test('channels of unipolar converters that were not shifted to zero are both named', () => {
  assert.deepEqual(
    findingsOf({ voltageV: voltageV.map((v) => v + 400), currentA: resistiveA(voltageV, 26).map((i) => i + 30) }).map(
      (finding) => `${finding.kind} ${finding.channel}`,
    ),
    ['dcOffset voltageV', 'dcOffset currentA'],
  );
});

test('swapped channels are named for every load, always as maybe', () => {
  for (const [name, currentA] of Object.entries(loads)) {
    const found = findingsOf({ voltageV: currentA, currentA: voltageV }).filter(
      (finding) => finding.kind === 'swapped',
    );
    assert.deepEqual(
      found.map((finding) => finding.certainty),
      ['maybe'],
      name,
    );
  }
  assert.match(
    findingsOf({ voltageV: loads.heater ?? voltageV, currentA: voltageV })[0]?.detail ?? '',
    /voltage channel 8\.\d+ V rms with 3\.\d % distortion, current channel 230/,
  );
});

test('swapped channels without a known scale are told by the rests of a rectifier', () => {
  const scaled = {
    voltageV: (loads.rectifier ?? voltageV).map((value) => 5 * value),
    currentA: voltageV.map((v) => v / 100),
  };
  assert.deepEqual(kindsOf(scaled), ['swapped']);
});

test('no voltage is named with its rms', () => {
  const [finding, ...others] = findingsOf({ voltageV: voltageV.map((v) => v / 100) });
  assert.deepEqual(others, []);
  assert.equal(finding?.kind, 'noVoltage');
  assert.match(finding.detail, /2\.30 V rms of alternating voltage; expected at least 10 V/);
  assert.deepEqual(kindsOf({ voltageV: new Float64Array(12800), currentA: new Float64Array(12800) }), ['noVoltage']);
});

test('a wrong mains frequency or a wrong sampling rate is named with the frequency found', () => {
  const sixty = synthesise({ ...recipe, frequencyHz: 60 });
  assert.match(
    findingsOf({ voltageV: sixty, currentA: resistiveA(sixty, 26) })[0]?.detail ?? '',
    /strongest tone at 60\.0 Hz; expected 50 Hz ± 17 %/,
  );
  assert.deepEqual(kindsOf({ mainsHz: 60, voltageV: sixty, currentA: resistiveA(sixty, 26) }), []);
  const halved = findingsOf({ sampleRateHz: 12800 });
  assert.deepEqual(
    halved.map((finding) => finding.kind),
    ['wrongMains'],
  );
  assert.match(halved[0]?.detail ?? '', /strongest tone at 99\.8 Hz/);
});

test('fewer than ten cycles are too short, ten are enough', () => {
  const cut = (frames: number): Partial<Recording> => ({
    voltageV: voltageV.subarray(0, frames),
    currentA: resistiveA(voltageV, 26).subarray(0, frames),
  });
  assert.deepEqual(kindsOf(cut(1280)), []);
  assert.deepEqual(kindsOf(cut(1270)), ['tooShort']);
  assert.match(
    findingsOf(cut(320))[0]?.detail ?? '',
    /320 frames are 2\.5 cycles of 50 Hz; expected at least 10 cycles/,
  );
  assert.ok(kindsOf(cut(0)).includes('tooShort'));
});

test('NaN and infinite samples are named with their channel, count and first frame', () => {
  const currentA = resistiveA(voltageV, 26);
  currentA[777] = NaN;
  currentA[900] = Infinity;
  const [finding, ...others] = findingsOf({ currentA, residualCurrentMa: new Float64Array(12800) });
  assert.deepEqual(others, []);
  assert.deepEqual([finding?.kind, finding?.channel, finding?.firstFrame], ['notANumber', 'currentA', 777]);
  assert.match(finding?.detail ?? '', /^2 of 12800 samples are not finite, the first at frame 777 is NaN/);
  const broken = voltageV.slice();
  broken[5] = NaN;
  assert.deepEqual(kindsOf({ voltageV: broken }), ['notANumber']);
});

test('a sampling rate below 32 per cycle is named and nothing that needs cycles is claimed', () => {
  const slow = synthesise({ ...recipe, sampleRateHz: 1000, frames: 2000 });
  const findings = findingsOf({ sampleRateHz: 1000, voltageV: slow, currentA: resistiveA(slow, 26) });
  assert.deepEqual(
    findings.map((finding) => finding.kind),
    ['lowSampleRate'],
  );
  assert.match(
    findings[0]?.detail ?? '',
    /1000 Hz are 20\.0 samples per cycle of 50 Hz; expected at least 32 \(1600 Hz\)/,
  );
});

test('channels of unequal length and a sampling rate that is none are refused', () => {
  assert.throws(
    () => findingsOf({ currentA: new Float64Array(3) }),
    /voltageV 12800, currentA 3 samples; expected equally many/,
  );
  assert.throws(() => findingsOf({ sampleRateHz: 0 }), /sampleRateHz is 0; expected a finite number above 0/);
});

test('a voltage in millivolts or in codes is named as of the wrong scale, and so is an absurd current', () => {
  const found = (recording: Partial<Recording>): string[] =>
    findingsOf(recording).map(({ kind, channel, certainty }) => `${kind} ${channel} ${certainty}`);
  assert.deepEqual(found({ voltageV: voltageV.map((v) => v * 1000) }), ['wrongScale voltageV maybe']);
  assert.deepEqual(found({ voltageV: voltageV.map((v) => v / 10) }), ['wrongScale voltageV maybe']);
  assert.deepEqual(found({ currentA: resistiveA(voltageV, 26).map((i) => 1000 * i) }), ['wrongScale currentA maybe']);
  for (const rms of [100, 127, 240, 400])
    assert.deepEqual(found({ voltageV: voltageV.map((v) => (v * rms) / 230) }), []);
});

test('a stretch held at one value is a gap with its first frame', () => {
  for (const [start, length] of [
    [2000, 40],
    [3333, 700],
  ] as const) {
    for (const hold of [0, voltageV[start] ?? 0]) {
      const held = voltageV.map((v, n) => (n >= start && n < start + length ? hold : v));
      const gap = findingsOf({ voltageV: held }).find((finding) => finding.kind === 'gap');
      assert.equal(gap?.certainty, 'certain');
      assert.ok(Math.abs((gap.firstFrame ?? NaN) - start) <= 1, `${gap.firstFrame} for ${start}`);
    }
  }
});

test('samples cut out of a recording are a gap that may be a transient', () => {
  for (const missing of [20, 40, 64, 100]) {
    const cut = Float64Array.from([...voltageV.subarray(0, 5000), ...voltageV.subarray(5000 + missing)]);
    const gap = findingsOf({ voltageV: cut, currentA: resistiveA(cut, 26) }).find((finding) => finding.kind === 'gap');
    assert.equal(gap?.certainty, 'maybe', `${missing} samples`);
    assert.ok(Math.abs((gap.firstFrame ?? NaN) - 5000) <= 2);
  }
});
