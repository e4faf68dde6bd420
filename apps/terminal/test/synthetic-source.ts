import type { SampleSource, SourceBlock, SourceCircuit } from '../src/source/sample-source.ts';

/** Closed-form signal: 230 V rms of 50 Hz at 6400 Hz; rms current, residual current and temperature by time. */
export type SyntheticSignal = {
  readonly durationMs: number;
  readonly sampleRateHz?: number;
  readonly blockFrames?: number;
  readonly circuits: readonly {
    readonly ratedA?: number;
    /** Rms of the current at that time, in phase with the voltage. */
    readonly currentA: (ms: number) => number;
    readonly residualCurrentMa?: (ms: number) => number;
  }[];
  readonly temperaturesC?: readonly ((ms: number) => number)[];
};

export const VOLTAGE_V = 230;

/** Value of the sample itself: sqrt(2)·rms·sin(2π·50·t). */
export function sineAt(rms: number, ms: number): number {
  return Math.SQRT2 * rms * Math.sin((2 * Math.PI * 50 * ms) / 1000);
}

export function syntheticSource(signal: SyntheticSignal): SampleSource {
  const { durationMs, sampleRateHz = 6400, blockFrames = 320, circuits, temperaturesC = [] } = signal;
  const frames = Math.round((durationMs * sampleRateHz) / 1000);
  const cut = (from: number, to: number, rmsAt: (ms: number) => number): Float64Array =>
    Float64Array.from({ length: to - from }, (_, index) => {
      const ms = ((from + index) * 1000) / sampleRateHz;
      return sineAt(rmsAt(ms), ms);
    });
  function* blocks(): Iterable<SourceBlock> {
    for (let from = 0; from < frames; from += blockFrames) {
      const to = Math.min(frames, from + blockFrames);
      yield {
        voltageV: cut(from, to, () => VOLTAGE_V),
        circuits: circuits.map(({ currentA, residualCurrentMa }) => ({
          currentA: cut(from, to, currentA),
          ...(residualCurrentMa === undefined ? {} : { residualCurrentMa: cut(from, to, residualCurrentMa) }),
        })),
        temperaturesC: temperaturesC.map((at) => at((to * 1000) / sampleRateHz)),
      };
    }
  }
  return {
    sampleRateHz,
    mainsHz: 50,
    circuits: circuits.map(({ ratedA, residualCurrentMa }, index): SourceCircuit => ({
      prefix: `c${index + 1}`,
      hasResidual: residualCurrentMa !== undefined,
      ...(ratedA === undefined ? {} : { ratedA }),
    })),
    temperatures: temperaturesC.map((_, index) => `t${index + 1}`),
    blocks,
  };
}
