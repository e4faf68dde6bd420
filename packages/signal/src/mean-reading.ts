import type { CycleReading } from './cycle-reading.ts';
import {
  BINS,
  CURRENT_IN_PHASE,
  distortionOf,
  HarmonicPhasors,
  PHASOR_COUNT,
  VOLTAGE_IN_PHASE,
} from './harmonic-phasors.ts';

/** A reading over several cycles. */
export type MeanReading = CycleReading & {
  readonly cycleCount: number;
  /** How many of them were locked; `locked` is true only when all were. */
  readonly lockedCycleCount: number;
};

/** Adds up readings one by one: nothing of them is kept. */
export type ReadingSum = {
  readonly count: () => number;
  add(reading: CycleReading): void;
  /** The mean of what was added, and begins anew. Throws RangeError when nothing was. */
  take(): MeanReading;
};

/**
 * Combines consecutive readings into one, weighted by their length.
 *
 * Rms values combine as root mean square (IEC 61000-4-30, aggregation), powers as mean, frequency as locked cycles over
 * their time, harmonics as root mean square with the phase of their vector mean, crest factors as the largest peak over
 * the combined rms; power factor and distortion follow from the combined values. What a reading does not know (NaN) is
 * left out of its mean; what none knows stays NaN. An rms that is NaN in one cycle stays NaN: its energy is unknown.
 * The power factor is NaN when it is NaN in every cycle (no load, no lock). Throws RangeError for an empty list.
 *
 * @example meanReading(tenCycles).currentA
 */
export function meanReading(readings: readonly CycleReading[]): MeanReading {
  const sum = createReadingSum();
  for (const reading of readings) sum.add(reading);
  return sum.take();
}

/** Creates an empty sum: `meanReading` says what its mean is. */
export function createReadingSum(): ReadingSum {
  const sums = emptySums();
  // Of each harmonic of voltage and current: squares of its rms, its phasor, and the length of the cycles that know it.
  const squares = new Float64Array(2 * BINS);
  const phasors = new Float64Array(PHASOR_COUNT);
  const lengths = new Float64Array(2 * BINS);

  const addHarmonics = (of: Float64Array, from: number, to: number, frames: number): void => {
    for (let h = 0; h < BINS; h++) {
      const inPhase = of[from + h] as number;
      const quadrature = of[from + BINS + h] as number;
      const square = inPhase * inPhase + quadrature * quadrature;
      if (square !== square) continue;
      squares[to + h] = (squares[to + h] as number) + square * frames;
      phasors[from + h] = (phasors[from + h] as number) + inPhase * frames;
      phasors[from + BINS + h] = (phasors[from + BINS + h] as number) + quadrature * frames;
      lengths[to + h] = (lengths[to + h] as number) + frames;
    }
  };

  const clear = (): void => {
    Object.assign(sums, emptySums());
    squares.fill(0);
    phasors.fill(0);
    lengths.fill(0);
  };

  return {
    count: () => sums.count,
    add(reading) {
      const { frameCount: frames } = reading;
      addTo(sums, reading);
      addHarmonics(reading.harmonicPhasors, VOLTAGE_IN_PHASE, 0, frames);
      addHarmonics(reading.harmonicPhasors, CURRENT_IN_PHASE, BINS, frames);
    },
    take() {
      if (sums.count === 0) throw new RangeError('meanReading: no reading; expected at least one');
      const mean = new MeanOfReadings(sums, meanPhasors(squares, phasors, lengths));
      clear();
      return mean;
    },
  };
}

/** Sums over readings; those of quantities are weighted with frames. */
type Sums = ReturnType<typeof emptySums>;

function emptySums() {
  return {
    count: 0,
    lockedCount: 0,
    startFrame: NaN,
    frames: 0,
    lockedFrames: 0,
    frequency: 0,
    voltageSquares: 0,
    currentSquares: 0,
    residualSquares: 0,
    hasResidual: true,
    active: 0,
    activeFrames: 0,
    reactive: 0,
    reactiveFrames: 0,
    hasCurrent: false,
    voltagePeak: -Infinity,
    currentPeak: -Infinity,
  };
}

function addTo(sums: Sums, reading: CycleReading): void {
  const { frameCount: frames, activePowerW, reactivePowerVar, residualCurrentMa } = reading;
  if (sums.count === 0) sums.startFrame = reading.startFrame;
  sums.count++;
  sums.frames += frames;
  if (reading.locked) {
    sums.lockedCount++;
    if (!Number.isNaN(reading.frequencyHz)) {
      sums.frequency += reading.frequencyHz * frames;
      sums.lockedFrames += frames;
    }
  }
  sums.voltageSquares += reading.voltageV * reading.voltageV * frames;
  sums.currentSquares += reading.currentA * reading.currentA * frames;
  if (residualCurrentMa === undefined) sums.hasResidual = false;
  else sums.residualSquares += residualCurrentMa * residualCurrentMa * frames;
  if (!Number.isNaN(activePowerW)) {
    sums.active += activePowerW * frames;
    sums.activeFrames += frames;
  }
  if (!Number.isNaN(reactivePowerVar)) {
    sums.reactive += reactivePowerVar * frames;
    sums.reactiveFrames += frames;
  }
  if (!Number.isNaN(reading.powerFactor)) sums.hasCurrent = true;
  const voltagePeak = reading.voltageCrestFactor * reading.voltageV;
  const currentPeak = reading.currentCrestFactor * reading.currentA;
  if (voltagePeak > sums.voltagePeak) sums.voltagePeak = voltagePeak;
  if (currentPeak > sums.currentPeak) sums.currentPeak = currentPeak;
}

/** Phasors with the rms of each harmonic and the phase of its vector mean. */
function meanPhasors(squares: Float64Array, phasors: Float64Array, lengths: Float64Array): Float64Array {
  const mean = new Float64Array(PHASOR_COUNT);
  for (const [from, at] of [
    [VOLTAGE_IN_PHASE, 0],
    [CURRENT_IN_PHASE, BINS],
  ] as const) {
    for (let h = 0; h < BINS; h++) {
      const frames = lengths[at + h] as number;
      const inPhase = phasors[from + h] as number;
      const quadrature = phasors[from + BINS + h] as number;
      const rms = Math.sqrt((squares[at + h] as number) / frames);
      const size = Math.sqrt(inPhase * inPhase + quadrature * quadrature);
      // Index 0 is a signed mean, not an rms. Phasors that cancel have no phase: 0, as good as any.
      mean[from + h] = h === 0 ? inPhase / frames : size > 0 ? (rms * inPhase) / size : rms;
      mean[from + BINS + h] = frames === 0 ? NaN : size > 0 ? (rms * quadrature) / size : 0;
    }
    mean[from + BINS] = Number.isNaN(mean[from]) ? NaN : 0;
  }
  return mean;
}

class MeanOfReadings extends HarmonicPhasors implements MeanReading {
  readonly startFrame: number;
  readonly frameCount: number;
  readonly locked: boolean;
  readonly cycleCount: number;
  readonly lockedCycleCount: number;
  readonly frequencyHz: number;
  readonly voltageV: number;
  readonly currentA: number;
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  readonly apparentPowerVa: number;
  readonly powerFactor: number;
  readonly displacementPowerFactor: number;
  readonly voltageThdPct: number;
  readonly currentThdPct: number;
  readonly voltageCrestFactor: number;
  readonly currentCrestFactor: number;
  declare readonly residualCurrentMa?: number;

  constructor(sums: Sums, phasors: Float64Array) {
    super(phasors);
    const inPhaseA = phasors[CURRENT_IN_PHASE + 1] as number;
    const quadratureA = phasors[CURRENT_IN_PHASE + BINS + 1] as number;
    this.startFrame = sums.startFrame;
    this.frameCount = sums.frames;
    this.locked = sums.lockedCount === sums.count;
    this.cycleCount = sums.count;
    this.lockedCycleCount = sums.lockedCount;
    // The mean of frequencies weighted by duration is cycles over time.
    this.frequencyHz = sums.frequency / sums.lockedFrames;
    this.voltageV = Math.sqrt(sums.voltageSquares / sums.frames);
    this.currentA = Math.sqrt(sums.currentSquares / sums.frames);
    this.activePowerW = sums.active / sums.activeFrames;
    this.reactivePowerVar = sums.reactive / sums.reactiveFrames;
    this.apparentPowerVa = this.voltageV * this.currentA;
    this.powerFactor = sums.hasCurrent ? this.activePowerW / this.apparentPowerVa : NaN;
    this.displacementPowerFactor = sums.hasCurrent ? inPhaseA / Math.hypot(inPhaseA, quadratureA) : NaN;
    this.voltageThdPct = distortionOf(phasors, VOLTAGE_IN_PHASE);
    this.currentThdPct = sums.hasCurrent ? distortionOf(phasors, CURRENT_IN_PHASE) : NaN;
    this.voltageCrestFactor = largest(sums.voltagePeak) / this.voltageV;
    this.currentCrestFactor = largest(sums.currentPeak) / this.currentA;
    if (sums.hasResidual) this.residualCurrentMa = Math.sqrt(sums.residualSquares / sums.frames);
  }
}

/** Of none it is not known. */
function largest(peak: number): number {
  return peak === -Infinity ? NaN : peak;
}
