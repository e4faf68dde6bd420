import type { AngleTurn, LoadPhysics } from '../../load/load-spec.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Stage } from '../stage.ts';
import { addBackground, addSteady, logUniform } from './background.ts';
import type { NuisanceClass } from './nuisance-class.ts';

/** Loads that disturb by running: they are on from the start, and at each event something about them moves. */
function running(
  about: Omit<NuisanceClass, 'build'>,
  physicsOf: (stage: Stage, eventsMs: readonly number[]) => LoadPhysics,
): NuisanceClass {
  return {
    ...about,
    build(stage, eventsMs) {
      addBackground(stage);
      addSteady(stage, 'running', physicsOf(stage, eventsMs));
    },
  };
}

/** A knob or trigger that moves at each event, to and fro. */
function turnsAt(eventsMs: readonly number[], random: RandomStream, lowDeg: number, highDeg: number): AngleTurn[] {
  let endMs = 0;
  return eventsMs.map((eventMs) => {
    const atMs = Math.max(eventMs, endMs);
    const withinMs = logUniform(random, 15, 350);
    endMs = atMs + withinMs;
    return { atMs, withinMs, toDeg: random.between(lowDeg, highDeg) };
  });
}

export const runningClasses: readonly NuisanceClass[] = [
  running(
    {
      id: 'dimmerTurning',
      title: 'a dimmer is turned',
      varies: 'power 60 … 1000 W, leading or trailing edge, from and to 10 … 160°, within 15 … 350 ms, background',
      afterMs: 500,
      settlingMs: 60,
    },
    ({ random }, eventsMs) => ({
      kind: 'dimmer',
      powerW: logUniform(random, 60, 1000),
      firingAngleDeg: random.between(10, 160),
      edge: random.between(0, 1) < 0.3 ? 'trailing' : 'leading',
      turns: turnsAt(eventsMs, random, 10, 160),
    }),
  ),
  running(
    {
      id: 'brushWear',
      title: 'a universal motor runs on new or worn brushes',
      varies:
        'power 150 … 2000 W, brush noise 0.05 … 0.5, commutation 3 … 15 kHz, saturation, speed control in three of ten',
      afterMs: 400,
      settlingMs: 120,
    },
    ({ random }) => ({
      kind: 'universalMotor',
      powerW: logUniform(random, 150, 2000),
      powerFactor: random.between(0.85, 0.99),
      saturation: random.between(0, 2),
      brushNoiseRatio: logUniform(random, 0.05, 0.5),
      commutationHz: logUniform(random, 3000, 15_000),
      ...(random.between(0, 1) < 0.3 ? { firingAngleDeg: random.between(20, 120) } : {}),
    }),
  ),
  running(
    {
      id: 'drillTrigger',
      title: 'the trigger of a hand drill moves',
      varies: 'power 300 … 1200 W, brush noise 0.05 … 0.5, firing angle from and to 0 … 140° within 15 … 350 ms',
      afterMs: 500,
      settlingMs: 120,
    },
    ({ random }, eventsMs) => ({
      kind: 'universalMotor',
      powerW: logUniform(random, 300, 1200),
      brushNoiseRatio: logUniform(random, 0.05, 0.5),
      firingAngleDeg: random.between(5, 140),
      turns: turnsAt(eventsMs, random, 0, 140),
    }),
  ),
  running(
    {
      id: 'hobPulsing',
      title: 'an induction hob pulses',
      varies: 'power 600 … 2100 W, period 200 … 400 ms, duty 0.2 … 0.8, cusp, ramp 5 … 60 ms, ripple of the inverter',
      afterMs: 500,
      settlingMs: 60,
    },
    ({ random }) => ({
      kind: 'inductionHob',
      powerW: logUniform(random, 600, 2100),
      pulse: { periodMs: random.between(200, 400), dutyRatio: random.between(0.2, 0.8) },
      cuspV: random.between(5, 40),
      rampMs: random.between(5, 60),
      probeMs: 0,
    }),
  ),
  running(
    {
      id: 'microwaveCycling',
      title: 'a microwave oven switches its magnetron',
      varies: 'power 700 … 1600 W, magnetising current and its saturation (inrush), threshold, instant on the wave',
      afterMs: 500,
      settlingMs: 60,
    },
    ({ random }) => ({
      kind: 'microwave',
      powerW: logUniform(random, 700, 1600),
      warmUpMs: random.between(0, 300),
      magnetisingRatio: random.between(0.1, 0.4),
      saturation: random.between(0.2, 1),
      thresholdRatio: random.between(1.2, 1.5),
      duty: { onMs: random.between(100, 300), offMs: random.between(100, 250) },
    }),
  ),
  {
    id: 'inverterRamp',
    title: 'an inverter air conditioner ramps up',
    varies: 'power 400 … 2500 W, start share, ramp 200 … 3000 ms, ripple, cusp, rest of the switching frequency',
    afterMs: 600,
    settlingMs: 60,
    build(stage, eventsMs) {
      addBackground(stage);
      const { random } = stage;
      const load = stage.load({
        id: 'inverter',
        kind: 'pfcSupply',
        powerW: logUniform(random, 400, 2500),
        cuspV: random.between(5, 50),
        rippleRatio: random.between(0.02, 0.15),
        rampFromRatio: random.between(0, 0.3),
        startDelayMs: random.between(0, 60),
        softStartMs: logUniform(random, 200, 3000),
        noiseRatio: random.between(0.005, 0.05),
      });
      stage.wire(load.element);
      for (const [index, eventMs] of eventsMs.entries()) {
        if (index % 2 === 0) stage.switchOnAt(load, eventMs);
        else stage.switchOffAt(load, eventMs);
      }
    },
  },
];
