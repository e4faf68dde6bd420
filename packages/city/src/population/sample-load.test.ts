import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure, rms } from '../../test/measure.ts';
import { createLoad } from '../load/create-load.ts';
import { RandomStream } from '../random/random-stream.ts';
import { loadTypes, type LoadTypeName } from './load-types.ts';
import { renderCircuit } from './render-circuit.ts';
import { sampleLoad } from './sample-load.ts';

const FEEDER = { nominalV: 220, frequencyWanderHz: 0, voltageWanderRatio: 0, startPhaseRad: 0 };
const SITE = { nominalV: 220, mainsHz: 50, stepS: 1 / 25_600 };

/** The last 200 ms of `durationMs` (a multiple of 20) after the switch-on, and the rms of every cycle. */
function switchedOn(type: LoadTypeName, seed: number, durationMs = 1400) {
  const spec = sampleLoad(type, new RandomStream(seed, type));
  const loads = [{ spec, onAtMs: 40 }];
  const { voltageV, currentA } = renderCircuit({ loads, durationMs: 40 + durationMs, seed, supply: FEEDER });
  const cycles = Array.from({ length: currentA.length / 128 }, (_, n) =>
    rms(currentA.subarray(128 * n, 128 * n + 128)),
  );
  return { spec, cycles, settled: measure(voltageV.subarray(-1280), currentA.subarray(-1280), 128) };
}

test('types are distinct, cover every family, and say a Chinese name and a range of power', () => {
  assert.equal(new Set(loadTypes.map(({ type }) => type)).size, loadTypes.length);
  assert.equal(new Set(loadTypes.map(({ family }) => family)).size, 9);
  assert.ok(loadTypes.length >= 24);
  for (const { zh, powerW } of loadTypes) assert.ok(/\p{Script=Han}/u.test(zh) && powerW[0] < powerW[1]);
});

for (const { type, powerW } of loadTypes) {
  test(`${type}: 200 draws lie within its range of power, differ from each other, and build`, () => {
    const powers = Array.from({ length: 200 }, (_, seed) => {
      const spec = sampleLoad(type, new RandomStream(seed, type));
      createLoad(spec, SITE, new RandomStream(seed, 'load'));
      assert.equal(spec.id, type);
      assert.ok(spec.powerW >= powerW[0] && spec.powerW <= powerW[1], `seed ${seed}: ${spec.powerW} W`);
      return spec.powerW;
    });
    assert.ok(new Set(powers).size > 190);
  });
}

test('the same seed gives the same device', () => {
  for (const { type } of loadTypes) {
    assert.deepEqual(sampleLoad(type, new RandomStream(3, type)), sampleLoad(type, new RandomStream(3, type)));
  }
});

test('every type draws current after it was switched on, and none that is not a number', () => {
  for (const { type } of loadTypes) {
    const { cycles } = switchedOn(type, 11);
    assert.ok(cycles.every(Number.isFinite), type);
    assert.ok(cycles[0] !== undefined && cycles[0] < 0.02, `${type} before: ${cycles[0]} A`);
    assert.ok(Math.max(...cycles) > 0.015, `${type}: ${Math.max(...cycles)} A at most`);
  }
});

test('heaters without a fan are resistances: power factor at least 0.997 in full-wave setting', () => {
  for (const type of ['kettle', 'immersionHeater', 'hotPlate', 'waterHeater', 'iron', 'incandescentLamp'] as const) {
    for (let seed = 0; seed < 4; seed++) {
      const { settled } = switchedOn(type, seed);
      assert.ok(settled.powerFactor > 0.997, `${type} ${seed}: ${settled.powerFactor}`);
      assert.ok(Math.abs(settled.thdRatio) < 0.04, `${type} ${seed}: THD ${settled.thdRatio}`);
    }
  }
});

test('a PTC heater draws 1.3 to 2 times its power while cold and decays within seconds', () => {
  for (let seed = 0; seed < 4; seed++) {
    const { cycles } = switchedOn('ptcHeater', seed, 8000);
    const ratio = Math.max(...cycles) / (cycles.at(-1) ?? NaN);
    assert.ok(ratio > 1.2 && ratio < 2.1, `seed ${seed}: ${ratio}`);
  }
});

test('chargers without correction lie in the published ranges; with it their distortion is below 15 per cent', () => {
  let plain = 0;
  let corrected = 0;
  for (let seed = 0; seed < 25; seed++) {
    const { spec, settled } = switchedOn('eBikeCharger', seed);
    const inRange = (value: number, low: number, high: number, what: string): void =>
      assert.ok(value >= low && value <= high, `seed ${seed}, ${spec.powerW} W: ${what} is ${value}`);
    if (spec.kind === 'eBikeCharger' && spec.hasPfc === true) {
      corrected++;
      inRange(settled.thdRatio, 0, 0.15, 'THD');
      continue;
    }
    plain++;
    // The published ranges (of 110 … 180 W), with a margin for makes outside of them; on a feeder of 0.4 ohm the large
    // ones are smoothed.
    inRange(settled.powerFactor, 0.47, spec.powerW > 250 ? 0.75 : 0.68, 'power factor');
    inRange(settled.thdRatio, spec.powerW > 250 ? 0.8 : 1, 1.75, 'THD');
    inRange(settled.harmonicRatio(3), spec.powerW > 250 ? 0.68 : 0.78, 0.96, 'h3');
    inRange(settled.harmonicRatio(5), spec.powerW > 250 ? 0.4 : 0.5, 0.86, 'h5');
    inRange(settled.crestFactor, spec.powerW > 250 ? 2 : 2.6, 4.2, 'crest factor');
  }
  assert.ok(plain > 12 && corrected >= 1, `${plain} without and ${corrected} with correction`);
});

test('brush motors have noise from cycle to cycle and a third harmonic, whatever the make', () => {
  for (const type of ['vacuumCleaner', 'blender'] as const) {
    for (let seed = 0; seed < 6; seed++) {
      const { settled } = switchedOn(type, seed);
      const h3 = settled.harmonicRatio(3);
      assert.ok(h3 > 0.03 && h3 < 0.7, `${type} ${seed}: h3 ${h3}`);
    }
  }
});

test('microwave ovens cook after their warm-up with even and odd harmonics', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { cycles, settled } = switchedOn('microwaveOven', seed, 4000);
    assert.ok(settled.harmonicRatio(2) > 0.02 && settled.harmonicRatio(2) < 0.25, `h2 ${settled.harmonicRatio(2)}`);
    assert.ok(settled.harmonicRatio(3) > 0.1 && settled.harmonicRatio(3) < 0.5, `h3 ${settled.harmonicRatio(3)}`);
    assert.ok((cycles[60] ?? 99) < 0.6 * (cycles.at(-1) ?? 0), 'cold after 1.2 s');
  }
});

test('compressors start at three to twelve times their running current', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { cycles } = switchedOn('refrigerator', seed);
    const ratio = Math.max(...cycles) / (cycles.at(-1) ?? NaN);
    assert.ok(ratio > 2.5 && ratio < 13, `seed ${seed}: ${ratio}`);
  }
});

test('filaments start at several times their current for a few cycles', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { cycles } = switchedOn('incandescentLamp', seed);
    const running = cycles.at(-1) ?? NaN;
    assert.ok(Math.max(...cycles) / running > 3 && (cycles[22] ?? 99) / running < 1.2, `seed ${seed}`);
  }
});
