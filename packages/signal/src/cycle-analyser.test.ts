import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse, at } from '../test/analyse.ts';
import { propertySettings } from '../test/property-settings.ts';
import { activePowerOf, rmsOf, synthesise, thdPctOf } from '../test/synthesise.ts';
import type { Component } from '../test/synthesise.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';

const voltage: Component[] = [
  { order: 1, rms: 230 },
  { order: 3, rms: 7, phaseRad: 0.4 },
  { order: 5, rms: 5, phaseRad: -2 },
  { order: 25, rms: 1, phaseRad: 1 },
];
const current: Component[] = [
  { order: 1, rms: 8, phaseRad: -0.6 },
  { order: 3, rms: 3, phaseRad: 2.2 },
  { order: 7, rms: 1, phaseRad: -1 },
  { order: 40, rms: 0.2, phaseRad: 0.9 },
];

function record(
  sampleRateHz: number,
  frequencyHz: number,
  seconds: number,
): { voltageV: Float64Array; currentA: Float64Array } {
  const recipe = { sampleRateHz, frequencyHz, frames: Math.round(seconds * sampleRateHz), startPhaseRad: 1.1 };
  return {
    voltageV: synthesise({ ...recipe, components: voltage }),
    currentA: synthesise({ ...recipe, components: current }),
  };
}

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} ± ${tolerance}`);
}

test('every quantity of a distorted cycle has its closed-form value at 6.4 to 102.4 kHz (tolerances below)', () => {
  for (const [sampleRateHz, frequencyHz, mainsHz] of [
    [6400, 50, 50],
    [6400, 50.2, 50],
    [7680, 59.8, 60],
    [10000, 49.8, 50],
    [12800, 50.1, 50],
    [51200, 60.1, 60],
    [102400, 49.9, 50],
  ] as const) {
    const readings = analyse({ sampleRateHz, mainsHz }, record(sampleRateHz, frequencyHz, 0.5));
    assert.ok(readings.length >= 23, `${readings.length} cycles`);
    for (const reading of readings) {
      assert.equal(reading.locked, true);
      assertNear(reading.frequencyHz, frequencyHz, 0.005, 'frequencyHz');
      assertNear(reading.frameCount, sampleRateHz / frequencyHz, 1e-4 * reading.frameCount, 'frameCount');
      assertNear(reading.voltageV, rmsOf(voltage), 1e-4 * 230, 'voltageV');
      assertNear(reading.currentA, rmsOf(current), 1e-4 * 8, 'currentA');
      assertNear(reading.activePowerW, activePowerOf(voltage, current), 0.5, 'activePowerW');
      assertNear(reading.reactivePowerVar, 230 * 8 * Math.sin(0.6), 0.5, 'reactivePowerVar');
      assertNear(reading.apparentPowerVa, rmsOf(voltage) * rmsOf(current), 0.5, 'apparentPowerVa');
      assertNear(reading.powerFactor, activePowerOf(voltage, current) / rmsOf(voltage) / rmsOf(current), 5e-4, 'PF');
      assertNear(reading.displacementPowerFactor, Math.cos(0.6), 5e-4, 'displacementPowerFactor');
      assertNear(reading.voltageThdPct, thdPctOf(voltage), 0.05, 'voltageThdPct');
      assertNear(reading.currentThdPct, thdPctOf(current), 0.05, 'currentThdPct');
      for (const { order, rms, phaseRad = 0 } of current) {
        assertNear(at(reading.currentHarmonicsA, order), rms, 2e-3 * rms, `current harmonic ${order}`);
        assertNear(at(reading.currentHarmonicPhasesRad, order), phaseRad, 0.01, `phase of current harmonic ${order}`);
      }
      for (const { order, rms, phaseRad = 0 } of voltage) {
        assertNear(at(reading.voltageHarmonicsV, order), rms, 2e-3 * rms, `voltage harmonic ${order}`);
        assertNear(at(reading.voltageHarmonicPhasesRad, order), phaseRad, 0.01, `phase of voltage harmonic ${order}`);
      }
      assert.equal(reading.residualCurrentMa, undefined);
    }
  }
});

test('a sine has crest factor sqrt(2) within 0.05 % and a power factor of 1 on a resistor', () => {
  const recipe = { sampleRateHz: 6400, frames: 6400, frequencyHz: 50, components: [{ order: 1, rms: 230 }] };
  const voltageV = synthesise(recipe);
  for (const reading of analyse(
    { sampleRateHz: 6400, mainsHz: 50 },
    { voltageV, currentA: voltageV.map((v) => v / 23) },
  )) {
    assertNear(reading.voltageCrestFactor, Math.SQRT2, 5e-4 * Math.SQRT2, 'crest factor');
    assertNear(reading.powerFactor, 1, 1e-9, 'powerFactor');
    assertNear(reading.reactivePowerVar, 0, 1e-6, 'reactivePowerVar');
  }
});

test('power flowing back is negative and a leading current has negative reactive power', () => {
  const recipe = { sampleRateHz: 6400, frames: 3200, frequencyHz: 50 };
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] });
  const run = (phaseRad: number): CycleReading =>
    at(
      analyse(
        { sampleRateHz: 6400, mainsHz: 50 },
        { voltageV, currentA: synthesise({ ...recipe, components: [{ order: 1, rms: 2, phaseRad }] }) },
      ),
      5,
    );
  assertNear(run(Math.PI).activePowerW, -460, 0.05, 'returned power');
  assertNear(run(Math.PI).powerFactor, -1, 1e-6, 'returned power factor');
  assertNear(run(Math.PI / 3).reactivePowerVar, -460 * Math.sin(Math.PI / 3), 0.05, 'leading');
  assertNear(run(-Math.PI / 3).reactivePowerVar, 460 * Math.sin(Math.PI / 3), 0.05, 'lagging');
});

test('rms within 0.2 %, power within 0.5 % and distortion within 0.5 points for 49-51 and 59-61 Hz with noise and distortion', () => {
  const noisePart = 0.005;
  for (const mainsHz of [50, 60] as const) {
    for (let step = -5; step <= 5; step++) {
      const recipe = { sampleRateHz: 6400, frames: 6400, frequencyHz: mainsHz + step / 5, startPhaseRad: step };
      const voltageV = synthesise({ ...recipe, components: voltage, noiseRms: 230 * noisePart, seed: 10 + step });
      const currentA = synthesise({ ...recipe, components: current, noiseRms: 8 * noisePart, seed: 50 + step });
      for (const reading of analyse({ sampleRateHz: 6400, mainsHz }, { voltageV, currentA })) {
        const [v, i, p] = [
          rmsOf(voltage, 230 * noisePart),
          rmsOf(current, 8 * noisePart),
          activePowerOf(voltage, current),
        ];
        assertNear(reading.voltageV, v, 0.002 * v, 'voltageV');
        assertNear(reading.currentA, i, 0.002 * i, 'currentA');
        assertNear(reading.activePowerW, p, 0.005 * p, 'activePowerW');
        assertNear(reading.voltageThdPct, thdPctOf(voltage), 0.5, 'voltageThdPct');
        assertNear(reading.currentThdPct, thdPctOf(current), 0.5, 'currentThdPct');
      }
    }
  }
});

test('any load current on any mild voltage is measured within 0.1 % of its closed form', () => {
  const order = fc.integer({ min: 2, max: 40 });
  const harmonic = (limit: number): fc.Arbitrary<Component> =>
    fc.record({
      order,
      rms: fc.double({ min: 0, max: limit, noNaN: true }),
      phaseRad: fc.double({ min: -3, max: 3, noNaN: true }),
    });
  const distinct = (limit: number): fc.Arbitrary<Component[]> =>
    fc.uniqueArray(harmonic(limit), { maxLength: 6, selector: (component) => component.order });
  fc.assert(
    fc.property(
      distinct(8),
      distinct(5),
      fc.double({ min: 49, max: 51, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (overV, overA, frequencyHz, phaseRad) => {
        const components = {
          voltage: [{ order: 1, rms: 230 }, ...overV],
          current: [{ order: 1, rms: 10, phaseRad }, ...overA],
        };
        const recipe = { sampleRateHz: 6400, frames: 1600, frequencyHz, startPhaseRad: phaseRad };
        const voltageV = synthesise({ ...recipe, components: components.voltage });
        const currentA = synthesise({ ...recipe, components: components.current });
        const readings = analyse({ sampleRateHz: 6400, mainsHz: 50 }, { voltageV, currentA });
        const reading = at(readings, Math.floor(readings.length / 2));
        assertNear(reading.voltageV, rmsOf(components.voltage), 0.23, 'voltageV');
        assertNear(reading.currentA, rmsOf(components.current), 0.01, 'currentA');
        assertNear(reading.activePowerW, activePowerOf(components.voltage, components.current), 2.3, 'activePowerW');
        assertNear(reading.voltageThdPct, thdPctOf(components.voltage), 0.1, 'voltageThdPct');
        assertNear(reading.currentThdPct, thdPctOf(components.current), 0.1, 'currentThdPct');
        assert.ok(Math.abs(reading.powerFactor) <= 1 + 1e-12);
      },
    ),
    propertySettings(60),
  );
});

test('readings and cycle samples are the same to the last bit however the stream is cut into blocks', () => {
  const block = record(6400, 50.3, 1);
  block.voltageV.fill(0, 3000, 4200);
  const run = (lengths: readonly number[]): [CycleReading, number[]][] => {
    const seen: [CycleReading, number[]][] = [];
    const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
    const collect = (reading: CycleReading, samples: CycleSamples): void =>
      void seen.push([reading, [...samples.currentA]]);
    let from = 0;
    for (let k = 0; from < 6400; k++) {
      const to = from + at(lengths, k % lengths.length);
      analyser.push(
        { voltageV: block.voltageV.subarray(from, to), currentA: block.currentA.subarray(from, to) },
        collect,
      );
      from = to;
    }
    analyser.flush(collect);
    return seen;
  };
  const whole = run([6400]);
  assert.ok(whole.length > 45);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 10 }), (lengths) => {
      assert.deepEqual(run(lengths), whole);
    }),
    propertySettings(15),
  );
});

test('harmonics that the sampling rate cannot carry are NaN, the others are measured', () => {
  const components = [
    { order: 1, rms: 230 },
    { order: 13, rms: 10 },
  ];
  const voltageV = synthesise({ sampleRateHz: 2000, frames: 2000, frequencyHz: 50, components });
  const reading = at(analyse({ sampleRateHz: 2000, mainsHz: 50 }, { voltageV, currentA: voltageV }), 5);
  // 40 samples per cycle: harmonic 20 is at the Nyquist frequency.
  assert.ok(reading.voltageHarmonicsV.subarray(0, 20).every(Number.isFinite));
  assert.ok(reading.voltageHarmonicsV.subarray(20).every(Number.isNaN));
  assertNear(at(reading.voltageHarmonicsV, 13), 10, 0.01, 'harmonic 13');
  assertNear(reading.voltageThdPct, 1000 / 230, 0.01, 'voltageThdPct');
});

test('without voltage the current is still measured over nominal windows, and what needs the phase is NaN', () => {
  const currentA = synthesise({
    sampleRateHz: 6400,
    frames: 6400,
    frequencyHz: 50,
    components: [{ order: 1, rms: 3 }],
  });
  const readings = analyse({ sampleRateHz: 6400, mainsHz: 50 }, { voltageV: new Float64Array(6400), currentA });
  assert.equal(readings.length, 50);
  for (const reading of readings) {
    assert.equal(reading.locked, false);
    assertNear(reading.currentA, 3, 3e-4, 'currentA');
    assert.equal(reading.voltageV, 0);
    assert.equal(reading.activePowerW, 0);
    for (const value of [
      reading.frequencyHz,
      reading.powerFactor,
      reading.reactivePowerVar,
      reading.voltageThdPct,
      reading.currentThdPct,
    ]) {
      assert.ok(Number.isNaN(value));
    }
    assert.ok(reading.currentHarmonicsA.every(Number.isNaN));
  }
});

test('a current below the noise floor has no power factor and no distortion, above it both', () => {
  const recipe = { sampleRateHz: 6400, frames: 3200, frequencyHz: 50 };
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] });
  const currentA = synthesise({ ...recipe, components: [], noiseRms: 0.01 });
  const settings = { sampleRateHz: 6400, mainsHz: 50 } as const;
  const quiet = at(analyse(settings, { voltageV, currentA }), 3);
  assert.ok(
    Number.isNaN(quiet.powerFactor) && Number.isNaN(quiet.displacementPowerFactor) && Number.isNaN(quiet.currentThdPct),
  );
  assert.ok(quiet.currentA > 0.005);
  const heard = at(analyse({ ...settings, currentNoiseFloorA: 0.001 }, { voltageV, currentA }), 3);
  assert.ok(Number.isFinite(heard.powerFactor) && Number.isFinite(heard.currentThdPct));
});

test('the residual current is measured with its dc part when the analyser was asked for it', () => {
  const recipe = { sampleRateHz: 6400, frames: 3200, frequencyHz: 50 };
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] });
  const residualCurrentMa = synthesise({ ...recipe, components: [{ order: 1, rms: 30, phaseRad: 1 }], dc: 6 });
  const block = { voltageV, currentA: voltageV.map((v) => v / 100), residualCurrentMa };
  for (const reading of analyse({ sampleRateHz: 6400, mainsHz: 50, residual: true }, block)) {
    assertNear(reading.residualCurrentMa ?? NaN, Math.hypot(30, 6), 0.01, 'residualCurrentMa');
  }
});

test('a NaN in the current spoils the current of its cycle only, never the voltage', () => {
  const block = record(6400, 50, 0.5);
  block.currentA[1600] = NaN;
  const readings = analyse({ sampleRateHz: 6400, mainsHz: 50 }, block);
  const spoilt = readings.filter((reading) => Number.isNaN(reading.currentA));
  assert.ok(spoilt.length >= 1 && spoilt.length <= 2);
  for (const reading of readings) {
    assert.equal(reading.locked, true);
    assertNear(reading.voltageV, rmsOf(voltage), 0.03, 'voltageV');
    assertNear(reading.voltageThdPct, thdPctOf(voltage), 0.05, 'voltageThdPct');
  }
  for (const reading of spoilt) {
    assert.ok(reading.startFrame - 10 <= 1600 && reading.startFrame + reading.frameCount + 10 >= 1600);
    assert.ok(
      Number.isNaN(reading.powerFactor) &&
        Number.isNaN(reading.activePowerW) &&
        reading.currentHarmonicsA.every(Number.isNaN),
    );
  }
});

test('the samples of a cycle start at the rising zero of the voltage fundamental', () => {
  const { voltageV, currentA } = record(6400, 49.6, 0.3);
  const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50, samplesPerCycle: 256 });
  let cycles = 0;
  const check = (_reading: CycleReading, samples: CycleSamples): void => {
    cycles++;
    for (let point = 0; point < 256; point++) {
      const theta = (2 * Math.PI * point) / 256;
      const expected = voltage.reduce(
        (sum, { order, rms, phaseRad = 0 }) => sum + Math.SQRT2 * rms * Math.sin(order * theta + phaseRad),
        0,
      );
      assertNear(at(samples.voltageV, point), expected, 0.2, `point ${point}`);
    }
  };
  analyser.push({ voltageV, currentA }, check);
  analyser.flush(check);
  assert.ok(cycles >= 13);
});

test('settings and blocks that cannot be right are refused with the value', () => {
  const settings = { sampleRateHz: 6400, mainsHz: 50 } as const;
  assert.throws(
    () => createCycleAnalyser({ ...settings, sampleRateHz: 1000 }),
    /createCycleAnalyser: sampleRateHz is 1000, 20.0 samples per cycle/,
  );
  assert.throws(() => createCycleAnalyser({ ...settings, samplesPerCycle: 64 }), /samplesPerCycle is 64/);
  assert.throws(
    () => createCycleAnalyser({ ...settings, samplesPerCycle: 200 }),
    /size is 200; expected a power of two/,
  );
  assert.throws(() => createCycleAnalyser({ ...settings, currentNoiseFloorA: -1 }), /currentNoiseFloorA is -1/);
  assert.throws(() => createCycleAnalyser({ ...settings, leastVoltageV: NaN }), /leastVoltageV is NaN/);
  const analyser = createCycleAnalyser(settings);
  const three = new Float64Array(3);
  const ignore = (): void => undefined;
  assert.throws(() => analyser.push({ voltageV: three, currentA: new Float64Array(2) }, ignore), /3, 2 samples/);
  assert.throws(
    () => analyser.push({ voltageV: three, currentA: three, residualCurrentMa: three }, ignore),
    /create the analyser with residual: true/,
  );
  const withResidual = createCycleAnalyser({ ...settings, residual: true });
  assert.throws(() => withResidual.push({ voltageV: three, currentA: three }, ignore), /has no residualCurrentMa/);
  analyser.flush(ignore);
  assert.throws(() => analyser.push({ voltageV: three, currentA: three }, ignore), /the stream was flushed/);
});

test('a reading that is reused holds at each call what a new one would', () => {
  const block = record(6400, 50.1, 0.5);
  const seen = (reusesReading: boolean): [CycleReading[], (number | Float64Array)[][]] => {
    const kept: CycleReading[] = [];
    const values: (number | Float64Array)[][] = [];
    const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50, reusesReading });
    const take = (reading: CycleReading): void => {
      kept.push(reading);
      const { startFrame, currentA, powerFactor, currentHarmonicsA, voltageHarmonicPhasesRad } = reading;
      values.push([startFrame, currentA, powerFactor, currentHarmonicsA.slice(), voltageHarmonicPhasesRad.slice()]);
    };
    analyser.push(block, take);
    analyser.flush(take);
    return [kept, values];
  };
  const [fresh, expected] = seen(false);
  const [reused, found] = seen(true);
  assert.ok(expected.length > 20);
  assert.deepEqual(found, expected);
  assert.deepEqual([new Set(fresh).size, new Set(reused).size], [fresh.length, 1]);
});
