import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../test/analyse.ts';
import { synthesise } from '../test/synthesise.ts';
import { createCycleAnalyser } from './cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createSwitchEventDetector } from './switch-event-detector.ts';
import type { SwitchEvent } from './switching/switch-event.ts';

const RATE_HZ = 6400;
const START_S = 4;
const mains = { sampleRateHz: RATE_HZ, frames: 18 * RATE_HZ, frequencyHz: 50 };
const voltageV = synthesise({ ...mains, components: [{ order: 1, rms: 230 }] });
const noiseA = synthesise({ ...mains, components: [], noiseRms: 0.012, seed: 4 });
const backgroundA = synthesise({ ...mains, components: [{ order: 1, rms: 3, phaseRad: -0.3 }] });
/** A charger: 408 W with a little third harmonic. */
const chargerA = synthesise({
  ...mains,
  components: [
    { order: 1, rms: 408 / 230 },
    { order: 3, rms: 0.2, phaseRad: 1 },
  ],
});

/** Share of the charger that is on at a time. */
type Course = (seconds: number) => number;
const rising =
  (rampS: number): Course =>
  (seconds) =>
    Math.min(1, Math.max(0, (seconds - START_S) / rampS));

function detect(course: Course, backgroundShare: number, mainsV: Float64Array = voltageV): SwitchEvent[] {
  const events: SwitchEvent[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: RATE_HZ, mainsHz: 50 });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
  const push = (reading: CycleReading, samples: CycleSamples): void => {
    detector.push(reading, samples, (event) => void events.push(event));
  };
  const currentA = noiseA.map(
    (noise, n) => noise + backgroundShare * at(backgroundA, n) + course(n / RATE_HZ) * at(chargerA, n),
  );
  analyser.push({ voltageV: mainsV, currentA }, push);
  analyser.flush(push);
  detector.flush((event) => void events.push(event));
  return events;
}

for (const rampS of [0.5, 0.9, 1.3, 1.8, 2.5]) {
  for (const background of [0, 1]) {
    test(`a charger that starts over ${rampS} s beside ${3 * background} A is one event with its whole power`, () => {
      const [event, ...others] = detect(rising(rampS), background);
      assert.deepEqual(others, []);
      assert.equal(event?.kind, 'on');
      assert.ok(Math.abs(event.deltaActivePowerW - 408) < 6, `${event.deltaActivePowerW} W`);
      // The onset, as far as it stands out of the noise: a tenth of the ramp at most.
      assert.ok(event.cycle >= 199 && event.cycle <= 202 + 5 * rampS, `cycle ${event.cycle}`);
      assert.equal(event.settled, true);
      assert.ok(event.settledCycle <= 200 + 50 * rampS + 12, `settled at ${event.settledCycle}`);
      assert.ok(event.transient.inrushRatio < 1.03);
      // What the ramp has reached in the middle of its eleventh cycle, of closed form.
      const reachedA = (0.21 / rampS) * Math.hypot(408 / 230, 0.2);
      assert.ok(Math.abs(at(event.transient.rmsA, 200 + 10 - event.cycle) - reachedA) < 0.04);
      if (rampS > 0.5) {
        assert.ok(Math.abs(event.transient.rampCycles - 50 * rampS) <= 15, `ramp ${event.transient.rampCycles}`);
      }
    });
  }

  test(`a charger that stops over ${rampS} s is one event`, () => {
    const [event, ...others] = detect((seconds) => 1 - rising(rampS)(seconds), 1);
    assert.deepEqual(others, []);
    assert.equal(event?.kind, 'off');
    assert.ok(Math.abs(event.deltaActivePowerW + 408) < 6, `${event.deltaActivePowerW} W`);
  });
}

test('a step has no ramp', () => {
  const [event] = detect(rising(0.001), 1);
  assert.equal(event?.transient.rampCycles, 0);
});

test('a current that drifts for 4, 6 or 10 s is no event', () => {
  for (const rampS of [4, 6, 10]) {
    for (const background of [0, 1]) assert.deepEqual(detect(rising(rampS), background), [], `${rampS} s`);
  }
});

test('a load that swings to and fro within seconds is no event', () => {
  assert.deepEqual(
    detect((seconds) => 0.5 - 0.5 * Math.cos((2 * Math.PI * seconds) / 3), 1),
    [],
  );
});

test('a supply that sinks by 3 % within two seconds starts nothing', () => {
  const sink = (seconds: number): number => 1 - 0.03 * rising(2)(seconds);
  const sunkV = voltageV.map((value, n) => value * sink(n / RATE_HZ));
  // A resistor of 20 A answers with 0.6 A, 138 W.
  const currentA = sunkV.map((value, n) => (20 / 230) * value + at(noiseA, n));
  const events: SwitchEvent[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: RATE_HZ, mainsHz: 50 });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
  const push = (reading: CycleReading, samples: CycleSamples): void => {
    detector.push(reading, samples, (event) => void events.push(event));
  };
  analyser.push({ voltageV: sunkV, currentA }, push);
  assert.deepEqual(events, []);
});
