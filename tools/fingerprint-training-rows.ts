import {
  differenceAround,
  featureVector,
  fingerprintOf,
  type CycleWaves,
  type LoadFamily,
  type SwitchedStates,
  type SwitchingWay,
  type TrainingRow,
} from '../packages/fingerprint/src/index.ts';
import { phasorsOf, shifted, waveOf } from '../packages/fingerprint/src/phasors.ts';
import {
  loadTypes,
  RandomStream,
  renderSwitching,
  sampleLoad,
  sampleSupply,
  type LoadTypeName,
} from '../packages/city/src/index.ts';
import { createCycleAnalyser } from '../packages/signal/src/index.ts';

/** How many events are made, and from which seed. */
export type TrainingRowsRequest = {
  readonly seed: number;
  readonly devicesPerType: number;
  /** Renderings per device; each gives a switch-on and a switch-off. */
  readonly rendersPerDevice: number;
  readonly types?: readonly LoadTypeName[];
};

const SAMPLE_RATE_HZ = 6400;
const ON_AT_MS = 500;
const OFF_AT_MS = 3400;
const DURATION_MS = 3900;
/** One rendering in three finds the load on long since (warm, at full power) and sees only its end. */
const SETTLED_EVERY = 3;
const SETTLED_OFF_AT_MS = 600;
const SETTLED_DURATION_MS = 1100;
/** Cycles from the switching to the state that counts: a microwave oven still warms up at the first, not at the last. */
const SETTLING_CYCLES = [8, 20, 45, 110] as const;
/** Rows noisier than this teach the noise. */
const MOST_NOISE = 0.25;

/**
 * Switchings of simulated devices as rows to learn from: every device at several supply voltages, with up to three
 * other loads running, on and off. Rows of one device form a group. Same request, same rows.
 */
export function fingerprintTrainingRows(
  request: TrainingRowsRequest,
  onProgress: (line: string) => void = () => undefined,
): TrainingRow[] {
  const rows: TrainingRow[] = [];
  const chosen = loadTypes.filter(({ type }) => request.types?.includes(type) ?? true);
  for (const { type, family } of chosen) {
    const before = rows.length;
    for (let device = 0; device < request.devicesPerType; device++) {
      const group = `${type}/${device}`;
      for (let render = 0; render < request.rendersPerDevice; render++) {
        for (const vector of deviceVectors(request.seed, { type, family }, group, render)) {
          rows.push({ vector, type, family, group });
        }
      }
    }
    onProgress(`${type}: ${rows.length - before} rows`);
  }
  return rows;
}

/** The switch-ons and the switch-off of one rendering. */
function deviceVectors(
  seed: number,
  { type, family }: { readonly type: LoadTypeName; readonly family: LoadFamily },
  group: string,
  render: number,
): Float64Array[] {
  const target = { ...sampleLoad(type, new RandomStream(seed, `${group}/load`)), id: 'target' };
  const feeder = deviceSupply(new RandomStream(seed, `${group}/supply`));
  const random = new RandomStream(seed, `${group}/${render}`);
  // One feeder per device: its distortion stays, its voltage moves with the hour.
  const supply = { ...feeder, nominalV: Math.min(244, Math.max(196, feeder.nominalV * random.between(0.96, 1.04))) };
  const background = Array.from({ length: backgroundCount(random) }, (_, index) => {
    const other = loadTypes[Math.floor(random.between(0, loadTypes.length))]?.type ?? 'kettle';
    return { ...sampleLoad(other, random), id: `background${index}` };
  });
  const isSettled = render % SETTLED_EVERY === SETTLED_EVERY - 1;
  const offAtMs = isSettled ? SETTLED_OFF_AT_MS : OFF_AT_MS;
  const wave = renderSwitching({
    target,
    background,
    supply,
    seed: seed + 7919 * render + hash(group),
    sampleRateHz: SAMPLE_RATE_HZ,
    durationMs: isSettled ? SETTLED_DURATION_MS : DURATION_MS,
    ...(isSettled ? {} : { onAtMs: ON_AT_MS + random.between(0, 20) }),
    offAtMs: offAtMs + random.between(0, 20),
  });
  const cycles = cyclesOf(wave);
  const flaw = terminalFlaw(new RandomStream(seed, `${group}/terminal`), family);
  const onCycle = Math.floor((ON_AT_MS / 1000) * wave.mainsHz) - 1;
  const offCycle = Math.floor((offAtMs / 1000) * wave.mainsHz) - 1;
  const settling = SETTLING_CYCLES[render % SETTLING_CYCLES.length] ?? 20;
  const states = [...(isSettled ? [] : [statesOn(cycles, onCycle, settling)]), statesOff(cycles, offCycle)];
  return states.map((one) => usable(flawed(one, flaw))).filter((vector) => vector !== undefined);
}

/** A feeder of the population, or one up to the 5 % of distortion that GB/T 14549 allows. */
function deviceSupply(random: RandomStream): ReturnType<typeof sampleSupply> {
  const feeder = sampleSupply(random);
  const factor = 1.8 ** random.between(-0.6, 1);
  return { ...feeder, harmonics: feeder.harmonics.map((one) => ({ ...one, ratio: factor * one.ratio })) };
}

/** What a measuring chain and a real device add to the simulated current of one device. */
type Flaw = {
  /** Phase error of the current transformer. */
  readonly phaseRad: number;
  /** Harmonics the load's model leaves out and errors of the converter, with phase. */
  readonly harmonics: readonly FlawHarmonic[];
};

type FlawHarmonic = {
  readonly order: number;
  /** Of the fundamental. */
  readonly share: number;
  readonly peakA: number;
  readonly phaseRad: number;
};

/** Phase error of a compensated current transformer, standard deviation; split-core ones that nobody compensated: any within. */
const PHASE_ERROR_DEG = 1.5;
const WILD_PHASE_ERROR_DEG = 8;
const WILD_SHARE = 0.15;
/** Peak of the converter's own harmonics, standard deviation; a coarse one. */
const CONVERTER_PEAK_A = 0.0015;
const COARSE_PEAK_A = 0.008;
const COARSE_SHARE = 0.2;
/** Share of the fundamental, standard deviation, of what a model of a load leaves out. */
const LEFT_OUT = [
  { order: 2, share: 0.004 },
  { order: 3, share: 0.012 },
  { order: 5, share: 0.008 },
  { order: 7, share: 0.004 },
  { order: 9, share: 0.002 },
  { order: 11, share: 0.002 },
] as const;

/** A heater is what its model says, but for the swing of its temperature within a cycle. */
const LEFT_OUT_OF_RESISTANCE = 0.3;

function terminalFlaw(random: RandomStream, family: LoadFamily): Flaw {
  const isWild = random.between(0, 1) < WILD_SHARE;
  const phaseDeg = isWild
    ? random.between(-WILD_PHASE_ERROR_DEG, WILD_PHASE_ERROR_DEG)
    : PHASE_ERROR_DEG * Math.max(-3, Math.min(3, random.normal()));
  const peakA = random.between(0, 1) < COARSE_SHARE ? COARSE_PEAK_A : CONVERTER_PEAK_A;
  const harmonics = LEFT_OUT.map(({ order, share }) => ({
    order,
    share: share * (family === 'resistive' ? LEFT_OUT_OF_RESISTANCE : 1) * Math.abs(random.normal()),
    peakA: peakA * Math.abs(random.normal()),
    phaseRad: random.between(-Math.PI, Math.PI),
  }));
  return { phaseRad: (phaseDeg * Math.PI) / 180, harmonics };
}

function flawed(states: SwitchedStates, flaw: Flaw): SwitchedStates {
  const { before, after, differenceCurrentA = after.currentA } = states;
  const points = differenceCurrentA.length;
  const own = phasorsOf(differenceCurrentA, HIGHEST);
  const fundamental = Math.hypot(own.re[1] ?? 0, own.im[1] ?? 0);
  for (const { order, share, peakA, phaseRad } of flaw.harmonics) {
    const addedA = share * fundamental + peakA;
    own.re[order] = (own.re[order] ?? 0) + addedA * Math.cos(phaseRad);
    own.im[order] = (own.im[order] ?? 0) + addedA * Math.sin(phaseRad);
  }
  return {
    ...states,
    before: { ...before, voltageV: turned(before.voltageV, flaw.phaseRad) },
    after: { ...after, voltageV: turned(after.voltageV, flaw.phaseRad) },
    differenceCurrentA: waveOf(own, points),
  };
}

const HIGHEST = 40;

function turned(wave: Float64Array, angleRad: number): Float64Array {
  return waveOf(shifted(phasorsOf(wave, HIGHEST), angleRad), wave.length);
}

function backgroundCount(random: RandomStream): number {
  const draw = random.between(0, 1);
  return draw < 0.4 ? 0 : draw < 0.65 ? 1 : draw < 0.85 ? 2 : 3;
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (31 * value + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}

function cyclesOf(wave: { readonly voltageV: Float64Array; readonly currentA: Float64Array }): CycleWaves[] {
  const cycles: CycleWaves[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50 });
  const keep: Parameters<typeof analyser.push>[1] = (reading, { voltageV, currentA }) => {
    // Cycles that are not locked stay in the count, or the switchings would move.
    cycles.push({ voltageV: voltageV.slice(), currentA: reading.locked ? currentA.slice() : currentA.map(() => NaN) });
  };
  analyser.push(wave, keep);
  analyser.flush(keep);
  return cycles;
}

const WINDOW = 10;
/** Cycles around the nominal instant that may hold the switching. */
const UNSURE = 3;

function statesOn(cycles: readonly CycleWaves[], onCycle: number, settling: number): SwitchedStates {
  const before = cycles.slice(onCycle - WINDOW, onCycle);
  const start = onCycle + UNSURE + settling;
  const after = cycles.slice(start, start + WINDOW);
  const states = differenceAround([...before, ...after], before.length);
  const way = cycles.slice(onCycle, start + WINDOW);
  return { ...states, ...wayOf(before, way, after), cycle: 0 };
}

function statesOff(cycles: readonly CycleWaves[], offCycle: number): SwitchedStates {
  const before = cycles.slice(offCycle - WINDOW, offCycle);
  const after = cycles.slice(offCycle + UNSURE + 2, offCycle + UNSURE + 2 + WINDOW);
  return differenceAround([...before, ...after], before.length);
}

function usable(states: SwitchedStates): Float64Array | undefined {
  const fingerprint = fingerprintOf(states);
  if (fingerprint.kind !== 'fingerprint' || (fingerprint.noiseRatio ?? 0) > MOST_NOISE) return undefined;
  return featureVector(fingerprint);
}

/** Inrush as the switch-event detector measures it: rms and peak of each cycle less the old state, over the settled. */
function wayOf(
  before: readonly CycleWaves[],
  way: readonly CycleWaves[],
  after: readonly CycleWaves[],
): { transient: SwitchingWay; settledCycle: number } {
  const old = meanCurrent(before);
  const excess = (cycle: CycleWaves): Float64Array =>
    cycle.currentA.map((value, point) => value - (old[point] as number));
  const settled = meanCurrent(after).map((value, point) => value - (old[point] as number));
  const [settledRms, settledPeak] = [rms(settled), peak(settled)];
  const rmsRatios = way.map((cycle) => rms(excess(cycle)) / settledRms);
  const peakRatio = Math.max(1, ...way.map((cycle) => peak(excess(cycle)) / settledPeak));
  const unsettled = rmsRatios.findLastIndex((ratio) => Math.abs(ratio - 1) > 0.1);
  return {
    transient: { inrushRatio: Math.max(1, ...rmsRatios), peakRatio, decayCycles: NaN },
    settledCycle: Math.max(1, unsettled + 1),
  };
}

function meanCurrent(cycles: readonly CycleWaves[]): Float64Array {
  const mean = new Float64Array(cycles[0]?.currentA.length ?? 0);
  for (const { currentA } of cycles)
    currentA.forEach((value, point) => (mean[point] = (mean[point] ?? 0) + value / cycles.length));
  return mean;
}

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function peak(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
