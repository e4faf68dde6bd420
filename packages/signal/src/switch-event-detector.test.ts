import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../test/analyse.ts';
import { synthesise } from '../test/synthesise.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createSwitchEventDetector } from './switch-event-detector.ts';
import type { SwitchEvent, SwitchEventSettings } from './switch-event-detector.ts';

const recipe = { sampleRateHz: 6400, frames: 25600, frequencyHz: 50.1 };
const voltageV = synthesise({
  ...recipe,
  components: [
    { order: 1, rms: 230 },
    { order: 5, rms: 6 },
  ],
});

function tone(rms: number, phaseRad = 0, order = 1): Float64Array {
  return synthesise({ ...recipe, components: [{ order, rms, phaseRad }] });
}

function detect(
  currentA: Float64Array,
  settings: Partial<SwitchEventSettings> = {},
  voltage = voltageV,
): SwitchEvent[] {
  const events: SwitchEvent[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128, ...settings });
  const push = (reading: CycleReading, samples: CycleSamples): void => {
    detector.push(reading, samples, (event) => void events.push(event));
  };
  analyser.push({ voltageV: voltage, currentA }, push);
  analyser.flush(push);
  return events;
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} ± ${tolerance}`);
}

const background = tone(4, -0.3);
const load = synthesise({
  ...recipe,
  components: [
    { order: 1, rms: 2, phaseRad: 0.6 },
    { order: 3, rms: 0.8, phaseRad: 2 },
  ],
});

test('a load that goes on and off beside another gives its own power and its own waveform', () => {
  const events = detect(background.map((value, n) => (n >= 9000 && n < 17000 ? value + at(load, n) : value)));
  assert.deepEqual(
    events.map((event) => event.kind),
    ['on', 'off'],
  );
  const [on, off] = [at(events, 0), at(events, 1)];
  for (const [event, sign] of [
    [on, 1],
    [off, -1],
  ] as const) {
    near(event.deltaActivePowerW, sign * 230 * 2 * Math.cos(0.6), 0.5, 'deltaActivePowerW');
    near(event.deltaReactivePowerVar, -sign * 230 * 2 * Math.sin(0.6), 0.5, 'deltaReactivePowerVar');
    near(event.deltaCurrentA, Math.hypot(2, 0.8), 0.01, 'deltaCurrentA');
    assert.equal(event.settled, true);
    for (let point = 0; point < 128; point++) {
      const theta = (2 * Math.PI * point) / 128;
      const expected = sign * Math.SQRT2 * (2 * Math.sin(theta + 0.6) + 0.8 * Math.sin(3 * theta + 2));
      near(at(event.differenceCurrentA, point), expected, 0.01, `difference at ${point}`);
    }
    near(at(event.before.voltageV, 32), at(event.after.voltageV, 32), 0.05, 'voltage at the crest');
  }
  near(on.before.activePowerW, 230 * 4 * Math.cos(0.3), 0.5, 'before');
  assert.equal(on.before.cycleCount, 5);
});

test('the event names the cycle in which the current changed, to the cycle', () => {
  for (const switchFrame of [9000, 9031, 9064, 9100, 12345]) {
    const event = at(detect(background.map((value, n) => (n >= switchFrame ? value + at(load, n) : value))), 0);
    const lateFrames = event.startFrame - switchFrame;
    // Starts at most one cycle before the switch, or with the next cycle when only its tail was touched.
    assert.ok(lateFrames > -128 && lateFrames < 64, `${lateFrames} frames`);
    near(event.startFrame / (6400 / 50.1), event.cycle, 0.01, 'cycle number');
    assert.ok(event.settledCycle >= event.cycle && event.settledCycle <= event.cycle + 2);
  }
});

test('the waveform before is clean of the switch even when it closed late in the cycle before (5 mA)', () => {
  for (let switchFrame = 9000; switchFrame < 9128; switchFrame += 2) {
    const { before } = at(detect(background.map((value, n) => (n >= switchFrame ? value + at(load, n) : value))), 0);
    for (let point = 0; point < 128; point++) {
      const expected = Math.SQRT2 * 4 * Math.sin((2 * Math.PI * point) / 128 - 0.3);
      near(at(before.currentA, point), expected, 0.005, `point ${point}, switched at ${switchFrame}`);
    }
  }
});

test('inrush that decays belongs to the change: one event, with the settled power and the inrush ratio', () => {
  const start = 6400;
  const motor = tone(2, -0.9).map((value, n) => (n < start ? 0 : value * (1 + 5 * Math.exp(-(n - start) / 1280))));
  const events = detect(motor);
  assert.equal(events.length, 1);
  const event = at(events, 0);
  assert.equal(event.kind, 'on');
  near(event.deltaActivePowerW, 230 * 2 * Math.cos(0.9), 0.06 * 286, 'settled power');
  assert.ok(event.inrushRatio > 4.5 && event.inrushRatio < 6, `inrush ratio ${event.inrushRatio}`);
  assert.ok(event.settledCycle - event.cycle > 20);
});

test('a switch without inrush has an inrush ratio of 1 within 2 %', () => {
  const event = at(detect(tone(5).map((value, n) => (n >= 8000 ? value : 0))), 0);
  near(event.inrushRatio, 1, 0.02, 'inrush ratio');
});

test('a steady, a slowly drifting and a noisy current give no event', () => {
  const noise = synthesise({ ...recipe, components: [], noiseRms: 0.05 });
  assert.deepEqual(detect(background), []);
  assert.deepEqual(detect(background.map((value, n) => value * (1 + (0.3 * n) / 25600))), []);
  assert.deepEqual(detect(background.map((value, n) => value + at(noise, n))), []);
});

test('a step below the threshold is none, and becomes one when the threshold is lowered', () => {
  const small = tone(0.03).map((value, n) => (n >= 9000 ? value : 0));
  assert.deepEqual(detect(small), []);
  assert.equal(detect(small, { thresholdVa: 3 }).length, 1);
  const besideLarge = tone(20).map((value, n) => value + at(small, n));
  assert.deepEqual(detect(besideLarge, { thresholdVa: 3 }), []);
});

test('a pulse that returns to the old state within the settling time is no event', () => {
  assert.deepEqual(detect(background.map((value, n) => (n >= 9000 && n < 9300 ? value + at(load, n) : value))), []);
});

test('a load that never settles is reported when the time is up, and marked so', () => {
  // Alternates every two cycles by 60 % of its step.
  const restless = tone(4).map((value, n) => (n < 6400 ? 0 : value * (Math.floor(n / 256) % 2 === 0 ? 1 : 0.4)));
  const event = at(detect(restless, { longestSettlingCycles: 30 }), 0);
  assert.equal(event.settled, false);
  assert.equal(event.kind, 'on');
  assert.equal(event.settledCycle + 5 - event.cycle, 30);
});

test('a purely reactive load is told on from off by the apparent power', () => {
  const capacitor = tone(1, Math.PI / 2).map((value, n) => (n >= 9000 && n < 17000 ? value : 0));
  assert.deepEqual(
    detect(capacitor).map((event) => event.kind),
    ['on', 'off'],
  );
});

test('a voltage interruption is no switch event and the detector learns anew after it', () => {
  const interrupted = voltageV.map((v, n) => (n > 8000 && n < 10000 ? 0 : v));
  const currentA = background.map((value, n) => {
    if (n > 8000 && n < 10000) return 0;
    return n > 17000 ? value + at(load, n) : value;
  });
  const events = detect(currentA, {}, interrupted);
  assert.deepEqual(
    events.map((event) => [event.kind, event.startFrame > 16800]),
    [['on', true]],
  );
});

test('settings out of range are refused with the value', () => {
  const make = (settings: Partial<SwitchEventSettings>) => () =>
    createSwitchEventDetector({ samplesPerCycle: 128, ...settings });
  assert.throws(make({ steadyCycles: 1 }), /steadyCycles is 1; expected a whole number >= 2/);
  assert.throws(make({ thresholdVa: 0 }), /thresholdVa is 0/);
  assert.throws(make({ longestSettlingCycles: 2 }), /longestSettlingCycles is 2/);
});
