import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../test/analyse.ts';
import { pulsingA } from '../test/pulsing.ts';
import type { PulseRecipe } from '../test/pulsing.ts';
import { synthesise } from '../test/synthesise.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createSwitchEventDetector } from './switch-event-detector.ts';
import type { SwitchEvent } from './switching/switch-event.ts';

const CYCLE = 128;
const mains = { sampleRateHz: 6400, frames: 700 * CYCLE, frequencyHz: 50, components: [{ order: 1, rms: 230 }] };
const voltageV = synthesise(mains);
const noiseA = synthesise({ ...mains, components: [], noiseRms: 0.012, seed: 5 });

/** A fan: 0.4 A, lagging, with a little third harmonic. */
const fanA = synthesise({
  ...mains,
  components: [
    { order: 1, rms: 0.4, phaseRad: -0.5 },
    { order: 3, rms: 0.04, phaseRad: 1 },
  ],
});

function detect(...currents: readonly Float64Array[]): SwitchEvent[] {
  const currentA = noiseA.map((noise, n) => currents.reduce((sum, current) => sum + at(current, n), noise));
  const events: SwitchEvent[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
  const push = (reading: CycleReading, samples: CycleSamples): void => {
    detector.push(reading, samples, (event) => void events.push(event));
  };
  analyser.push({ voltageV, currentA }, push);
  return events;
}

function from(load: Float64Array, start: number, end = Infinity): Float64Array {
  return load.map((value, n) => (n >= start && n < end ? value : 0));
}

function hob(pulse: Partial<PulseRecipe> = {}): Float64Array {
  return pulsingA(mains, { from: 0, to: Infinity, periodFrames: 20 * CYCLE, duty: 0.5, currentA: 6, ...pulse });
}

const summaryOf = (event: SwitchEvent): [string, number] => [event.kind, event.cycle];

for (const periodMs of [200, 260, 400, 700]) {
  for (const duty of [0.3, 0.5, 0.7]) {
    const pulse = { from: -37 * CYCLE - 40, periodFrames: (periodMs * 6400) / 1000, duty };

    test(`a hob that has always pulsed (${periodMs} ms, ${duty * 100} %) is no event`, () => {
      assert.deepEqual(detect(hob(pulse)).map(summaryOf), []);
    });

    test(`a fan beside it (${periodMs} ms, ${duty * 100} %) is told with its own current`, () => {
      const events = detect(hob(pulse), from(fanA, 300 * CYCLE, 450 * CYCLE));
      assert.deepEqual(
        events.map((event) => event.kind),
        ['on', 'off'],
      );
      for (const [index, expectedCycle] of [300, 450].entries()) {
        const event = at(events, index);
        assert.ok(Math.abs(event.cycle - expectedCycle) <= 2, `cycle ${event.cycle}`);
        assert.equal(event.isBackgroundPulsing, true);
        assert.equal(event.isPulsing, false);
        const sign = index === 0 ? 1 : -1;
        const error = event.differenceCurrentA.map((value, point) => value - sign * at(fanA, 300 * CYCLE + point));
        const errorRms = Math.hypot(...error) / Math.sqrt(error.length);
        assert.ok(errorRms < 0.04, `the difference misses the fan's 0.4 A by ${errorRms} A rms`);
        // Longer pulses do not show both levels within the half second before the switch.
        if (periodMs > 400) continue;
        const [first, second, ...more] = event.backgroundLevels;
        assert.equal(more.length, 0);
        const currents = [first?.currentA ?? NaN, second?.currentA ?? NaN].sort((a, b) => a - b);
        assert.ok(Math.abs(at(currents, 0) - 0.3) < 0.02, `lower level ${at(currents, 0)}`);
        assert.ok(Math.abs(at(currents, 1) - Math.hypot(6, 0.48, 0.3)) < 0.05, `upper level ${at(currents, 1)}`);
      }
    });
  }
}

test('a hob that starts to pulse is told once when it begins and once when it has stopped', () => {
  for (const periodFrames of [12 * CYCLE, 26 * CYCLE, 50 * CYCLE]) {
    const events = detect(hob({ from: 150 * CYCLE, to: 450 * CYCLE, periodFrames }));
    const pulsing = events.filter((event) => event.isPulsing);
    assert.deepEqual(
      events.map((event) => event.kind),
      ['on', 'off'],
      `period ${periodFrames / CYCLE}: ${events.map(summaryOf).join(' ')}`,
    );
    assert.ok(pulsing.length >= 1);
    // A pulse is known as one when it is taken back; one that outlasts the hold is told from its second rise at the latest.
    assert.ok(Math.abs(at(events, 0).cycle - 150) <= (periodFrames < 20 * CYCLE ? 2 : periodFrames / CYCLE + 2));
    assert.ok(Math.abs(at(events, 1).cycle - 450) <= periodFrames / CYCLE);
  }
});

test('what pulses every 2.4 s is told until it has been seen three times, then no more', () => {
  const events = detect(hob({ from: 100 * CYCLE, periodFrames: 120 * CYCLE }));
  assert.deepEqual(events.map(summaryOf), [
    ['on', 100],
    ['off', 160],
    ['on', 220],
  ]);
});

for (const [onS, offS] of [
  [1.4, 1.4],
  [2, 1],
  [3, 3],
  [3.5, 3.5],
  [4, 4],
  [10, 10],
] as const) {
  test(`a heater that is ${onS} s on and ${offS} s off for a minute is told each time`, () => {
    const period = Math.round((onS + offS) * 50);
    const on = Math.round(onS * 50);
    const minute = { ...mains, frames: 60 * 6400 };
    const events: SwitchEvent[] = [];
    const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
    const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
    const push = (reading: CycleReading, samples: CycleSamples): void => {
      detector.push(reading, samples, (event) => void events.push(event));
    };
    const minuteVoltageV = synthesise(minute);
    const hissA = synthesise({ ...minute, components: [], noiseRms: 0.012, seed: 9 });
    const heaterA = minuteVoltageV.map((value, n) => {
      const cycle = Math.floor(n / CYCLE) - 100;
      return at(hissA, n) + (cycle >= 0 && cycle % period < on ? value / 40 : 0);
    });
    analyser.push({ voltageV: minuteVoltageV, currentA: heaterA }, push);
    analyser.flush(push);
    detector.flush((event) => void events.push(event));
    const expected: ['on' | 'off', number][] = [];
    for (let cycle = 100; cycle < 2990; cycle += period) {
      expected.push(['on', cycle]);
      if (cycle + on < 2990) expected.push(['off', cycle + on]);
    }
    assert.deepEqual(
      events.map(({ kind }) => kind),
      expected.map(([kind]) => kind),
    );
    for (const [index, [, cycle]] of expected.entries()) {
      assert.ok(Math.abs(at(events, index).cycle - cycle) <= 2, `${at(events, index).cycle}, expected ${cycle}`);
      assert.equal(at(events, index).isPulsing, false);
    }
  });
}

test('a hob that alternates between two powers hides a fan no more than one that switches off', () => {
  const events = detect(hob({ from: -999, lowRatio: 0.4, periodFrames: 31 * CYCLE }), from(fanA, 333 * CYCLE));
  assert.deepEqual(
    events.map(({ kind, cycle }) => [kind, Math.abs(cycle - 333) <= 2]),
    [['on', true]],
  );
});
