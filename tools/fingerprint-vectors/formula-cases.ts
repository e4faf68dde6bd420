import { createRandom, type Random, type SwitchedStates } from '../../packages/fingerprint/src/index.ts';
import type { FormulaHarmonic, VectorCase, WaveFormula } from './vector-case.ts';
import { isRobust } from './vector-of.ts';

const POINTS = 128;
/** Highest harmonic a case holds: above 15 it must leave no trace in a fingerprint. */
const HIGHEST = 31;

type Spectrum = (random: Random, voltage: readonly FormulaHarmonic[]) => FormulaHarmonic[];

/** The load's own current as harmonics in closed form; its fundamental is given against the voltage formula's θ. */
const spectra: Readonly<Record<string, Spectrum>> = {
  resistor: (random, voltage) => {
    const ohm = 20 + 2000 * random() ** 2;
    return voltage.map(([order, rms, phase]) => [order, rms / ohm, phase]);
  },
  'series RL': (random, voltage) => {
    const [ohm, reactanceOhm] = [10 + 200 * random(), 10 + 400 * random()];
    return voltage.map(([order, rms, phase]) => {
      const x = order * reactanceOhm;
      return [order, rms / Math.hypot(ohm, x), phase - Math.atan2(x, ohm)];
    });
  },
  'series RC': (random, voltage) => {
    const [ohm, reactanceOhm] = [5 + 50 * random(), 300 + 2000 * random()];
    return voltage.map(([order, rms, phase]) => {
      const x = reactanceOhm / order;
      return [order, rms / Math.hypot(ohm, x), phase + Math.atan2(x, ohm)];
    });
  },
  'pulse at the crest': (random) => {
    // A train of Gaussian pulses of alternating sign around `centre`: odd harmonics exp(-(hσ)²/2), all in phase there.
    const [sigma, centre, fundamentalA] = [0.12 + 0.3 * random(), 1.1 + 0.6 * random(), 0.05 + 3 * random()];
    return odd().map((order) => [
      order,
      fundamentalA * Math.exp((-(order ** 2 - 1) * sigma ** 2) / 2),
      Math.PI / 2 - order * centre,
    ]);
  },
  'phase cut': (random) => {
    // Resistor behind a triac that fires at `alpha` of each half-wave: Fourier integrals of sin over [alpha, π].
    const [alpha, peakA] = [0.5 + 1.6 * random(), 0.5 + 6 * random()];
    return odd().map((order) => {
      const [a, b] = cutSine(order, alpha);
      return [order, (peakA * Math.hypot(a, b)) / Math.SQRT2, Math.atan2(b, a)];
    });
  },
  'half-wave rectifier': (random) => {
    // Half of the fundamental, and even harmonics 2/(π(h²−1)), of a sine of this peak.
    const peakA = 1 + 5 * random();
    const even = Array.from({ length: 7 }, (_, index): FormulaHarmonic => {
      const order = 2 * (index + 1);
      return [order, (peakA * 2) / (Math.PI * (order ** 2 - 1)) / Math.SQRT2, -Math.PI / 2];
    });
    return [[1, peakA / 2 / Math.SQRT2, 0], ...even];
  },
  'any harmonics': (random) =>
    Array.from({ length: HIGHEST }, (_, index): FormulaHarmonic => {
      const order = index + 1;
      const rms = order === 1 ? 2 : (order % 2 === 0 ? 0.1 : 1.2) * (random() / order);
      return [order, rms * (0.2 + random()), 2 * Math.PI * random() - Math.PI];
    }),
  'reactance with harmonics': (random) => [
    [1, 0.3 + random(), (random() < 0.5 ? -1 : 1) * (1.2 + 0.35 * random())],
    [3, 0.2 * random(), 2 * Math.PI * random()],
    [5, 0.1 * random(), 2 * Math.PI * random()],
  ],
};

/** Switchings whose waves are sums of sines. Same arguments, same cases. */
export function formulaCases(seed: number, count: number): VectorCase[] {
  const names = Object.keys(spectra);
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const name = names[index % names.length] as string;
    for (;;) {
      const formula = drawn(name, random);
      const states = statesOf(formula, index, random);
      if (isRobust(states)) return { id: `formula-${String(index + 1).padStart(2, '0')}`, made: formula, states };
    }
  });
}

function drawn(name: string, random: Random): WaveFormula {
  const fundamental: FormulaHarmonic = [1, 198 + 46 * random(), 0];
  const distortion = [3, 5, 7].map((order): FormulaHarmonic => [order, 5 * random(), 2 * Math.PI * random()]);
  const voltage = random() < 0.25 ? [fundamental] : [fundamental, ...distortion];
  const background: FormulaHarmonic[] =
    random() < 0.3 ? [] : [1, 2, 3, 5, 9, 21].map((order) => [order, (2 * random()) / order, 6.2 * random()]);
  const load = (spectra[name] as Spectrum)(random, voltage);
  return {
    kind: 'formula',
    name,
    voltage: voltage.map(shortened),
    afterVoltageRatio: short(1 - 0.02 * random()),
    background: background.map(shortened),
    load: load.map(shortened),
    meanA: short(name === 'half-wave rectifier' ? 0.2 : 0.01 * random()),
    beforeTurnRad: short(0.4 * (random() - 0.5)),
    afterTurnRad: short(0.4 * (random() - 0.5)),
  };
}

/** Every sixth is an off event; every third gives the difference itself, every fourth its error, every fifth the way. */
function statesOf(formula: WaveFormula, index: number, random: Random): SwitchedStates {
  const { voltage, background, load, meanA, beforeTurnRad, afterTurnRad, afterVoltageRatio } = formula;
  const kind = index % 6 === 5 ? 'off' : 'on';
  const [onBefore, onAfter] = kind === 'on' ? [0, 1] : [1, 0];
  const current = (turn: number, isOn: number): Float64Array =>
    waveOf(
      [[...background], load.map(([h, rms, p]): FormulaHarmonic => [h, isOn * rms, p])].flat(),
      turn,
      isOn * meanA,
    );
  const before = current(beforeTurnRad, onBefore);
  const after = current(afterTurnRad, onAfter);
  const sign = kind === 'on' ? 1 : -1;
  const meanTurn = (beforeTurnRad + afterTurnRad) / 2;
  const settledCycle = Math.round(3 + 40 * random());
  return {
    kind,
    before: { cycleCount: 10, voltageV: waveOf(voltage, beforeTurnRad), currentA: before },
    after: {
      cycleCount: 4 + (index % 9),
      voltageV: waveOf(voltage, afterTurnRad).map((value) => afterVoltageRatio * value),
      currentA: after,
    },
    ...(index % 3 === 0 && { differenceCurrentA: waveOf(load, meanTurn).map((value) => sign * value) }),
    ...(index % 4 === 0 && { differenceErrorA: new Float64Array(POINTS).fill(0.001 + 0.004 * random()) }),
    ...(index % 5 === 0 && {
      transient: { inrushRatio: 1 + 8 * random(), peakRatio: 1 + 12 * random(), decayCycles: 20 * random() },
      cycle: 0,
      settledCycle,
    }),
  };
}

function waveOf(harmonics: readonly FormulaHarmonic[], turnRad: number, mean = 0): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, point) => {
    const angle = (2 * Math.PI * point) / POINTS + turnRad;
    return harmonics.reduce((sum, [h, rms, phase]) => sum + Math.SQRT2 * rms * Math.sin(h * angle + phase), mean);
  });
}

/** Sine and cosine coefficient of harmonic h of sin θ on [α, π], half-wave symmetric: (2/π)∫ sin θ·sin hθ, ·cos hθ. */
function cutSine(h: number, alpha: number): [number, number] {
  if (h === 1) {
    return [(Math.PI - alpha + Math.sin(2 * alpha) / 2) / Math.PI, (Math.cos(2 * alpha) - 1) / (2 * Math.PI)];
  }
  const a = (Math.sin((h + 1) * alpha) / (h + 1) - Math.sin((h - 1) * alpha) / (h - 1)) / Math.PI;
  const b = ((Math.cos((h + 1) * alpha) - 1) / (h + 1) - (Math.cos((h - 1) * alpha) - 1) / (h - 1)) / Math.PI;
  return [a, b];
}

function odd(): number[] {
  return Array.from({ length: (HIGHEST + 1) / 2 }, (_, index) => 2 * index + 1);
}

function shortened([order, rms, phase]: FormulaHarmonic): FormulaHarmonic {
  return [order, short(rms), short(phase)];
}

/** What stands in the file is what the waves were made of. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
