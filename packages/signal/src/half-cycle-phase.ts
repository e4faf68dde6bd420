/** Predicts the zeros of the voltage's fundamental, one half-cycle after the other. */
export type HalfCyclePhase = {
  /** Frames before `end` that `correct` reads. */
  readonly reachFrames: number;
  /** Length of a half-cycle as tracked, frames. */
  halfPeriodFrames(): number;
  /** Sign of the fundamental after the zero that is now ahead. */
  polarity(): 1 | -1;
  isLocked(): boolean;
  /** Steps on to the next zero. */
  advance(): void;
  /**
   * Looks at the two cycles before `end` (exclusive, at most half a half-cycle before the zero) and returns by how many
   * frames the zero predicted at `index` + `fraction` must move. Loses the lock, and returns 0, where those cycles hold no mains voltage.
   */
  correct(voltage: Float32Array, index: number, fraction: number, end: number): number;
};

/** Length of the look back; with a Hann window the harmonics from the second on and dc lie on its zeros. */
const CYCLES = 2;
/** Frequencies within this part of nominal are mains. */
const FREQUENCY_TOLERANCE = 0.17;
/** Fundamental rms over the window's rms below which it is no mains voltage. */
const LEAST_COHERENCE = 0.6;
/**
 * Share of the phase seen that moves the zero, and of it that moves the period (per half-cycle). A second-order loop,
 * well damped: noise of 20 dB moves a zero by less than 0.2 % of a cycle, 1 Hz/s is followed within 0.1 %.
 */
const PHASE_GAIN = 0.35;
const PERIOD_GAIN = 0.08;
/** An error above this is not noise but a wrong phase: taken whole. */
const JUMP_RAD = 0.35;
/** Frames per cycle from which on only every n-th frame is read. */
const ENOUGH_FRAMES = 64;

/** Plans the tracker. Correlation over two tracked cycles, Hann-windowed, with the tracked frequency: dc and
 * harmonics lie on its zeros. */
export function createHalfCyclePhase(framesPerCycle: number, leastVoltageV: number): HalfCyclePhase {
  const longest = framesPerCycle / (1 - FREQUENCY_TOLERANCE);
  const shortest = framesPerCycle / (1 + FREQUENCY_TOLERANCE);
  const stride = Math.max(1, Math.floor(framesPerCycle / ENOUGH_FRAMES));
  let period = framesPerCycle;
  let sign: 1 | -1 = 1;
  let locked = false;

  return {
    reachFrames: Math.ceil(CYCLES * longest) + 2 * stride,
    halfPeriodFrames: () => period / 2,
    polarity: () => sign,
    isLocked: () => locked,
    advance() {
      sign = sign > 0 ? -1 : 1;
    },
    correct(voltage, index, fraction, end) {
      // Phase of the tracked fundamental at frame index + fraction is 0 (rising) or π: correlate with it, one rotation
      // per frame instead of a sine each.
      const count = Math.round((CYCLES * period) / stride);
      const start = end - count * stride;
      const omega = (2 * Math.PI) / period;
      let cosine = Math.cos(omega * (start - index - fraction));
      let sine = Math.sin(omega * (start - index - fraction));
      const turnCosine = Math.cos(omega * stride);
      const turnSine = Math.sin(omega * stride);
      const weights = hannOf(count);
      let inPhase = 0;
      let quadrature = 0;
      let sum = 0;
      let squares = 0;
      for (let n = 0; n < count; n++) {
        const v = voltage[start + n * stride] as number;
        const weighted = (weights[n] as number) * v;
        inPhase += weighted * sine;
        quadrature += weighted * cosine;
        sum += v;
        squares += v * v;
        const next = cosine * turnCosine - sine * turnSine;
        sine = sine * turnCosine + cosine * turnSine;
        cosine = next;
      }
      const mean = sum / count;
      const rms = Math.sqrt(Math.max(0, squares / count - mean * mean));
      // The Hann window's mean is 1/2: amplitude = 2·|sum| / (count/2).
      const fundamentalRms = ((4 / count) * Math.hypot(inPhase, quadrature)) / Math.SQRT2;
      if (!(fundamentalRms >= leastVoltageV && fundamentalRms >= LEAST_COHERENCE * rms)) {
        locked = false;
        period = framesPerCycle;
        return 0;
      }
      let errorRad = Math.atan2(sign * quadrature, sign * inPhase);
      if (!locked && Math.abs(errorRad) > Math.PI / 2) {
        sign = sign > 0 ? -1 : 1;
        errorRad = Math.atan2(sign * quadrature, sign * inPhase);
      }
      // errorRad is the phase at the predicted zero: positive = the zero was earlier. It was seen one cycle ago, in the
      // middle of the window, where the period's error had less effect.
      const seenFrames = (errorRad / (2 * Math.PI)) * period;
      const wasLocked = locked;
      locked = !wasLocked || Math.abs(errorRad) <= Math.PI / 2;
      if (!wasLocked) return -seenFrames;
      period = Math.min(longest, Math.max(shortest, period - PERIOD_GAIN * seenFrames));
      return Math.abs(errorRad) > JUMP_RAD ? -seenFrames : -PHASE_GAIN * seenFrames;
    },
  };
}

/** Hann windows by their length: all circuits share them, and at one sampling rate there are a few dozen. */
const windows = new Map<number, Float64Array>();
/** A process that reads recordings of many rates must not keep them all. */
const MOST_WINDOWS = 256;

function hannOf(count: number): Float64Array {
  const known = windows.get(count);
  if (known !== undefined) return known;
  const made = new Float64Array(count);
  const turnCosine = Math.cos((2 * Math.PI) / count);
  const turnSine = Math.sin((2 * Math.PI) / count);
  let cosine = Math.cos(Math.PI / count);
  let sine = Math.sin(Math.PI / count);
  for (let n = 0; n < count; n++) {
    made[n] = 0.5 - 0.5 * cosine;
    const next = cosine * turnCosine - sine * turnSine;
    sine = sine * turnCosine + cosine * turnSine;
    cosine = next;
  }
  if (windows.size >= MOST_WINDOWS) windows.clear();
  windows.set(count, made);
  return made;
}
