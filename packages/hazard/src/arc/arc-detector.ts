import { createHalfCycleSplitter, type HalfCycle, type MainsHz } from '@fengsui/signal';
import type { HazardEvent } from '../hazard-event.ts';
import { createArcCounter } from './arc-counter.ts';
import type { ArcDecision } from './arc-decision.ts';
import { createArcHazard } from './arc-hazard.ts';
import { isArcReason, type ArcReason } from './arc-reason.ts';
import { restoreStates, storeStates, type ArcDetectorState } from './arc-state.ts';
import { emptyFeatures, measureHalfCycle } from './half-cycle-features.ts';
import { createHalfCycleHistory, SURPRISE_REACH } from './half-cycle-history.ts';
import {
  beginsAtOnce,
  DRIFT_COUNT,
  isExactDrop,
  isPureDrop,
  judgeHalfCycle,
  restsAsArc,
  type ArcContext,
} from './judge-half-cycle.ts';
import { createLoadBaseline } from './load-baseline.ts';
import type { LoadState } from './load-state.ts';
import { createFaultWatch, PARALLEL_HALF_CYCLES } from './parallel-arc.ts';
import { isErratic, isSeriesArc } from './series-arc.ts';

export type ArcDetectorSettings = {
  /** Prefix of the circuit's points: `c1`. */
  readonly circuit: string;
  /** At least 6.4 kHz for the stated performance; at least 32 samples per cycle. */
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  /** Rated current of the circuit: a load of 5 % of it or less is not looked at (GB 14287.4: not counted). */
  readonly ratedA: number;
  /** Told of every half-cycle; the record and what it holds are reused. */
  readonly onDecision?: (decision: ArcDecision) => void;
};

export type ArcDetector = {
  /**
   * Takes the next samples, of any number; `at` is the instant of the first one, ms. Gives an event when the level
   * changed. A gap of more than two samples in `at` starts the waveform anew; the baseline is kept.
   */
  push(block: { readonly voltageV: Float64Array; readonly currentA: Float64Array }, at: number): readonly HazardEvent[];
  active(): readonly HazardEvent[];
  state(): ArcDetectorState;
};

const POINTS = 64;
const LEAD_RATIO = 0.125;
const ZERO_POINT = LEAD_RATIO * POINTS;
/** Below this peak an arc is not looked for, A. */
const LEAST_LOAD_A = 0.5;
/** Deviations of the drop above which a half-cycle does not teach its state although it fits. */
const SUSPECT_DEVIATIONS = 4;
/**
 * Detects series and parallel arcs on one circuit from voltage and current, within the times of IEC 62606 Table 1 and by
 * the half-cycle counts of GB 14287.4 and Table 3. docs: packages/hazard/README.md.
 *
 * @param restored state of an earlier run of the same circuit.
 * @throws RangeError for bad settings and for blocks of unequal lengths.
 * @example
 * const detector = createArcDetector({ circuit: 'c1', sampleRateHz: 6400, mainsHz: 50, ratedA: 16 });
 * for (const event of detector.push({ voltageV, currentA }, at)) send(event);
 */
export function createArcDetector(settings: ArcDetectorSettings, restored?: ArcDetectorState): ArcDetector {
  const { sampleRateHz, mainsHz, ratedA } = settings;
  if (!(ratedA > 0 && ratedA < Infinity)) {
    throw new RangeError(`createArcDetector: ratedA is ${ratedA}; expected a rated current above 0 A`);
  }
  const newSplitter = (): ReturnType<typeof createHalfCycleSplitter> =>
    createHalfCycleSplitter({ sampleRateHz, mainsHz, pointsPerHalfCycle: POINTS, leadRatio: LEAD_RATIO });
  let splitter = newSplitter();
  const baseline = createLoadBaseline(ZERO_POINT, restoreStates(restored?.states ?? [], POINTS, ZERO_POINT));
  const history = createHalfCycleHistory(POINTS);
  const counter = createArcCounter(2 * mainsHz);
  const faults = createFaultWatch(POINTS);
  const faultCounter = createArcCounter(mainsHz);
  const hazard = createArcHazard(settings.circuit, restored?.active);
  const features = emptyFeatures();
  const leastPeakA = Math.max(LEAST_LOAD_A, 0.05 * ratedA * Math.SQRT2);
  const sine = Float64Array.from({ length: POINTS }, (_, n) => Math.sin((Math.PI * (n - ZERO_POINT)) / POINTS));
  const newest = new Float64Array(POINTS);
  const context: ArcContext = {
    // After a restart nothing is known of how it began: an arc that burns from the first half-cycle on must count.
    isAbrupt: baseline.states.length > 0,
    growing: 0,
    shrinking: 0,
    hasRestJump: false,
    wasArcing: false,
    arcDistance: 0,
    sinceForced: Infinity,
    sinceLate: Infinity,
    sinceMissing: Infinity,
  };
  const decision: ArcDecision = {
    startAt: 0,
    endAt: 0,
    decidedAt: 0,
    isArcing: false,
    reason: 'learning',
    features,
    baseline: undefined,
    halfCycleCount: 0,
    erraticCount: 0,
    isConfirmed: false,
  };
  let events: HazardEvent[] = [];
  let peakV = 325;
  let sinceLearnedFit = Infinity;
  let restBefore = 0;
  let distanceBefore = 0;
  /** Half-cycles since the waveform began or was interrupted. */
  let unbroken = 0;
  let pureStreak = 0;
  let exactStreak = 0;
  let firstAt = NaN;
  let frames = 0;

  const atOf = (frame: number): number => firstAt + (frame * 1000) / sampleRateHz;

  /** The reason for the newest half-cycle; learns from it. */
  function decide(side: 0 | 1): ArcReason {
    const state = baseline.active();
    if (++unbroken <= SURPRISE_REACH + 1) return 'learning';
    if (state === undefined) {
      baseline.begin(history, peakV);
      return 'learning';
    }
    measureHalfCycle(history, state, newest, peakV, ZERO_POINT, features);
    const isMatched = features.distance <= baseline.reach(state, side);
    const other = isMatched ? -1 : baseline.otherState(newest, side);
    follow(state, side, isMatched);
    const isLoaded = state.peakA >= leastPeakA;
    let reason: ArcReason = isMatched ? 'usual' : 'changed';
    let isPure = false;
    let isExact = false;
    if (other >= 0) reason = 'known';
    else if (isLoaded) {
      reason = judgeHalfCycle(features, state, side, newest, context, isMatched);
      isPure = isPureDrop(features, state);
      isExact = isExactDrop(features, state);
    } else if (isMatched) reason = 'idle';
    const isArcing = isArcReason(reason);
    // A pulse that is missing beside late ones is like every other missing one.
    const isNew = (isExact && restsAsArc(features, state)) || reason === 'missing' || isErratic(features, state);
    counter.tell(history.count(), isArcing, isNew);
    pureStreak = isPure ? Math.min(8, pureStreak + 1) : Math.max(0, pureStreak - 2);
    exactStreak = isExact ? Math.min(8, exactStreak + 1) : Math.max(0, exactStreak - 2);
    remember(reason, isArcing, isMatched || other >= 0);
    if (isMatched && !isArcing) {
      baseline.confirm(history, features, features.dropV + state.dropV, features.dropDeviations < SUSPECT_DEVIATIONS);
    } else if (other >= 0) baseline.meet(other);
    else {
      const recent = {
        ofEight: counter.countOf(8),
        ofForty: counter.countOf(40),
        arcedTwoBefore: counter.arced(2),
        isInAlarm: hazard.active()?.level === 'alarm',
        pureStreak,
        exactStreak,
      };
      counter.takeBack(baseline.wonder(history, features, peakV, recent));
    }
    return reason;
  }

  /** Follows the run of half-cycles unlike the state up to this one. */
  function follow(state: LoadState, side: 0 | 1, isMatched: boolean): void {
    if (isMatched) {
      context.isAbrupt = false;
      context.hasRestJump = false;
      context.growing = 0;
      context.shrinking = 0;
      distanceBefore = features.distance;
      return;
    }
    const isFirst = sinceLearnedFit === 0;
    if (isFirst || features.distance < 0.97 * distanceBefore) context.growing = 0;
    else if (features.distance > 1.05 * distanceBefore) context.growing++;
    context.shrinking = !isFirst && features.distance < 0.95 * distanceBefore ? context.shrinking + 1 : 0;
    distanceBefore = features.distance;
    if (context.growing >= DRIFT_COUNT + 2) context.isAbrupt = false;
    if (features.restPoints - restBefore >= 3) context.hasRestJump = true;
    const isFar = features.distance > 1.5 * baseline.reach(state, side);
    if (sinceLearnedFit <= 1 && isFar && beginsAtOnce(features, state)) context.isAbrupt = true;
  }

  function remember(reason: ArcReason, isArcing: boolean, isExplained: boolean): void {
    restBefore = features.restPoints;
    sinceLearnedFit = isExplained ? 0 : sinceLearnedFit + 1;
    context.wasArcing = isArcing;
    if (isArcing) context.arcDistance = features.distance;
    context.sinceForced =
      reason === 'late' || reason === 'surge' || reason === 'restrike' ? 1 : context.sinceForced + 1;
    context.sinceLate = reason === 'late' ? 1 : context.sinceLate + 1;
    const state = baseline.active();
    const isEmpty = state !== undefined && features.levelRatio < 0.3 && state.restPoints >= 20;
    context.sinceMissing = isEmpty && !isExplained ? 1 : context.sinceMissing + 1;
  }

  function watchFault(side: 0 | 1): void {
    const fault = faults.look(newest, side, baseline.active());
    faultCounter.tell(history.count(), fault.isArc, true);
    if (fault.isArc) hazard.noteFault(fault.rmsA);
  }

  function onHalfCycle(half: HalfCycle): void {
    decision.startAt = atOf(half.startFrame);
    decision.endAt = atOf(half.startFrame + half.frameCount);
    decision.decidedAt = atOf(half.startFrame + half.frameCount + splitter.delayFrames);
    decision.baseline = baseline.active();
    if (!half.locked) {
      decision.reason = 'unlocked';
      decision.isArcing = false;
      unbroken = 0;
      baseline.interrupt();
      counter.clear();
      faultCounter.clear();
    } else {
      history.add(half.currentA, half.polarity);
      const from = history.offset(0);
      for (let n = 0; n < POINTS; n++) newest[n] = history.samplesA[from + n] as number;
      let fundamental = 0;
      for (let n = 0; n < POINTS; n++) {
        fundamental += half.polarity * (half.voltageV[n] as number) * (sine[n] as number);
      }
      peakV += 0.05 * ((2 * fundamental) / POINTS - peakV);
      const side = half.polarity > 0 ? 0 : 1;
      decision.reason = decide(side);
      decision.isArcing = isArcReason(decision.reason);
      watchFault(side);
    }
    decision.halfCycleCount = counter.countOf(2 * mainsHz);
    decision.erraticCount = counter.erraticOf(2 * mainsHz);
    decision.isConfirmed = decision.isArcing && isSeriesArc(counter, mainsHz, decision.baseline);
    const faultCount = faultCounter.countOf(mainsHz);
    const isFault = faultCount >= PARALLEL_HALF_CYCLES;
    const told = hazard.tell(decision, faultCount, isFault);
    if (told !== undefined) events.push(told);
    settings.onDecision?.(decision);
  }

  return {
    push(block, at) {
      const gap = Math.abs(at - atOf(frames)) * (sampleRateHz / 1000);
      if (!(gap <= 2)) {
        splitter = newSplitter();
        unbroken = 0;
        baseline.interrupt();
        counter.clear();
        faultCounter.clear();
        firstAt = at;
        frames = 0;
      }
      events = [];
      splitter.push(block, onHalfCycle);
      frames += block.voltageV.length;
      return events;
    },
    active: () => {
      const event = hazard.active();
      return event === undefined ? [] : [event];
    },
    state() {
      const active = hazard.active();
      const states = storeStates(baseline.states);
      return active === undefined ? { schemaVersion: 1, states } : { schemaVersion: 1, states, active };
    },
  };
}
