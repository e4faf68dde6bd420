import { createFundamentalDetector } from './fundamental-detector.ts';
import type { FundamentalMeasurement } from './fundamental-detector.ts';
import type { SampleWindow } from './sample-window.ts';

/** One mains cycle, or one window of nominal length where there is no voltage to lock to. */
export type CycleSpan = {
  /** Whole part of the first frame, from the first frame of the stream; kept apart so that long streams stay exact. */
  startFrame: number;
  /** Fractional part of the first frame, 0..1. */
  startFraction: number;
  /** Length in frames, fractional. */
  frameCount: number;
  /** Whether both ends are rising zero phases of the voltage's fundamental. */
  locked: boolean;
};

/** Finds the cycles of channel 0 of a window, one by one. */
export type CycleTracker = {
  /** The span found by the last `next` that returned true; overwritten by the next one. */
  readonly span: Readonly<CycleSpan>;
  /** Frames that a window must be able to hold for the tracker to make progress. */
  readonly reachFrames: number;
  /** The first frame that the tracker or its caller may still need, without the caller's own margin. */
  neededFrom(): number;
  /** The period as far as it is known, in whole frames. */
  periodFrames(): number;
  /** Whether another span is decided by the frames there are. `ended`: no further frame will come. */
  next(window: SampleWindow, ended: boolean): boolean;
};

/** Frequencies within this part of nominal are mains; 60 Hz on a 50 Hz setting is not. */
const FREQUENCY_TOLERANCE = 0.17;
/** Half a sag to 30 % at the edge of the range with 15 % distortion and 20 dB noise still reaches 0.5. */
const LEAST_COHERENCE = 0.35;
/** Cycles between the two phases whose difference gives the first frequency; unambiguous within ±25 % of nominal. */
const ACQUISITION_CYCLES = 2;
/** Distance from the predicted phase from which on a boundary is measured a second time (1.6 % of a cycle). */
const REMEASURE_RAD = 0.1;
/** Share of a new period in the period that predicts the next boundary: smooths noise, follows 1 Hz/s. */
const PERIOD_GAIN = 0.25;

/**
 * Creates the tracker. Every boundary is measured anew from the phase around its predicted place (two and a half
 * cycles on both sides), never by a loop that could drift; a decision waits for the frames it needs, so the result
 * does not depend on how the stream was cut into blocks.
 *
 * Unlocked: windows of nominal length, each followed by an attempt to lock; the last one stretches or shrinks to
 * 0.5–1.7 of nominal to end on the first boundary. At the start of the stream the cycles before the first measurable
 * boundary are reckoned backwards, at its end forwards; a partial cycle at either end yields no span.
 */
export function createCycleTracker(framesPerCycle: number, leastVoltageV: number): CycleTracker {
  const detector = createFundamentalDetector(framesPerCycle);
  const half = detector.halfFrames;
  const acquisitionFrames = Math.round(ACQUISITION_CYCLES * framesPerCycle);
  const shortest = framesPerCycle / (1 + FREQUENCY_TOLERANCE);
  const longest = framesPerCycle / (1 - FREQUENCY_TOLERANCE);
  // The next boundary measured is at least this far behind the last one: the prediction may be a quarter period late.
  const leadFrames = Math.floor(0.75 * shortest) - 1;
  const span: CycleSpan = { startFrame: 0, startFraction: 0, frameCount: 0, locked: false };
  let whole = 0;
  let fraction = 0;
  let period = framesPerCycle;
  let locked = false;
  let started = false;

  const measure = (window: SampleWindow, frame: number): FundamentalMeasurement =>
    detector.measure(window.channels[0] as Float32Array, frame - window.firstFrame());
  const isMains = (seen: FundamentalMeasurement): boolean =>
    seen.coherence >= LEAST_COHERENCE && seen.rms >= leastVoltageV;
  const isPeriod = (frames: number): boolean => frames >= shortest && frames <= longest;
  const moveTo = (frame: number, offset: number): void => {
    const carry = Math.floor(offset);
    whole = frame + carry;
    fraction = offset - carry;
  };
  const emit = (frameCount: number, isLocked: boolean): true => {
    span.startFrame = whole;
    span.startFraction = fraction;
    span.frameCount = frameCount;
    span.locked = isLocked;
    moveTo(whole, fraction + frameCount);
    started = true;
    return true;
  };

  /** Period and the offset of a boundary from `frame`, or undefined when there is no mains voltage there. */
  const acquire = (window: SampleWindow, frame: number): number | undefined => {
    const here = measure(window, frame);
    if (!isMains(here)) return undefined;
    const phaseRad = here.phaseRad;
    const later = measure(window, frame + acquisitionFrames);
    if (!isMains(later)) return undefined;
    const expected = (2 * Math.PI * acquisitionFrames) / framesPerCycle;
    const advance = expected + wrap(later.phaseRad - phaseRad - expected);
    const found = (2 * Math.PI * acquisitionFrames) / advance;
    if (!isPeriod(found)) return undefined;
    period = found;
    return (-phaseRad / (2 * Math.PI)) * period;
  };

  const nextUnlocked = (window: SampleWindow, ended: boolean): boolean | 'again' => {
    const end = window.endFrame();
    const centre = Math.max(half, Math.round(whole + fraction + framesPerCycle));
    const measurable = centre + acquisitionFrames + half < end;
    if (!measurable && !ended) return false;
    const offset = measurable ? acquire(window, centre) : undefined;
    if (!started) window.fillBeforeStart(Math.round(period));
    if (offset === undefined) {
      if (ended && whole + fraction + framesPerCycle > end + END_SLACK) return false;
      return emit(framesPerCycle, false);
    }
    locked = true;
    // Half a frame of slack: a recording cut at a zero phase must not lose its first cycle to rounding.
    const earliest = started ? framesPerCycle / 2 : -END_SLACK;
    const ahead = centre - whole - fraction + offset;
    const first = ahead - Math.floor((ahead - earliest) / period) * period;
    if (started) return emit(first, false);
    moveTo(whole, first);
    return 'again';
  };

  const nextLocked = (window: SampleWindow, ended: boolean): boolean | 'again' => {
    const end = window.endFrame();
    const predicted = fraction + period;
    const centre = whole + Math.round(predicted);
    if (centre < half) return emit(period, true);
    if (centre + half >= end) {
      return ended && whole + predicted <= end + END_SLACK ? emit(period, true) : false;
    }
    let seen = measure(window, centre);
    let frameCount = centre - whole - fraction - (seen.phaseRad / (2 * Math.PI)) * period;
    const near = Math.abs(seen.phaseRad) < Math.PI / 2;
    // Far from the prediction, an error of the period would scale with the distance: look again at the place found.
    if (near && Math.abs(seen.phaseRad) > REMEASURE_RAD) {
      const closer = whole + Math.round(fraction + frameCount);
      const measurable = closer + half < end;
      if (!measurable && !ended) return false;
      if (measurable && closer >= half) {
        seen = measure(window, closer);
        frameCount = closer - whole - fraction - (seen.phaseRad / (2 * Math.PI)) * period;
      }
    }
    if (isMains(seen) && near && isPeriod(frameCount)) {
      period += PERIOD_GAIN * (frameCount - period);
      return emit(frameCount, true);
    }
    locked = false;
    return 'again';
  };

  return {
    span,
    // Looked at from `neededFrom` on to lock anew, one cycle and the acquisition behind the last boundary: more than
    // any other step looks at.
    reachFrames: 2 * half + acquisitionFrames + Math.ceil(framesPerCycle) - leadFrames + 4,
    neededFrom: () => Math.min(whole, Math.max(half, whole + leadFrames) - half),
    periodFrames: () => Math.round(period),
    next(window, ended) {
      for (;;) {
        const outcome = locked ? nextLocked(window, ended) : nextUnlocked(window, ended);
        if (outcome !== 'again') return outcome;
      }
    },
  };
}

/** A boundary this close outside the stream counts as inside: phase noise of a recording cut at zero phases. */
const END_SLACK = 0.5;

function wrap(angleRad: number): number {
  return angleRad - 2 * Math.PI * Math.round(angleRad / (2 * Math.PI));
}
