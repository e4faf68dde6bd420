import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../random/random-stream.ts';
import { ArcLamp } from './arc-lamp.ts';
import { BrushMotor } from './brush-motor.ts';
import { ClampedSeries } from './clamped-series.ts';
import type { CircuitElement } from './circuit-element.ts';
import { ElementNode } from './element-node.ts';
import { EnvelopeLoad } from './envelope-load.ts';
import { flattenElements } from './flatten-elements.ts';
import { doublerFor } from './half-wave-doubler.ts';
import { ParallelElements } from './parallel-elements.ts';
import { Resistor } from './resistor.ts';
import { SaturableCoil } from './saturable-coil.ts';
import { SaturatingRl } from './saturating-rl.ts';
import { SeriesRc } from './series-rc.ts';
import { sinePowerShare } from './sine-power-share.ts';

const STEP_S = 1 / 25_600;
const STEPS = 512;
const PEAK_V = 220 * Math.SQRT2;
const OMEGA = 2 * Math.PI * 50;

/** Currents of an element on an ideal sine from its zero, after it was closed. */
function onSine(element: CircuitElement, cycles: number, peakV = PEAK_V): { v: number[]; i: number[] } {
  const v: number[] = [];
  const i: number[] = [];
  const node = new ElementNode();
  element.close();
  for (let n = 0; n < cycles * STEPS; n++) {
    const now = peakV * Math.sin((2 * Math.PI * n) / STEPS);
    node.phaseTurns = (n % STEPS) / STEPS;
    element.prepare(node);
    node.voltageV = now;
    for (let pass = 0; pass < 6 && !element.settle(node); pass++);
    element.commit(node);
    i.push(element.currentA);
    v.push(now);
  }
  return { v, i };
}

/** Mean of a function of the sample over the last `cycles`. */
function mean(length: number, cycles: number, of: (n: number) => number): number {
  let sum = 0;
  for (let n = length - cycles * STEPS; n < length; n++) sum += of(n);
  return sum / (cycles * STEPS);
}

function near(actual: number, expected: number, ratio: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) < ratio, `${what} is ${actual}, expected ${expected}`);
}

test('a resistance and a capacitance in series carry V / |Z|, ahead of the voltage', () => {
  const { v, i } = onSine(new SeriesRc(STEP_S, 100, 5e-6), 20);
  const reactance = 1 / (OMEGA * 5e-6);
  const rmsA = Math.sqrt(mean(i.length, 4, (n) => (i[n] ?? 0) ** 2));
  near(rmsA, 220 / Math.hypot(100, reactance), 2e-3, 'rms');
  // Implicit Euler delays the capacitor by half a step: 0.35° of a power factor of 0.16.
  near(
    mean(i.length, 4, (n) => (v[n] ?? 0) * (i[n] ?? 0)),
    100 * rmsA ** 2,
    0.05,
    'power',
  );
});

test('an iron core closed at the zero of the voltage reaches twice its flux: the inrush of its magnetising law', () => {
  const ratedFlux = PEAK_V / OMEGA;
  const saturation = 0.5;
  const coil = new SaturableCoil(STEP_S, { ohm: 1e-6, henry: 2, saturation, ratedFlux });
  const { i } = onSine(coil, 1);
  const expected = ((2 * ratedFlux) / 2) * (1 + saturation * 2 ** 4);
  near(Math.max(...i), expected, 0.01, 'inrush peak');
});

test('a saturating stray path reaches the current at which its law meets the flux of the voltage', () => {
  const [henry, share, saturationA] = [0.4, 0.8, 2];
  const path = new SaturatingRl(STEP_S, { share, saturationA });
  path.setImpedance(1e-6, henry);
  const peakA = Math.max(...onSine(path, 1).i);
  // Closed at the zero of the voltage without losses: twice the peak flux.
  const flux = henry * peakA * (1 - share + share / Math.hypot(1, peakA / saturationA));
  near(flux, (2 * PEAK_V) / OMEGA, 2e-3, 'flux');
});

test('a stray path far below its saturation is R and L in series; saturated, it is pointed about its own peak', () => {
  const [linear, saturated] = [1e6, 0.8].map((saturationA) => {
    const path = new SaturatingRl(STEP_S, { share: 0.8, saturationA });
    path.setImpedance(200, 0.5);
    const { i } = onSine(path, 20);
    const part = (order: number, turn: number): number =>
      2 * mean(i.length, 4, (n) => (i[n] ?? 0) * Math.cos((2 * Math.PI * order * n) / STEPS - turn));
    const harmonic = (order: number) => {
      const [re, im] = [part(order, 0), part(order, Math.PI / 2)];
      return { peakA: Math.hypot(re, im), phaseRad: Math.atan2(re, im) };
    };
    return { first: harmonic(1), third: harmonic(3) };
  });
  near(linear?.first.peakA ?? NaN, PEAK_V / Math.hypot(200, 0.5 * OMEGA), 1e-3, 'fundamental');
  near(linear?.first.phaseRad ?? NaN, -Math.atan2(0.5 * OMEGA, 200), 2e-3, 'phase');
  assert.ok((linear?.third.peakA ?? NaN) < 1e-3 * (linear?.first.peakA ?? NaN));
  const { first, third } = saturated ?? { first: { peakA: NaN, phaseRad: NaN }, third: { peakA: NaN, phaseRad: NaN } };
  const ratio = third.peakA / first.peakA;
  assert.ok(ratio > 0.03 && ratio < 0.2, `third harmonic ${ratio}`);
  // A third harmonic of 180° at the peak of the fundamental points the wave.
  assert.ok(Math.cos(third.phaseRad - 3 * first.phaseRad) < -0.5, `phase ${third.phaseRad - 3 * first.phaseRad}`);
});

test('an iron core without saturation is R and L in series', () => {
  const coil = new SaturableCoil(STEP_S, { ohm: 200, henry: 0.5, saturation: 0, ratedFlux: 1 });
  const { v, i } = onSine(coil, 20);
  const rmsA = Math.sqrt(mean(i.length, 4, (n) => (i[n] ?? 0) ** 2));
  near(rmsA, 220 / Math.hypot(200, 0.5 * OMEGA), 1e-3, 'rms');
  near(
    mean(i.length, 4, (n) => (v[n] ?? 0) * (i[n] ?? 0)),
    200 * rmsA ** 2,
    2e-3,
    'power',
  );
});

test('a Cassie lamp settles where the mean of (u / Uc)² is one, and wastes nothing but in ballast and arc', () => {
  const [henry, ohm, arcV] = [1.1, 40, 103];
  const lamp = new ArcLamp(STEP_S, { henry, ohm, arcV, tauS: 500e-6, ratedA: 0.4 });
  const { v, i } = onSine(lamp, 40);
  const lampV = (n: number): number => {
    const slope = ((i[n] ?? 0) - (i[n - 1] ?? 0)) / STEP_S;
    return 0.5 * ((v[n] ?? 0) + (v[n - 1] ?? 0)) - henry * slope - ohm * (i[n] ?? 0);
  };
  near(
    mean(i.length - 1, 10, (n) => lampV(n) ** 2),
    arcV ** 2,
    0.02,
    'mean square of the lamp voltage',
  );
  const total = mean(i.length, 10, (n) => (v[n] ?? 0) * (i[n] ?? 0));
  const spent = mean(i.length, 10, (n) => lampV(n) * (i[n] ?? 0) + ohm * (i[n] ?? 0) ** 2);
  near(total, spent, 0.01, 'power');
});

test('the doubler of a microwave oven takes its rated power on any mains, and its energy goes where it should', () => {
  for (const mains of [
    { nominalV: 220, mainsHz: 50 },
    { nominalV: 120, mainsHz: 60 },
  ]) {
    const shape = { thresholdRatio: 1.45, slopeRatio: 0.25, resonanceRatio: 1.4 };
    const parts = doublerFor(1100, shape, mains);
    const element = new ClampedSeries(1 / (STEPS * mains.mainsHz), parts);
    const { v, i } = onSine(element, 40, mains.nominalV * Math.SQRT2);
    const power = mean(i.length, 10, (n) => (v[n] ?? 0) * (i[n] ?? 0));
    near(power, 1100, 0.02, 'power');
    const magnetron = mean(i.length, 10, (n) => {
      const reverseA = Math.max(0, -(i[n] ?? 0));
      return parts.reverseV * reverseA + (parts.reverseOhm ?? 0) * reverseA ** 2;
    });
    const winding = mean(i.length, 10, (n) => parts.ohm * (i[n] ?? 0) ** 2);
    near(power, magnetron + winding, 0.02, 'magnetron and winding');
  }
});

test('a brush motor without noise obeys energy: what it takes, its resistances turn over', () => {
  const parts = { ohm: 8, henry: 0.03, rotationOhm: 40, saturationA: Infinity, noiseRatio: 0, commutationHz: 9000 };
  const motor = new BrushMotor(STEP_S, { ...parts, barCount: 24 }, new RandomStream(1, 'motor'));
  motor.speedRatio = 1;
  const { v, i } = onSine(motor, 20);
  const rmsA = Math.sqrt(mean(i.length, 4, (n) => (i[n] ?? 0) ** 2));
  near(rmsA, 220 / Math.hypot(48, 0.03 * OMEGA), 2e-3, 'rms');
  near(
    mean(i.length, 4, (n) => (v[n] ?? 0) * (i[n] ?? 0)),
    48 * rmsA ** 2,
    5e-3,
    'power',
  );
});

test('the power of a shaped conductance is the share computed for it', () => {
  for (const shape of [
    { cuspV: 30 },
    { startV: 80, stopV: 30 },
    { isHalfWave: true },
    { rippleRatio: 0.2, rippleRad: 0.7, cuspV: 10 },
  ]) {
    const load = new EnvelopeLoad(shape, new RandomStream(1, 'envelope'));
    load.fullConductance = 0.02;
    const { v, i } = onSine(load, 4);
    const power = mean(i.length, 2, (n) => (v[n] ?? 0) * (i[n] ?? 0));
    near(power, 0.02 * 220 ** 2 * sinePowerShare(PEAK_V, shape), 0.01, JSON.stringify(shape));
  }
});

test('elements side by side draw the sum of their currents, whole or taken apart', () => {
  const parts = (): CircuitElement[] => [
    new Resistor(0.01),
    new SeriesRc(STEP_S, 10, 2e-6),
    new ClampedSeries(STEP_S, { ohm: 50, henry: 0, farad: 1e-6, forwardV: 80, reverseV: 80 }),
  ];
  const whole = onSine(new ParallelElements([...parts().slice(0, 1), new ParallelElements(parts().slice(1))]), 3).i;
  const apart = parts().map((part) => onSine(part, 3).i);
  for (const [n, i] of whole.entries()) {
    const sum = apart.reduce((total, part) => total + (part[n] ?? NaN), 0);
    assert.ok(Math.abs(i - sum) < 1e-9, `step ${n}: ${i} and ${sum}`);
  }
  const nested = new ParallelElements([new ParallelElements(parts()), new Resistor(1)]);
  assert.equal(flattenElements([nested]).length, 4);
});

test('an opened element stops at a zero of its current and stays off', () => {
  for (const element of [
    new Resistor(0.01),
    new SeriesRc(STEP_S, 10, 2e-6),
    new SaturableCoil(STEP_S, { ohm: 100, henry: 0.3, saturation: 0.2, ratedFlux: 1 }),
    new ArcLamp(STEP_S, { henry: 1.1, ohm: 40, arcV: 103, tauS: 5e-4, ratedA: 0.4 }),
  ]) {
    onSine(element, 2);
    const node = new ElementNode();
    element.open();
    let lastA = 0;
    let stepsOn = 0;
    for (let n = 0; n < STEPS && element.isActive; n++, stepsOn++) {
      const v = PEAK_V * Math.sin((2 * Math.PI * n) / STEPS);
      node.phaseTurns = n / STEPS;
      node.voltageV = PEAK_V * Math.sin((2 * Math.PI * (n - 1)) / STEPS);
      element.prepare(node);
      node.voltageV = v;
      element.commit(node);
      if (element.isActive) lastA = element.currentA;
    }
    assert.ok(!element.isActive && stepsOn <= STEPS / 2 + 2, `${element.constructor.name} after ${stepsOn} steps`);
    assert.ok(Math.abs(lastA) < 0.15, `${element.constructor.name} chopped ${lastA} A`);
  }
});
