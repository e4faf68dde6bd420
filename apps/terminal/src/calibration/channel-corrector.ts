import type { CalibrationChannel } from '@fengsui/protocol';

/** Makes the raw samples of one channel into its quantity, piece after piece. */
export type ChannelCorrector = {
  /** Writes as many samples as there are; `input` and `output` are different arrays. NaN stays NaN. */
  process(input: Float64Array, output: Float64Array): void;
};

type Correction = Pick<CalibrationChannel, 'gain' | 'offset' | 'phaseUs'>;
type Signal = { readonly sampleRateHz: number; readonly mainsHz: number };

/** The part of a delay that the all-pass makes: here it is closest to a pure delay, and forgets within a few samples. */
const LEAST_FRACTION = 0.5;

/**
 * How many frames every channel of a board has to be late, so that the latest of them can be brought forward: 0 when no
 * channel has a phase error.
 */
export function commonDelayFrames(channels: readonly Correction[], { sampleRateHz }: Signal): number {
  if (channels.every(({ phaseUs }) => phaseUs === 0)) return 0;
  const latest = Math.max(...channels.map(({ phaseUs }) => (phaseUs * sampleRateHz) / 1e6));
  return Math.max(1, Math.ceil(latest + LEAST_FRACTION));
}

/**
 * `value(t) = gain · raw(t − delay + phaseUs) + offset`. The fraction of a sample is made by an all-pass of first order
 * whose phase delay is exact at the mains frequency: it changes no amplitude at any frequency, so that an arc is as
 * loud as before, and the shift of a harmonic is right to a few hundredths of a sample.
 *
 * @param delayFrames of the whole board: `commonDelayFrames`.
 */
export function createChannelCorrector(
  { gain, offset, phaseUs }: Correction,
  delayFrames: number,
  signal: Signal,
): ChannelCorrector {
  if (delayFrames === 0) return scaled(gain, offset);
  const delay = delayFrames - (phaseUs * signal.sampleRateHz) / 1e6;
  const whole = Math.max(0, Math.floor(delay - LEAST_FRACTION));
  return delayed(gain, offset, whole, allPassCoefficient(delay - whole, signal));
}

/** Exact at the mains: a = sin((1 − D)·ω/2) / sin((1 + D)·ω/2); 0 for a delay of one whole sample. */
function allPassCoefficient(delay: number, { sampleRateHz, mainsHz }: Signal): number {
  const halfOmega = (Math.PI * mainsHz) / sampleRateHz;
  return Math.sin((1 - delay) * halfOmega) / Math.sin((1 + delay) * halfOmega);
}

function scaled(gain: number, offset: number): ChannelCorrector {
  return {
    process(input, output) {
      for (let i = 0; i < input.length; i++) output[i] = gain * (input[i] as number) + offset;
    },
  };
}

function delayed(gain: number, offset: number, whole: number, a: number): ChannelCorrector {
  const line = new Float64Array(whole);
  // Input and output before the next sample. In an array: a number that a closure changes is allocated each time.
  const before = new Float64Array(2);
  let place = 0;
  let hasBegun = false;

  /** As if the first sample had stood there before: no step that was not in the signal. */
  function begin(input: Float64Array): void {
    const first = input.find((value) => !Number.isNaN(value));
    if (first === undefined) return;
    hasBegun = true;
    line.fill(first);
    before.fill(first);
  }

  return {
    process(input, output) {
      if (!hasBegun) begin(input);
      let x1 = before[0] as number;
      let y1 = before[1] as number;
      let at = place;
      for (let i = 0; i < input.length; i++) {
        let x = input[i] as number;
        if (whole > 0) {
          const newest = x;
          x = line[at] as number;
          line[at] = newest;
          if (++at === whole) at = 0;
        }
        if (x !== x) {
          // A missing sample must not stay in the memory of the filter.
          output[i] = NaN;
          continue;
        }
        y1 = a * x + x1 - a * y1;
        x1 = x;
        output[i] = gain * y1 + offset;
      }
      before[0] = x1;
      before[1] = y1;
      place = at;
    },
  };
}
