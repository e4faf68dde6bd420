import { createHalfCycleSplitter, type HalfCycle, type MainsHz } from '@fengsui/signal';
import type { HazardEvent } from '../hazard-event.ts';
import { createArcCounter } from './arc-counter.ts';
import type { ArcDecision } from './arc-decision.ts';
import { createArcHazard } from './arc-hazard.ts';
import { isArcReason, type ArcReason } from './arc-reason.ts';
import { restoreStates, storeStates, type ArcDetectorState } from './arc-state.ts';
import { createChargeBalance } from './charge-balance.ts';
import { createDriftWatch } from './drift-watch.ts';
import { createDropRecord } from './drop-record.ts';
import { isFiringJitter } from './firing-jitter.ts';
import { createSettlingWatch } from './settling-watch.ts';
import { givesVoltage, isExactDrop, isNothingButDrop, isPureDrop } from './drop-shape.ts';
import { emptyFeatures, measureHalfCycle } from './half-cycle-features.ts';
import { createHalfCycleHistory, SURPRISE_REACH } from './half-cycle-history.ts';
import { beginsAtOnce, isRemainder, judgeHalfCycle, type ArcContext } from './judge-half-cycle.ts';
import { missesPulse } from './missed-pulse.ts';
import { createLoadBaseline } from './load-baseline.ts';
import { isOhmic, RECTIFIER_REST, showsOnset } from './load-class.ts';
import type { LoadState } from './load-state.ts';
import { createFaultWatch, PARALLEL_HALF_CYCLES } from './parallel-arc.ts';
import { beganBefore } from './part-drop.ts';
import { createRepeatRecord } from './repeat-record.ts';
import { repeatsEarlier } from './repetition.ts';
import { isErratic, isSeriesArc, type ArcRun } from './series-arc.ts';
import { createWindowCount } from './window-count.ts';
import { isTail, restsAsArc } from './zero-rest.ts';

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
/** Half-cycles after one without its pulse up to which a supply is starved. */
const STARVED_REACH = 10;
/** Bits of the half-cycles two and four before, which the surprise of one is held against. */
const SURPRISE_BASE = 0b10100;
const LEAD_RATIO = 0.125;
const ZERO_POINT = LEAD_RATIO * POINTS;
/** Below this peak an arc is not looked for, A. */
const LEAST_LOAD_A = 0.5;
/**
 * Contacts that part in the middle of a half-cycle leave one that is neither usual nor an arc's yet: it counts once the
 * next one arcs, when at least this part of that one's distance was there.
 */
const ONSET_SHARE = 0.1;
/** Deviations of the drop above which a half-cycle does not teach its state although it fits. */
const SUSPECT_DEVIATIONS = 4;
/**
 * Part of the usual voltage below which the supply itself dips. An arc in series takes current from the supply and so can
 * only raise its voltage; the surge of a supply that makes up for a pulse lowers it by some hundredths at most.
 */
const MOST_ARC_SAG = 0.94;
/** Scratch for the half-cycle in hand, the same for all circuits: one thread looks at one after the other. */
const newest = new Float64Array(POINTS);
const sine = Float64Array.from({ length: POINTS }, (_, n) => Math.sin((Math.PI * (n - ZERO_POINT)) / POINTS));

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
  const giving = createWindowCount(2 * mainsHz);
  const faults = createFaultWatch(POINTS);
  const faultCounter = createArcCounter(mainsHz);
  const hazard = createArcHazard(settings.circuit, restored?.active);
  const features = emptyFeatures();
  const leastPeakA = Math.max(LEAST_LOAD_A, 0.05 * ratedA * Math.SQRT2);
  const context: ArcContext = {
    // After a restart nothing is known of how it began: an arc that burns from the first half-cycle on must count.
    isAbrupt: baseline.states.length > 0,
    isGrowing: false,
    isShrinking: false,
    hasRestJump: false,
    hasDrifted: false,
    isDip: false,
    wasArcing: false,
    arcDistance: 0,
    sinceForced: Infinity,
    sinceLate: Infinity,
    sinceMissing: Infinity,
    missed: { count: 0, lack: 0, since: Infinity },
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
  let voltageRatio = 1;
  let sinceLearnedFit = Infinity;
  /** Which of the half-cycles before were unusual: bit 0 the newest. */
  let unusual = 0;
  let restBefore = 0;
  let distanceBefore = Infinity;
  const drift = createDriftWatch();
  const settling = createSettlingWatch();
  const drops = createDropRecord();
  const repeated = createRepeatRecord();
  const charge = createChargeBalance();
  const arcRun: ArcRun = { counter, giving, drops, repeated, charge };
  /** Half-cycles since the waveform began or was interrupted. */
  let unbroken = 0;
  let pendingDistance = 0;
  let pendingIsNew = false;
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
    settling.follow(features.surprise);
    const isMatched = features.distance <= baseline.reach(state, side);
    const other = isMatched ? -1 : baseline.otherState(newest, side);
    follow(state, side, isMatched);
    const isExplained = isMatched || other >= 0;
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
    const isEnd = isLoaded && isTail(features, state);
    // Of an arc that struck late in the half-cycle before, or just before the zero, only the end tells.
    const isToldByEnd = isEnd && !context.isDip && !context.wasArcing && (pendingDistance > 0 || sinceLearnedFit === 0);
    if (isToldByEnd && other < 0) reason = 'drop';
    const isArcing = isArcReason(reason);
    // A pulse that is missing beside late ones is like every other missing one.
    const isNew =
      (isExact && isNothingButDrop(features) && restsAsArc(features, state)) ||
      reason === 'missing' ||
      (isErratic(features, state) &&
        (isOhmic(state) || !settling.isSettling()) &&
        !isFiringJitter(history, state) &&
        !repeatsEarlier(history, state, features, unusual));
    // A half-cycle without a supply's pulse is like every other such one; it, and the one that makes up for it, are no drop.
    const isMissed = !isExplained && missesPulse(features, state, voltageRatio);
    const isOfSupply = isMissed || reason === 'surge';
    const hasOnset = pendingDistance > 0 && pendingDistance >= ONSET_SHARE * features.distance;
    const hasBegun =
      distanceBefore < ONSET_SHARE * features.distance &&
      !(context.wasArcing || context.isDip) &&
      beganBefore(state, side, newest, ZERO_POINT);
    if (isArcing && !isToldByEnd && (hasOnset || hasBegun)) {
      counter.tell(history.count() - 1, true, pendingIsNew || hasBegun);
    }
    if (counter.countOf(2 * mainsHz) === 0) {
      drops.begin();
      repeated.begin();
      if (isExplained) charge.begin();
    }
    if (!isExplained) charge.add(features.levelRatio);
    counter.tell(history.count(), isArcing, isNew);
    giving.add(!isExplained && !isOfSupply && givesVoltage(features, state));
    if (reason === 'drop') drops.add(features, state, side);
    // A drop that stands still is not an arc's, and tells all the more that the ones like it are not.
    if (reason === 'drop' || reason === 'steady' || (isArcing && !isOfSupply)) repeated.add(features);
    const isRest = isEnd || isRemainder(features, context);
    const mayBeOnset = isLoaded && !isRest && showsOnset(state);
    pendingDistance = mayBeOnset && (reason === 'changed' || reason === 'steady') ? features.distance : 0;
    pendingIsNew = isNew;
    pureStreak = isPure ? Math.min(8, pureStreak + 1) : Math.max(0, pureStreak - 2);
    exactStreak = isExact ? Math.min(8, exactStreak + 1) : Math.max(0, exactStreak - 2);
    remember(reason, isArcing, isExplained, isMissed);
    if (isMatched && !isArcing) {
      baseline.confirm(history, features, features.dropV + state.dropV, {
        teaches: features.dropDeviations < SUSPECT_DEVIATIONS,
        // Held against an arc or another unusual half-cycle, a usual one surprises: that says nothing of the load.
        teachesSurprise: (unusual & SURPRISE_BASE) === 0,
      });
    } else if (other >= 0) baseline.meet(other);
    else {
      const recent = {
        ofEight: counter.countOf(8),
        ofForty: counter.countOf(40),
        arcedTwoBefore: counter.arced(2),
        isInAlarm: hazard.active()?.level === 'alarm',
        isStarved: context.missed.since <= STARVED_REACH,
        pureStreak,
        exactStreak,
      };
      const wasLoad = baseline.wonder(history, features, peakV, recent);
      counter.takeBack(wasLoad);
      if (wasLoad > 0) repeated.begin();
      // Held against the state before, they say nothing of the new one.
      if (baseline.active() !== state) {
        giving.clear();
        charge.begin();
      }
    }
    return reason;
  }

  /** Follows the run of half-cycles unlike the state up to this one. */
  function follow(state: LoadState, side: 0 | 1, isMatched: boolean): void {
    if (isMatched) {
      context.isAbrupt = false;
      context.hasRestJump = false;
      context.isGrowing = false;
      context.isShrinking = false;
      context.hasDrifted = false;
      drift.rest(features.distance, state.distance);
      return;
    }
    if (sinceLearnedFit === 0) drift.begin(features.distance);
    else drift.follow(features.distance);
    context.isGrowing = drift.isGrowing();
    context.isShrinking = drift.isShrinking();
    context.hasDrifted = drift.hasCome();
    if (context.hasDrifted) context.isAbrupt = false;
    if (features.restPoints - restBefore >= 3) context.hasRestJump = true;
    const isFar = features.distance > 1.5 * baseline.reach(state, side);
    // Sparks that hardly show may come before an arc: beside ohmic loads a rest that jumps begins anew.
    const mayBegin = sinceLearnedFit <= 1 || (isOhmic(state) && features.restPoints - restBefore >= 3);
    if (mayBegin && isFar && beginsAtOnce(features, state)) context.isAbrupt = true;
  }

  function remember(reason: ArcReason, isArcing: boolean, isExplained: boolean, isMissed: boolean): void {
    restBefore = features.restPoints;
    distanceBefore = features.distance;
    sinceLearnedFit = isExplained ? 0 : sinceLearnedFit + 1;
    context.wasArcing = isArcing;
    if (isArcing) context.arcDistance = features.distance;
    context.sinceForced =
      reason === 'late' || reason === 'surge' || reason === 'restrike' ? 1 : context.sinceForced + 1;
    context.sinceLate = reason === 'late' ? 1 : context.sinceLate + 1;
    const state = baseline.active();
    const isEmpty = state !== undefined && features.levelRatio < 0.3 && state.restPoints >= RECTIFIER_REST;
    context.sinceMissing = isEmpty && isMissed ? 1 : context.sinceMissing + 1;
    unusual = (unusual << 1) | (isExplained && !isArcing ? 0 : 1);
    noteMissed(isMissed);
  }

  function noteMissed(isMissed: boolean): void {
    const { missed } = context;
    missed.since = isMissed ? 0 : missed.since + 1;
    missed.count = isMissed ? missed.count + 1 : 0;
    missed.lack = isMissed ? Math.max(missed.lack, 1 - features.levelRatio) : 0;
  }

  function watchFault(side: 0 | 1): void {
    const fault = faults.look(newest, side, baseline.active());
    faultCounter.tell(history.count(), fault.isArc, true);
    if (fault.isArc) hazard.noteFault(fault.rmsA);
  }

  /** What comes next does not follow what was before: nothing that was counted holds. */
  function interrupt(): void {
    unbroken = 0;
    unusual = 0;
    pendingDistance = 0;
    baseline.interrupt();
    counter.clear();
    giving.clear();
    charge.begin();
    faultCounter.clear();
  }

  function onHalfCycle(half: HalfCycle): void {
    decision.startAt = atOf(half.startFrame);
    decision.endAt = atOf(half.startFrame + half.frameCount);
    decision.decidedAt = atOf(half.startFrame + half.frameCount + splitter.delayFrames);
    decision.baseline = baseline.active();
    if (!half.locked) {
      decision.reason = 'unlocked';
      decision.isArcing = false;
      interrupt();
    } else {
      history.add(half.currentA, half.polarity);
      const from = history.offset(0);
      const { voltageV, polarity } = half;
      const { samplesA } = history;
      let fundamental = 0;
      for (let n = 0; n < POINTS; n++) {
        newest[n] = samplesA[from + n] as number;
        fundamental += polarity * (voltageV[n] as number) * (sine[n] as number);
      }
      const amplitudeV = (2 * fundamental) / POINTS;
      voltageRatio = amplitudeV / peakV;
      context.isDip = voltageRatio < MOST_ARC_SAG;
      peakV += 0.05 * (amplitudeV - peakV);
      const side = half.polarity > 0 ? 0 : 1;
      decision.reason = decide(side);
      decision.isArcing = isArcReason(decision.reason);
      watchFault(side);
    }
    decision.halfCycleCount = counter.countOf(2 * mainsHz);
    decision.erraticCount = counter.erraticOf(2 * mainsHz);
    decision.isConfirmed = decision.isArcing && isSeriesArc(arcRun, mainsHz, decision.baseline);
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
        interrupt();
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
