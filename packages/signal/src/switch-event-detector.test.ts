import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at } from '../test/analyse.ts';
import { propertySettings } from '../test/property-settings.ts';
import { synthesise } from '../test/synthesise.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createSwitchEventDetector } from './switch-event-detector.ts';
import type { SwitchEventSettings } from './switch-event-detector.ts';
import type { SwitchEvent } from './switching/switch-event.ts';

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
  detector.flush((event) => void events.push(event));
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
  assert.equal(on.before.cycleCount, 12);
  assert.equal(on.isBackgroundPulsing, false);
  assert.equal(on.backgroundLevels.length, 1);
  near(on.backgroundLevels[0]?.currentA ?? NaN, 4, 0.001, 'level of the background');
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
  const small = tone(0.015).map((value, n) => (n >= 9000 ? value : 0));
  assert.deepEqual(detect(small), []);
  assert.equal(detect(small, { thresholdVa: 3 }).length, 1);
  const besideLarge = tone(20).map((value, n) => value + at(small, n));
  assert.deepEqual(detect(besideLarge, { thresholdVa: 3 }), []);
});

test('a pulse that returns to the old state within the settling time is no event', () => {
  assert.deepEqual(detect(background.map((value, n) => (n >= 9000 && n < 9300 ? value + at(load, n) : value))), []);
});

test('a load that has not settled is reported when the time is up, and marked so', () => {
  // Rises by 0.4 % of its step per cycle, for longer than the recording lasts.
  const rising = tone(4).map((value, n) => (n < 6400 ? 0 : value * (1 + (0.004 * (n - 6400)) / 128)));
  const event = at(detect(rising, { longestSettlingCycles: 60 }), 0);
  assert.equal(event.settled, false);
  assert.equal(event.kind, 'on');
  assert.equal(event.decidedCycle + 1 - event.cycle, 60);
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
  assert.throws(make({ thresholdScore: -1 }), /thresholdScore is -1/);
  assert.throws(make({ thresholdVa: 0 }), /thresholdVa is 0/);
  assert.throws(make({ longestSettlingCycles: 2 }), /longestSettlingCycles is 2/);
});

test('two loads switched 6 cycles apart are two events with the current of each', () => {
  const other = tone(3, 0.2);
  for (const sign of [1, -1]) {
    const [first, second] = [70 * 128, 76 * 128].map((frame) => Math.round(frame * (50 / 50.1)));
    const events = detect(
      background.map(
        (value, n) =>
          value +
          (n >= (first ?? 0) ? at(load, n) : 0) +
          (n >= (second ?? 0) ? 0 : (1 - sign) / 2) * at(other, n) +
          (n >= (second ?? 0) ? ((1 + sign) / 2) * at(other, n) : 0),
      ),
    );
    assert.deepEqual(
      events.map((event) => event.kind),
      ['on', sign > 0 ? 'on' : 'off'],
    );
    near(at(events, 0).deltaCurrentA, Math.hypot(2, 0.8), 0.02, 'first load');
    near(at(events, 1).deltaCurrentA, 3, 0.02, 'second load');
    assert.equal(at(events, 1).cycle - at(events, 0).cycle, 6);
  }
});

test('a change within the first six cycles is not guessed', () => {
  for (const cycle of [1, 3, 5]) {
    assert.deepEqual(detect(background.map((value, n) => (n >= cycle * 128 ? value + at(load, n) : value))), []);
  }
});

test('a recording of 40 cycles is enough for an event between its cycles 7 and 34', () => {
  for (const cycle of [8, 20, 33]) {
    const short = background.subarray(0, 5120).map((value, n) => (n >= cycle * 128 ? value + at(load, n) : value));
    const events = detect(short, {}, voltageV.subarray(0, 5120));
    assert.equal(events.length, 1, `cycle ${cycle}`);
    near(at(events, 0).cycle, cycle, 1, 'cycle');
  }
});

test('a charger that rises slowly, a heater that cools down and a dimmer turned over five seconds are no events', () => {
  const charger = tone(2).map((value, n) => value * (1 + (0.08 * n) / 25600));
  const heater = tone(8).map((value, n) => value * (1 + 0.5 * Math.exp(-n / 9000)));
  const dimmer = tone(3).map((value, n) => value * Math.min(1, Math.max(0.3, (n - 1000) / 45000)));
  for (const current of [charger, heater, dimmer]) {
    assert.deepEqual(
      detect(current.map((value, n) => value + at(background, n))).map(({ kind, cycle }) => [kind, cycle]),
      [],
    );
  }
});

test('a dimmer turned within a third of a second is one change', () => {
  const dimmer = tone(3).map((value, n) => value * Math.min(1, Math.max(0.3, (n - 6400) / 2000)));
  const [event, ...others] = detect(dimmer.map((value, n) => value + at(background, n)));
  assert.deepEqual(others, []);
  assert.equal(event?.kind, 'on');
  near(event.deltaCurrentA, 0.7 * 3, 0.05, 'change');
});

test('the difference comes with a standard error that noise of known size confirms', () => {
  const noise = synthesise({ ...recipe, components: [], noiseRms: 0.1, seed: 3 });
  const event = at(detect(background.map((value, n) => value + at(noise, n) + (n >= 9000 ? at(load, n) : 0))), 0);
  // White noise of 0.1 A in each point; means over the cycles of both sides.
  const expected = 0.1 * Math.sqrt(1 / event.before.cycleCount + 1 / event.after.cycleCount);
  const error = Math.hypot(...event.differenceErrorA) / Math.sqrt(128);
  near(error / expected, 1, 0.15, 'error over its closed form');
  const missed = event.differenceCurrentA.map((value, point) => {
    const theta = (2 * Math.PI * point) / 128;
    return value - Math.SQRT2 * (2 * Math.sin(theta + 0.6) + 0.8 * Math.sin(3 * theta + 2));
  });
  near(Math.hypot(...missed) / Math.hypot(...event.differenceErrorA), 1, 0.3, 'true error over the stated one');
  near(event.signalToNoise, Math.hypot(2, 0.8) / expected, 0.2 * event.signalToNoise, 'signal to noise');
});

test('the transient has the inrush ratio and the time constant that the current was made with', () => {
  const start = 6400;
  for (const [ratio, cycles] of [
    [4, 3],
    [6, 8],
    [2.5, 12],
  ] as const) {
    const motor = tone(2, -0.9).map((value, n) =>
      n < start ? 0 : value * (1 + (ratio - 1) * Math.exp(-(n - start) / 128 / cycles)),
    );
    const { transient, settled } = at(detect(motor), 0);
    assert.equal(settled, true);
    // The first whole cycle holds the mean over a cycle of the exponential.
    near(transient.inrushRatio, 1 + (ratio - 1) * Math.exp(-0.5 / cycles), 0.12 * ratio, 'inrush ratio');
    near(transient.decayCycles, cycles, 0.2 * cycles + 0.5, 'decay');
    assert.ok(transient.rmsA.length <= 50 && transient.rmsA.length >= 40);
  }
});

test('a motor whose starting current ends with a step is one event with its running power', () => {
  const startFrame = 6400;
  const starting = tone(8, -1.1);
  const running = tone(1.5, -0.6);
  const events = detect(
    starting.map((value, n) => (n < startFrame ? 0 : n < startFrame + 20 * 128 ? value : at(running, n))),
  );
  assert.deepEqual(
    events.map((event) => event.kind),
    ['on'],
  );
  near(at(events, 0).deltaActivePowerW, 230 * 1.5 * Math.cos(0.6), 2, 'running power');
  near(at(events, 0).inrushRatio, 8 / 1.5, 0.15, 'inrush ratio');
});

const scene = fc.record({
  switchFrame: fc.integer({ min: 2000, max: 9000 }),
  rms: fc.double({ min: 0.1, max: 20, noNaN: true }),
  phaseRad: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  isOff: fc.boolean(),
});
type Scene = { switchFrame: number; rms: number; phaseRad: number; isOff: boolean };
const shortVoltageV = voltageV.subarray(0, 12800);
const sceneA = ({ switchFrame, rms, phaseRad, isOff }: Scene): Float64Array => {
  const one = tone(rms, phaseRad);
  return background.subarray(0, 12800).map((value, n) => value + (n >= switchFrame === isOff ? 0 : at(one, n)));
};

test('property: one event per switch, with the power of closed form, wherever it falls', () => {
  const check = (drawn: Scene): void => {
    const events = detect(sceneA(drawn), {}, shortVoltageV);
    assert.equal(events.length, 1);
    const event = at(events, 0);
    assert.equal(event.kind, drawn.isOff ? 'off' : 'on');
    const expected = 230 * drawn.rms * Math.cos(drawn.phaseRad) * (drawn.isOff ? -1 : 1);
    near(event.deltaActivePowerW, expected, 0.002 * 230 * drawn.rms + 0.3, 'power');
    near(event.startFrame, drawn.switchFrame, 2 * 128, 'time');
  };
  fc.assert(fc.property(scene, check), propertySettings<[Scene]>(25));
});

test('property: turning the current clamp round turns on into off and changes nothing else', () => {
  const check = (drawn: Scene): void => {
    const currentA = sceneA(drawn);
    const [one, other] = [currentA, currentA.map((value) => -value)].map((values) =>
      at(detect(values, {}, shortVoltageV), 0),
    );
    assert.notEqual(one?.kind, other?.kind);
    assert.equal(one?.cycle, other?.cycle);
    near((one?.deltaActivePowerW ?? NaN) + (other?.deltaActivePowerW ?? NaN), 0, 1e-6, 'power');
  };
  fc.assert(fc.property(scene, check), propertySettings<[Scene]>(15));
});

test('property: a current ten times as large gives the same event ten times as large', () => {
  const check = (drawn: Scene): void => {
    const currentA = sceneA(drawn);
    const one = at(detect(currentA, {}, shortVoltageV), 0);
    const other = at(
      detect(
        currentA.map((value) => 10 * value),
        {},
        shortVoltageV,
      ),
      0,
    );
    assert.equal(other.kind, one.kind);
    // The tail of a cycle that was switched late can pass the noise floor when it is ten times as large.
    near(other.cycle, one.cycle, 1, 'cycle');
    near(other.deltaActivePowerW / one.deltaActivePowerW, 10, 0.02, 'power');
  };
  fc.assert(fc.property(scene, check), propertySettings<[Scene]>(15));
});

test('property: events do not depend on where the stream is cut into blocks', () => {
  const check = (drawn: Scene, blockFrames: number): void => {
    const currentA = sceneA(drawn);
    const events: SwitchEvent[] = [];
    const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
    const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
    const push = (reading: CycleReading, samples: CycleSamples): void => {
      detector.push(reading, samples, (event) => void events.push(event));
    };
    for (let start = 0; start < currentA.length; start += blockFrames) {
      const cut = (values: Float64Array): Float64Array => values.subarray(start, start + blockFrames);
      analyser.push({ voltageV: cut(shortVoltageV), currentA: cut(currentA) }, push);
    }
    analyser.flush(push);
    detector.flush((event) => void events.push(event));
    assert.deepEqual(events, detect(currentA, {}, shortVoltageV));
  };
  fc.assert(fc.property(scene, fc.integer({ min: 1, max: 3000 }), check), propertySettings<[Scene, number]>(10));
});
