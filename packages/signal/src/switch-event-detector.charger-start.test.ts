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
const STOP_S = 9;
const mains = { sampleRateHz: RATE_HZ, frames: 12 * RATE_HZ, frequencyHz: 50 };
const voltageV = synthesise({ ...mains, components: [{ order: 1, rms: 230 }] });
const noiseA = synthesise({ ...mains, components: [], noiseRms: 0.012, seed: 6 });
const backgroundA = synthesise({ ...mains, components: [{ order: 1, rms: 3, phaseRad: -0.3 }] });
/** The filter's capacitor and what the charger draws before it charges: 0.1 A ahead by a quarter, 12 W. */
const standbyA = synthesise({
  ...mains,
  components: [
    { order: 1, rms: 0.1, phaseRad: Math.PI / 2 },
    { order: 1, rms: 12 / 230 },
  ],
});
const resistorA = synthesise({ ...mains, components: [{ order: 1, rms: 1 }] });

/** A rectifier with capacitor draws a cosine of this width around each peak of the voltage. */
const PULSE_RAD = 1.2;
const PULSE_A = 5;
const rectifierA = voltageV.map((_, n) => {
  // From the nearest peak, positive or negative.
  const phaseRad = 2 * Math.PI * (((n * 50) / RATE_HZ) % 1);
  const awayRad = ((phaseRad + Math.PI) % Math.PI) - Math.PI / 2;
  const sign = phaseRad < Math.PI ? 1 : -1;
  return Math.abs(awayRad) < PULSE_RAD / 2 ? sign * PULSE_A * Math.cos((Math.PI / PULSE_RAD) * awayRad) : 0;
});
/** Its power: the integral of the cosine pulse times the voltage's cosine over one pulse, twice per period. */
const ratio = Math.PI / PULSE_RAD;
const rectifierW =
  230 * Math.SQRT2 * PULSE_A * (1 / Math.PI) * ((2 * ratio * Math.cos(PULSE_RAD / 2)) / (ratio * ratio - 1));
const wholeW = rectifierW + 12;

function detect(currentA: Float64Array): SwitchEvent[] {
  const events: SwitchEvent[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: RATE_HZ, mainsHz: 50 });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
  const push = (reading: CycleReading, samples: CycleSamples): void => {
    detector.push(reading, samples, (event) => void events.push(event));
  };
  analyser.push({ voltageV, currentA }, push);
  analyser.flush(push);
  detector.flush((event) => void events.push(event));
  return events;
}

type Start = {
  readonly rampS: number;
  /** From the plug to the ramp. */
  readonly delayS?: number;
  /** Times the pulse of full power, decaying within 8 ms: the capacitor that fills. */
  readonly inrush?: number;
  readonly background?: number;
};

const charger = ({ rampS, delayS = 0, inrush = 0, background = 0 }: Start): Float64Array =>
  noiseA.map((noise, n) => {
    const seconds = n / RATE_HZ - START_S;
    const others = noise + background * at(backgroundA, n);
    if (seconds < 0 || seconds >= STOP_S - START_S) return others;
    const ramp = Math.min(1, Math.max(0, (seconds - delayS) / rampS));
    return others + at(standbyA, n) + (ramp + inrush * Math.exp(-seconds / 0.008)) * at(rectifierA, n);
  });

for (const rampS of [0.5, 1, 1.3, 2, 2.5]) {
  for (const inrush of [0, 5]) {
    for (const background of [0, 1]) {
      const name = `a charger plugged in with ${inrush} times its current, rising over ${rampS} s beside ${3 * background} A`;
      test(`${name}, is told once, and once when it stops`, () => {
        const [on, off, ...others] = detect(charger({ rampS, inrush, background }));
        assert.deepEqual(others, []);
        assert.equal(on?.kind, 'on');
        assert.ok(Math.abs(on.deltaActivePowerW / wholeW - 1) < 0.05, `${on.deltaActivePowerW} of ${wholeW} W`);
        assert.ok(Math.abs(on.cycle - 50 * START_S) <= 6, `cycle ${on.cycle}`);
        assert.equal(on.settled, true);
        assert.ok(on.settledCycle <= 50 * (START_S + rampS) + 12, `settled at ${on.settledCycle}`);
        assert.ok(on.decidedCycle <= 50 * (START_S + rampS) + 60, `told at ${on.decidedCycle}`);
        assert.equal(off?.kind, 'off');
        assert.ok(Math.abs(off.deltaActivePowerW / wholeW + 1) < 0.05, `${off.deltaActivePowerW} of ${wholeW} W`);
        assert.ok(Math.abs(off.cycle - 50 * STOP_S) <= 2, `cycle ${off.cycle}`);
      });
    }
  }
}

for (const delayS of [0.2, 0.4, 0.6]) {
  test(`a standby of ${delayS} s before the ramp is part of the start`, () => {
    const [on, off, ...others] = detect(charger({ rampS: 1.3, delayS }));
    assert.deepEqual(others, []);
    assert.deepEqual([on?.kind, off?.kind], ['on', 'off']);
    assert.ok(Math.abs((on?.deltaActivePowerW ?? 0) / wholeW - 1) < 0.05, `${on?.deltaActivePowerW} of ${wholeW} W`);
  });
}

/** Steps of a resistor: [instant, share of 230 W]. */
const steps = (list: readonly (readonly [number, number])[]): Float64Array =>
  noiseA.map((noise, n) =>
    list.reduce((sum, [atS, share]) => (n / RATE_HZ >= atS ? sum + share * at(resistorA, n) : sum), noise),
  );

for (const gapS of [0.16, 0.3, 0.5, 0.7]) {
  test(`three lamps ${gapS} s apart are three events, not one start`, () => {
    const events = detect(
      steps([
        [4, 1],
        [4 + gapS, 1],
        [4 + 2 * gapS, 1],
      ]),
    );
    assert.deepEqual(
      events.map(({ kind, deltaActivePowerW }) => `${kind} ${Math.round(deltaActivePowerW / 10)}`),
      ['on 23', 'on 23', 'on 23'],
    );
  });

  test(`a kettle ${gapS} s after a lamp is a second event`, () => {
    const events = detect(
      steps([
        [4, 0.3],
        [4 + gapS, 8],
      ]),
    );
    assert.deepEqual(
      events.map(({ kind, deltaActivePowerW }) => `${kind} ${Math.round(deltaActivePowerW / 10)}`),
      ['on 7', 'on 184'],
    );
  });
}
