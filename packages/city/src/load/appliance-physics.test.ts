import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure, type Measured, rms } from '../../test/measure.ts';
import { renderCircuit } from '../population/render-circuit.ts';
import type { LoadPhysics } from './load-spec.ts';

/** A stiff, pure sine: closed forms hold. */
const STIFF = {
  nominalV: 220,
  mainsHz: 50,
  sourceOhm: 0,
  sourceH: 1e-7,
  harmonics: [],
  frequencyWanderHz: 0,
  voltageWanderRatio: 0,
  startPhaseRad: 0,
};
/** The flat-topped voltage of a feeder, which published figures were taken on. */
const FEEDER = {
  ...STIFF,
  sourceOhm: 0.4,
  sourceH: 150e-6,
  harmonics: [
    { order: 3, ratio: 0.005 },
    { order: 5, ratio: 0.015 },
  ],
};

type Waves = { readonly voltageV: Float64Array; readonly currentA: Float64Array };

function run(
  load: LoadPhysics,
  options: { supply?: object; durationMs?: number; onAtMs?: number; seed?: number } = {},
): Waves {
  const { supply = STIFF, durationMs = 200, seed = 1, onAtMs } = options;
  const spec = { id: 'load', ...load };
  return renderCircuit({
    loads: [onAtMs === undefined ? { spec } : { spec, onAtMs }],
    durationMs,
    seed,
    supply,
    cableOhm: 0,
    converter: { kind: 'ideal' },
  });
}

function steady(load: LoadPhysics, supply: object = STIFF, durationMs = 200): Measured {
  const { voltageV, currentA } = run(load, { supply, durationMs });
  return measure(voltageV, currentA, 128);
}

function cycleRms({ currentA }: Waves): number[] {
  return Array.from({ length: Math.floor(currentA.length / 128) }, (_, n) =>
    rms(currentA.subarray(128 * n, 128 * (n + 1))),
  );
}

/** Of whole cycles, ms after the first frame. */
function powerBetween({ voltageV, currentA }: Waves, fromMs: number, toMs: number): number {
  const [from, to] = [6.4 * fromMs, 6.4 * toMs];
  return measure(voltageV.subarray(from, to), currentA.subarray(from, to), 128).activePowerW;
}

function peak(samples: Float64Array): number {
  return samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function within(value: number, low: number, high: number, what: string): void {
  assert.ok(value >= low && value <= high, `${what} is ${value}, expected ${low} to ${high}`);
}

test('a heater behind a diode has the dc, the fundamental and the second harmonic of a half-wave sine', () => {
  const { voltageV, currentA } = run({ kind: 'resistive', powerW: 1000, isHalfWave: true });
  const { activePowerW, harmonicRatio } = measure(voltageV, currentA, 128);
  const peakA = (1000 / 220) * Math.SQRT2;
  const mean = currentA.reduce((sum, i) => sum + i, 0) / currentA.length;
  // Fourier series of max(0, sin x): 1/π + sin x / 2 − (2 / 3π) cos 2x − …
  within(mean, 0.99 * (peakA / Math.PI), 1.01 * (peakA / Math.PI), 'mean');
  within(harmonicRatio(2), 0.99 * (4 / (3 * Math.PI)), 1.01 * (4 / (3 * Math.PI)), 'h2');
  within(activePowerW, 495, 505, 'power');
});

test('a trailing-edge dimmer mirrors a leading-edge one: same rms, fundamental ahead instead of behind', () => {
  const spec = { kind: 'dimmer', powerW: 500, firingAngleDeg: 90 } as const;
  const [leading, trailing] = [steady(spec), steady({ ...spec, edge: 'trailing' })];
  within(trailing.currentA / leading.currentA, 0.99, 1.01, 'ratio of rms');
  // Half of each half-wave: rms is 1/√2 of the whole one.
  within(trailing.currentA, (0.985 * 500) / 220 / Math.SQRT2, (1.015 * 500) / 220 / Math.SQRT2, 'rms');
  const { voltageV, currentA } = run({ ...spec, edge: 'trailing' });
  const first = currentA.subarray(4, 28);
  assert.ok(
    first.every((i, n) => i > 0 && (voltageV[n + 4] ?? 0) > 0),
    'conducts right after the zero',
  );
  assert.ok(
    currentA.subarray(40, 58).every((i) => Math.abs(i) < 0.12),
    'and not after the cut',
  );
});

test('a knob turned from 150° to 30° within a second raises the current along the law of phase control', () => {
  const turns = [{ atMs: 200, toDeg: 30, withinMs: 1000 }];
  const cycles = cycleRms(run({ kind: 'dimmer', powerW: 600, firingAngleDeg: 150, turns }, { durationMs: 1600 }));
  for (const [index, deg] of [
    [5, 150],
    [34, 90],
    [70, 30],
  ] as const) {
    const alpha = (deg * Math.PI) / 180;
    const expected = (600 / 220) * Math.sqrt((Math.PI - alpha + Math.sin(2 * alpha) / 2) / Math.PI);
    within(cycles[index] ?? NaN, 0.93 * expected, 1.07 * expected, `rms at ${deg}°`);
  }
});

test('a universal motor turns the power it takes into heat and motion: pointed current, third harmonic, little phase', () => {
  for (const saturation of [1, 2, 3]) {
    const m = steady({ kind: 'universalMotor', powerW: 1000, saturation, powerFactor: 0.985 }, FEEDER);
    within(m.harmonicRatio(3), 0.04, 0.26, `h3 at saturation ${saturation}`);
    within(m.crestFactor, 1.42, 1.8, 'crest factor');
    within(m.activePowerW, 850, 1130, 'power');
  }
  const [low, high] = [1, 3].map((saturation) => steady({ kind: 'universalMotor', powerW: 1000, saturation }));
  assert.ok((high?.harmonicRatio(3) ?? 0) > 2 * (low?.harmonicRatio(3) ?? 1));
});

test('brush noise: worn brushes make many times the cycle-to-cycle difference of new ones', () => {
  const differenceOf = (brushNoiseRatio: number): number => {
    const { currentA } = run({ kind: 'universalMotor', powerW: 700, brushNoiseRatio }, { durationMs: 400 });
    const differences = currentA.subarray(128).map((i, n) => i - (currentA[n] ?? NaN));
    return rms(differences) / rms(currentA);
  };
  const [none, fresh, worn] = [0, 0.05, 0.4].map(differenceOf);
  assert.ok((none ?? 1) < 1e-3, `without noise: ${none}`);
  // Reference simulation of a vacuum cleaner and a worn drill: 0.083 and 0.171 of the rms.
  within(worn ?? NaN, 0.05, 0.3, 'worn brushes');
  assert.ok((worn ?? 0) > 4 * (fresh ?? 1), `fresh ${fresh}, worn ${worn}`);
});

test('a universal motor starts at several times its current, limited by its winding, and runs up', () => {
  const cycles = cycleRms(
    run({ kind: 'universalMotor', powerW: 1000, runUpMs: 200 }, { onAtMs: 40, durationMs: 1600 }),
  );
  const running = cycles.at(-1) ?? NaN;
  within(Math.max(...cycles) / running, 2.5, 6, 'inrush');
  within((cycles[12] ?? NaN) / running, 1.2, 4, 'after 200 ms');
});

test('a drill whose trigger is pulled goes from a narrow cut to full conduction', () => {
  const turns = [{ atMs: 300, toDeg: 0, withinMs: 500 }];
  const cycles = cycleRms(
    run({ kind: 'universalMotor', powerW: 600, firingAngleDeg: 120, turns }, { durationMs: 1200 }),
  );
  assert.ok((cycles.at(-1) ?? 0) > 2 * (cycles[5] ?? 1), cycles.map((a) => a.toFixed(2)).join(' '));
});

test('a supply with power-factor correction draws its power at a distortion below 15 per cent, dipped at the zero', () => {
  for (const powerW of [80, 400, 1500]) {
    const m = steady({ kind: 'pfcSupply', powerW }, FEEDER);
    within(m.thdRatio, 0.01, 0.15, `THD at ${powerW} W`);
    within(m.powerFactor, 0.95, 1, 'power factor');
    within(m.activePowerW, 0.93 * powerW, 1.07 * powerW, 'power');
  }
  const ripple = steady({ kind: 'pfcSupply', powerW: 400, rippleRatio: 0.2, cuspV: 0.1 });
  // (1 + r sin 2x) sin x has r/2 of third harmonic.
  within(ripple.harmonicRatio(3), 0.09, 0.11, 'h3 of a ripple of 0.2');
});

test('a corrected supply that regulates draws its power at any voltage of a feeder, in a current of the same shape', () => {
  const fixed = { kind: 'pfcSupply', powerW: 200 } as const;
  for (const nominalV of [198, 220, 240]) {
    const supply = { ...STIFF, nominalV };
    const regulated = steady({ ...fixed, regulationMs: 60 }, supply);
    within(regulated.activePowerW, 0.99 * 200, 1.01 * 200, `power at ${nominalV} V`);
    // As a resistance: the square of the voltage.
    const asResistance = 200 * (nominalV / 220) ** 2;
    const unregulated = steady(fixed, supply);
    within(unregulated.activePowerW, 0.99 * asResistance, 1.01 * asResistance, `conductance at ${nominalV} V`);
    within(regulated.harmonicRatio(3), 0.95 * unregulated.harmonicRatio(3), 1.05 * unregulated.harmonicRatio(3), 'h3');
  }
});

test('what settles begins at its first power and falls with its time constant; what is on since long has settled', () => {
  const settling = { fromRatio: 1.25, toRatio: 0.8, timeConstantMs: 400 };
  for (const load of [
    { kind: 'rectifier', powerW: 100, settling, softStartMs: 1, seriesOhm: 1, coldSeriesOhm: 1 },
    { kind: 'pfcSupply', powerW: 100, settling, startDelayMs: 0, softStartMs: 1, bulkUfPerW: 0.05 },
  ] as const) {
    const since = run(load, { onAtMs: 0, durationMs: 3000 });
    const at = (fromMs: number): number => powerBetween(since, fromMs, fromMs + 40);
    // Against its own end: what the bridge itself loses does not count.
    const endW = at(2900);
    for (const fromMs of [400, 800, 1200]) {
      const expected = 1 + (0.45 / 0.8) * Math.exp(-(fromMs + 20) / 400);
      within(at(fromMs) / endW, expected - 0.015, expected + 0.015, `${load.kind} after ${fromMs} ms`);
    }
    within(powerBetween(run(load), 100, 180) / endW, 0.99, 1.01, `${load.kind}, settled`);
  }
});

test('a corrected supply charges its capacitor at plug-in, waits, then ramps up', () => {
  const wave = run(
    { kind: 'pfcSupply', powerW: 400, startDelayMs: 200, softStartMs: 300 },
    { onAtMs: 45, durationMs: 1000 },
  );
  const cycles = cycleRms(wave);
  assert.ok(peak(wave.currentA.subarray(280, 420)) > 8, 'inrush of the bulk capacitor');
  const running = cycles.at(-1) ?? NaN;
  within((cycles[9] ?? NaN) / running, 0, 0.12, 'waiting');
  within((cycles[19] ?? NaN) / running, 0.3, 0.7, 'half-way up');
});

test('a compressor draws its locked-rotor current until it breaks away, then its running current', () => {
  const spec = { kind: 'compressor', powerW: 1800, powerFactor: 0.85, inrushRatio: 5, runUpMs: 200 } as const;
  const cycles = cycleRms(run(spec, { onAtMs: 40, durationMs: 1600 }));
  const running = 1800 / 0.85 / 220;
  within(Math.max(...cycles) / running, 4, 6.5, 'locked rotor over running');
  // The start is against pressure: 15 % more power until it settles.
  within((cycles.at(-1) ?? NaN) / running, 1, 1.2, 'running');
  assert.ok((cycles[8] ?? 0) > 3.5 * running && (cycles[40] ?? 99) < 1.3 * running, 'falls when it breaks away');
});

test('the compressor of IEC 62606 pulls a peak of 65 A ± 10 % when closed at the zero of the voltage', () => {
  const spec = {
    kind: 'compressor',
    powerW: 2000,
    powerFactor: 0.85,
    inrushRatio: 4.3,
    startPowerFactor: 0.9,
  } as const;
  const { currentA } = run(spec, { supply: FEEDER, onAtMs: 40, durationMs: 400 });
  within(peak(currentA), 58.5, 71.5, 'peak');
});

test('saturated iron adds the third harmonic of its magnetising law', () => {
  const [linear, saturated] = [0, 1].map((saturation) =>
    steady({ kind: 'motor', powerW: 60, powerFactor: 0.5, saturation }),
  );
  assert.ok((linear?.harmonicRatio(3) ?? 1) < 1e-3);
  // i ∝ λ + s λ⁵ at sinusoidal λ: h3 = (5 s / 16) / (1 + 10 s / 16) of the magnetising part, which is most of the current.
  const ofIron = 5 / 16 / (1 + 10 / 16);
  within(saturated?.harmonicRatio(3) ?? NaN, 0.4 * ofIron, ofIron, 'h3');
  within(saturated?.activePowerW ?? NaN, 57, 63, 'power');
});

test('a capacitor motor takes the power and the phase that its two windings add up to', () => {
  const motor = { kind: 'motor', powerW: 120, powerFactor: 0.8, capacitorRatio: 0.5 } as const;
  for (const auxiliary of [undefined, { powerShare: 0.3, resonanceRatio: 1.5 }]) {
    const m = steady({ ...motor, ...(auxiliary === undefined ? {} : { auxiliary }) }, STIFF, 2000);
    within(m.activePowerW, 117, 123, 'power');
    // tan φ = tan(acos 0.8) − 0.5 = 0.25.
    within(m.powerFactor, 0.963, 0.977, 'power factor');
    assert.ok(m.harmonicRatio(3) < 2e-3, `h3 ${m.harmonicRatio(3)}`);
  }
});

test('the winding in series with a run capacitor keeps the harmonics of the voltage off it', () => {
  const supply = { ...STIFF, harmonics: [{ order: 7, ratio: 0.02 }] };
  const motor = { kind: 'motor', powerW: 120, powerFactor: 0.6, capacitorRatio: 1.2 } as const;
  const [bare, wound] = [{}, { auxiliary: { powerShare: 0.1, resonanceRatio: 1.5 } }].map((auxiliary) =>
    steady({ ...motor, ...auxiliary }, supply, 2000).harmonicRatio(7),
  );
  // Seven times the admittance of the capacitor, less its damping, against the inductance above the resonance.
  within(bare ?? NaN, 0.07, 0.17, 'h7 of the bare capacitor');
  assert.ok((wound ?? NaN) < 0.03, `h7 of the winding is ${wound}`);
});

test('closed slots give a motor the third harmonic of small machines, its power stays', () => {
  for (const kind of ['motor', 'compressor'] as const) {
    const m = steady({ kind, powerW: 110, powerFactor: 0.65, saturation: 0, straySaturation: 0.8 }, STIFF, 2000);
    within(m.harmonicRatio(3), 0.03, 0.12, `${kind}: h3`);
    within(m.activePowerW, 104, 116, `${kind}: power`);
    within(m.powerFactor, 0.62, 0.68, `${kind}: power factor`);
  }
});

test('a corrected supply at light load conducts from its gap to its early end, and still draws its power', () => {
  const spec = {
    kind: 'pfcSupply',
    powerW: 50,
    filterUf: 0,
    noiseRatio: 0,
    gapV: 150,
    gapEndV: 280,
    flatV: 100,
  } as const;
  const waves = run(spec);
  within(measure(waves.voltageV, waves.currentA, 128).activePowerW, 46, 54, 'power');
  const cycle = waves.currentA.subarray(-128).map(Math.abs);
  const first = cycle.findIndex((a) => a > 0.05);
  const last = cycle.subarray(0, 64).findLastIndex((a) => a > 0.05);
  // asin(150 / 311) = 29° = sample 10.3; 180° − asin(280 / 311) = 116° = sample 41.2.
  within(first, 9, 12, 'first sample');
  within(last, 40, 43, 'last sample');
});

test('a microwave oven heats its cathode first, then draws pulses of unequal halves: second and third harmonic', () => {
  const m = steady({ kind: 'microwave', powerW: 1200 }, FEEDER);
  // PLAID: h2 up to a tenth, h3 a quarter to 0.4 of the fundamental, power factor of the fundamental above 0.96.
  within(m.harmonicRatio(2), 0.03, 0.25, 'h2');
  within(m.harmonicRatio(3), 0.15, 0.45, 'h3');
  within(m.powerFactor, 0.85, 1, 'power factor');
  within(m.activePowerW, 1050, 1270, 'power');
  const cycles = cycleRms(run({ kind: 'microwave', powerW: 1200, warmUpMs: 2300 }, { onAtMs: 40, durationMs: 4000 }));
  const cooking = cycles.at(-1) ?? NaN;
  assert.ok((cycles[100] ?? 99) < 0.35 * cooking, 'cold cathode');
  const begins = cycles.findIndex((a, n) => n > 20 && a > 0.7 * cooking);
  within(begins * 20, 2300, 2600, 'ms until it cooks');
});

test('an induction hob draws a near-sine of its power, and pulses between its panel and its power', () => {
  const m = steady({ kind: 'inductionHob', powerW: 1800 }, FEEDER);
  within(m.powerFactor, 0.95, 1, 'power factor');
  within(m.activePowerW, 1650, 1900, 'power');
  const pulse = { periodMs: 500, dutyRatio: 0.4 };
  const cycles = cycleRms(run({ kind: 'inductionHob', powerW: 1000, pulse, rampMs: 0 }, { durationMs: 5000 }));
  const full = 1000 / 220;
  const onShare = cycles.filter((a) => a > 0.5 * full).length / cycles.length;
  within(onShare, 0.36, 0.44, 'share of cycles on');
  assert.ok(cycles.some((a) => a < 0.12 * full) && cycles.some((a) => a > 0.95 * full));
});

test('a fluorescent lamp with its ballast: lagging, with the third harmonic of its arc; compensation brings the factor up', () => {
  const plain = steady({ kind: 'fluorescent', powerW: 88 }, FEEDER);
  within(plain.powerFactor, 0.42, 0.6, 'power factor');
  within(plain.harmonicRatio(3), 0.03, 0.2, 'h3');
  within(plain.activePowerW, 78, 98, 'power');
  const compensated = steady({ kind: 'fluorescent', powerW: 88, compensation: 0.85 }, FEEDER);
  within(compensated.powerFactor, 0.85, 1, 'power factor compensated');
});

test('a fluorescent lamp preheats at a higher current before it strikes', () => {
  const cycles = cycleRms(run({ kind: 'fluorescent', powerW: 44, preheatMs: 600 }, { onAtMs: 40, durationMs: 1600 }));
  within((cycles[20] ?? NaN) / (cycles.at(-1) ?? NaN), 1.1, 1.6, 'preheating over running current');
});

test('halogen lamps on an electronic transformer idle around the zero and pull an inrush through cold filaments', () => {
  const wave = run({ kind: 'electronicTransformer', powerW: 300, startV: 60 }, { supply: FEEDER });
  // sin x = 60 / 311: the first 11 degrees, 4 frames, of each half-wave.
  assert.ok(
    wave.currentA.subarray(0, 2).every((i) => Math.abs(i) < 0.15),
    'idle at the zero',
  );
  const m = measure(wave.voltageV, wave.currentA, 128);
  within(m.activePowerW, 285, 312, 'power');
  within(m.powerFactor, 0.97, 1, 'power factor');
  const cycles = cycleRms(run({ kind: 'electronicTransformer', powerW: 300 }, { onAtMs: 40, durationMs: 600 }));
  within(Math.max(...cycles) / (cycles.at(-1) ?? NaN), 2.5, 8.5, 'inrush');
});

test('a capacitive dropper carries ωC(V − …) ahead of the voltage and delivers its power', () => {
  const spec = { kind: 'capacitiveDropper', powerW: 8, stringV: 90, seriesOhm: 100 } as const;
  const { voltageV, currentA } = run(spec);
  const m = measure(voltageV, currentA, 128);
  within(m.activePowerW, 7.4, 8.8, 'power');
  within(m.powerFactor, 0.2, 0.6, 'power factor');
  // Energy: what is taken is what the string and the resistor turn into light and heat.
  const meanA = currentA.reduce((sum, i) => sum + Math.abs(i), 0) / currentA.length;
  within(m.activePowerW / (90 * meanA + 100 * m.currentA ** 2), 0.98, 1.02, 'energy balance');
});

test('a heater with a thermostat is on for its duty, and switches at the zero of its current', () => {
  const duty = { firstOnMs: 500, onMs: 300, offMs: 700, jitterRatio: 0 };
  const wave = run({ kind: 'resistive', powerW: 1000, duty }, { onAtMs: 0, durationMs: 10_000 });
  const cycles = cycleRms(wave);
  const onShare = cycles.slice(25).filter((a) => a > 2).length / (cycles.length - 25);
  within(onShare, 0.27, 0.33, 'duty');
  const steps = wave.currentA.map((i, n) => Math.abs(i - (wave.currentA[n - 1] ?? 0)));
  // Switched off at the zero, on at any phase: steps down stay below what 156 µs of a sine allow.
  assert.ok(
    cycles.slice(0, 25).every((a) => a > 4.3),
    'heats from cold without a break',
  );
  assert.ok(steps.length > 0);
});

test('a thermostat within an appliance closes its part again', () => {
  const heater = { kind: 'resistive', powerW: 1000, duty: { onMs: 200, offMs: 200, jitterRatio: 0 } } as const;
  const lamp = { kind: 'resistive', powerW: 20 } as const;
  const wave = run({ kind: 'appliance', powerW: 1020, parts: [heater, lamp] }, { onAtMs: 0, durationMs: 2000 });
  const cycles = cycleRms(wave).slice(1);
  within(cycles.filter((a) => a > 4).length / cycles.length, 0.42, 0.6, 'share on');
  assert.ok(
    cycles.every((a) => a > 0.08),
    'the lamp stays on',
  );
});

test('an aged e-bike charger with correction follows the same course as one without', () => {
  const common = { kind: 'eBikeCharger', powerW: 300, chemistry: 'lithium', isAged: true } as const;
  const m = steady({ ...common, hasPfc: true });
  within(m.activePowerW, 285, 315, 'power');
  within(m.thdRatio, 0, 0.15, 'THD');
});

test('the picture of a television moves its power, and a small load keeps still', () => {
  const spreadOf = (ratio: number): number => {
    const cycles = cycleRms(
      run({ kind: 'rectifier', powerW: 100, fluctuation: { ratio, periodMs: 300 } }, { durationMs: 6000 }),
    );
    return (Math.max(...cycles) - Math.min(...cycles)) / (cycles.reduce((sum, a) => sum + a, 0) / cycles.length);
  };
  within(spreadOf(0.3), 0.25, 0.7, 'spread at 0.3');
  assert.ok(spreadOf(0) < 0.01);
});
