import { rms } from '../rms.ts';
import { backgroundLevels } from './background-levels.ts';
import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import { distance, dot, length, meanFeatures, sum } from './edges.ts';
import type { Edge } from './edges.ts';
import { matchLevels } from './level-match.ts';
import type { Motion } from './motion.ts';
import { isUp } from './pulse-book.ts';
import { findSettled } from './settled-state.ts';
import type { SoftStart } from './soft-start.ts';
import { differenceOf, measureState, measureStates } from './state-difference.ts';
import type { CyclePair, MeasuredState } from './state-difference.ts';
import type { StepSearch } from './step-search.ts';
import type { BackgroundLevel, SwitchEvent } from './switch-event.ts';
import { toEvent } from './to-event.ts';
import { createTransientRecorder } from './transient.ts';
import type { TransientRecorder } from './transient.ts';
import { isVoltageStep } from './voltage-step.ts';

/** A switch that was found and whose new state is awaited. */
export type OpenSwitch = {
  readonly cycle: number;
  readonly startFrame: number;
  /** Features of the old state. */
  readonly old: Float64Array;
  /** Features of the change. */
  step: Float64Array;
  /** Features a few cycles after the change: behind an inrush, before anything slow. */
  readonly early: Float64Array;
  /** First cycle from which the new state is looked for: after an inrush with a step of its own. */
  readonly from: number;
  /** One past the last cycle of the new state, once another switch has ended it. */
  end: number;
  settledCycle: number;
  settled: boolean;
  readonly isBackgroundPulsing: boolean;
  /** Whether the current went over to the new state little by little, as when a dimmer is turned. */
  readonly isRamp: boolean;
  /** A ramp that did not end in time is a drift. */
  isDropped: boolean;
  before: MeasuredState;
  after: MeasuredState | undefined;
  readonly levelsBefore: readonly BackgroundLevel[];
  levelsAfter: readonly BackgroundLevel[];
  readonly recorder: TransientRecorder;
};

/** Makes events of the changes that the search found. */
export type EventBuilder = {
  /** Looks at the peak at `cycle`; undefined when it is a drift, a step too small, or the end of an inrush. */
  open(cycle: number): OpenSwitch | undefined;
  /** Takes note of the newest cycle. */
  record(open: OpenSwitch | undefined): void;
  /** Measures the new state from what there is; whether it is steady. */
  settle(open: OpenSwitch): boolean;
  /** Another switch came at `cycle`: what was measured before it stands. */
  endBefore(open: OpenSwitch, cycle: number): void;
  /** The event; undefined when the new state is the old one after all. */
  finish(open: OpenSwitch): SwitchEvent | undefined;
  /** The event of one edge of a pulsing load. */
  edgeEvent(edge: Edge): SwitchEvent;
  /** The event of a soft start; undefined when it is too small or the loads' answer to the supply. */
  softEvent(start: SoftStart): SwitchEvent | undefined;
};

/** Cycles of the old state; more would carry its drift. Beside pulses all their levels are needed. */
const BEFORE_CYCLES = 12;
const PULSING_BEFORE_CYCLES = 24;
const AFTER_CYCLES = 40;
/** From this distance on an edge is no part of the switch itself. */
const NEXT_CYCLES = 5;
/** Part of a change that its first three cycles show; less is a drift. */
const LEAST_LOCAL_SHARE = 0.5;
/** A change that takes more cycles than this may be a ramp. */
const RAMP_CYCLES = 6;
/** An inrush that ends with a step: against its own direction by at least this cosine … */
const INRUSH_COSINE = -0.9;
/** … leaving between this part of it … */
const INRUSH_LEAST_REST = 0.05;
/** … and this part … */
const INRUSH_MOST_REST = 0.6;
/** … and lagging as a rotor at rest does: quadrature over length. */
const INRUSH_LAG = 0.4;

/** Cycles behind a change that show its step apart from an inrush before and a ramp behind. */
const EARLY_FROM = 6;
const EARLY_TO = 12;
/** A ramp is told from this multiple of the least step on: what wanders by a few watts is no switching. */
const LEAST_RAMP = 5;
/** Two steps are the same when they differ by less than this part of the larger. */
const SAME_STEP = 0.1;

type Thresholds = { readonly thresholdVa: number; readonly thresholdRatio: number };

/** Creates the builder. */
export function createEventBuilder(
  ring: CycleRing,
  motion: Motion,
  search: StepSearch,
  { thresholdVa, thresholdRatio }: Thresholds,
): EventBuilder {
  /** One past the last inrush: its end is no switch. */
  let inrushEnd = -1;
  let previousEnd = -1;

  const cyclesOf = (from: number, to: number): number[] => {
    const cycles: number[] = [];
    for (let cycle = from; cycle < to; cycle++) if (!search.isBetweenLevels(cycle)) cycles.push(cycle);
    return cycles;
  };

  /** One level when nothing pulses: then all cycles are equally strong along no direction. */
  const levelsOf = (cycles: readonly number[]): BackgroundLevel[] =>
    backgroundLevels(
      ring,
      cycles,
      cycles.map((cycle) => search.alongOf(cycle)),
      3 * motion.noiseA(),
    );

  const isDrift = (cycle: number): boolean => {
    const isEdge = search.edges().some((edge) => edge.start <= cycle && edge.end >= cycle);
    search.stepAt(cycle);
    return !isEdge && search.localShareAt() < LEAST_LOCAL_SHARE;
  };

  const isRamp = (cycle: number): boolean => {
    const edge = search.edges().find((one) => !one.isReturning && one.start === cycle);
    if (edge === undefined || edge.end - edge.start < RAMP_CYCLES) return false;
    const early = meanFeatures(ring, edge.start + 2, edge.start + 3).map(
      (value, k) => value - (edge.before[k] as number),
    );
    return dot(early, edge.step) < LEAST_LOCAL_SHARE * dot(edge.step, edge.step);
  };

  /** Whether something else begins to move at `later`, switch or not: the new state of `cycle` ends there. */
  const isLoneEdge = (cycle: number, later: number): boolean =>
    later > cycle + NEXT_CYCLES && search.edges().some((edge) => !edge.isReturning && edge.start === later);

  /** End of the last thing that moved before `cycle`. */
  const lastEdgeEnd = (cycle: number): number =>
    search
      .edges()
      .reduce((last, edge) => (!edge.isReturning && edge.end < cycle - 1 ? Math.max(last, edge.end) : last), 0);

  /** The next switch after `cycle`, and the cycle from which an inrush that ends with a step is over. */
  const lookAhead = (cycle: number): { from: number; end: number } => {
    let from = cycle;
    for (let later = cycle + 1; later <= ring.newest(); later++) {
      if (!isLoneEdge(cycle, later) && (!search.isPeak(later) || isDrift(later))) continue;
      if (!endsInrush(cycle, later)) return { from, end: later };
      from = later;
    }
    return { from, end: ring.newest() + 1 };
  };

  const endsInrush = (cycle: number, later: number): boolean => {
    const up = search.stepAt(cycle).slice();
    const down = search.stepAt(later);
    const size = length(up);
    const rest = Math.sqrt(up.reduce((total, value, k) => total + (value + (down[k] as number)) ** 2, 0)) / size;
    return (
      isUp(up) &&
      dot(up, down) < INRUSH_COSINE * size * length(down) &&
      rest > INRUSH_LEAST_REST &&
      rest < INRUSH_MOST_REST &&
      -(up[1] as number) > INRUSH_LAG * size
    );
  };

  const pulsingPairs = (
    cycle: number,
    beforeCycles: readonly number[],
    afterCycles: readonly number[],
  ): CyclePair[] => {
    const along = (cycles: readonly number[]): number[] => cycles.map((cycle) => search.alongOf(cycle));
    const { levels } = matchLevels(along(beforeCycles), along(afterCycles), 3 * motion.noiseA(), pulsesAt(cycle));
    return levels.map(({ before, after }) => ({
      before: before.map((index) => beforeCycles[index] as number),
      after: after.map((index) => afterCycles[index] as number),
    }));
  };

  const pulsesAt = (cycle: number): boolean =>
    search.edges().some((edge) => edge.isReturning && cycle >= edge.start - 2 && cycle <= edge.end + 2);

  /** Whether the change between the pairs is a pulse's own step after all. */
  const isPulseStep = (pairs: readonly CyclePair[]): boolean => {
    const step = new Float64Array(FEATURE_COUNT);
    for (const { before, after } of pairs) {
      const old = meanOf(ring, before);
      meanOf(ring, after).forEach((value, k) => ((step[k] as number) += (value - (old[k] as number)) / pairs.length));
    }
    return search.edges().some((edge) => edge.isReturning && isLike(step, edge.step));
  };

  const measurePulsing = (open: OpenSwitch): void => {
    const end = Math.min(open.end, ring.newest() + 1);
    const edge = search.edges().find((one) => !one.isReturning && one.start <= open.cycle && one.end >= open.cycle);
    const beforeEnd = Math.min(open.cycle - 1, (edge?.start ?? open.cycle) - 1);
    const from = Math.max(ring.oldest(), previousEnd, lastEdgeEnd(open.cycle), beforeEnd - PULSING_BEFORE_CYCLES);
    const beforeCycles = cyclesOf(Math.min(from, beforeEnd - 1), beforeEnd);
    const afterCycles = cyclesOf(Math.max(open.cycle + 1, edge?.end ?? 0), Math.min(end, open.cycle + AFTER_CYCLES));
    if (beforeCycles.length === 0 || afterCycles.length === 0) return;
    const pairs = pulsingPairs(open.cycle, beforeCycles, afterCycles);
    if (pulsesAt(open.cycle) && isPulseStep(pairs)) return;
    const [before, after] = measureStates(ring, pairs);
    open.before = before;
    open.after = after;
    open.settledCycle = afterCycles[0] as number;
    open.settled = true;
    open.levelsAfter = levelsOf(afterCycles);
  };

  const settle = (open: OpenSwitch): boolean => {
    if (open.isBackgroundPulsing) {
      if (open.after === undefined) measurePulsing(open);
      return true;
    }
    const end = Math.min(open.end, ring.newest() + 1);
    const found = findSettled(ring, Math.max(open.from, ring.oldest()), end, open.old, motion.noiseA());
    const cycles = cyclesOf(found.from, end);
    const chosen = cycles.length > 0 ? cycles : [end - 1];
    open.settledCycle = found.from;
    open.settled = found.isSteady;
    if (!found.isSteady && open.isRamp) {
      open.isDropped = true;
      return true;
    }
    if (!found.isSteady && open.end === Infinity) return false;
    open.after = measureState(ring, [chosen]);
    open.levelsAfter = levelsOf(chosen);
    return true;
  };

  return {
    open(cycle) {
      if (cycle < inrushEnd || isDrift(cycle)) return undefined;
      const isBackgroundPulsing = search.basis().length > 0;
      const { from, end } = lookAhead(cycle);
      inrushEnd = from + 1;
      const first = Math.max(
        ring.oldest(),
        previousEnd,
        lastEdgeEnd(cycle),
        cycle - 1 - (isBackgroundPulsing ? PULSING_BEFORE_CYCLES : BEFORE_CYCLES),
      );
      // The newest cycle of the old state is left out: the switch may have closed late in it.
      const chosen = cyclesOf(Math.min(first, cycle - 2), cycle - 1);
      const beforeCycles = chosen.length > 0 ? chosen : [cycle - 1];
      const before = measureState(ring, [beforeCycles]);
      const earlyTo = Math.min(cycle + EARLY_TO, ring.newest() + 1);
      const open: OpenSwitch = {
        cycle,
        startFrame: ring.startFrame(cycle),
        old: meanFeatures(ring, beforeCycles[0] as number, (beforeCycles.at(-1) as number) + 1),
        step: search.stepAt(cycle).slice(),
        early: meanFeatures(ring, Math.min(cycle + EARLY_FROM, earlyTo - 1), earlyTo),
        from,
        end: end > ring.newest() ? Infinity : end,
        settledCycle: cycle,
        settled: false,
        isBackgroundPulsing,
        isRamp: isRamp(cycle),
        isDropped: false,
        before,
        after: undefined,
        levelsBefore: levelsOf(beforeCycles),
        levelsAfter: [],
        recorder: createTransientRecorder(ring, cycle),
      };
      return open;
    },
    record(open) {
      open?.recorder.record();
    },
    settle,
    endBefore(open, cycle) {
      open.end = Math.min(open.end, cycle);
    },
    finish(open) {
      if (open.isDropped) return undefined;
      if (open.after === undefined) {
        open.end = Math.min(open.end, ring.newest() + 1);
        settle(open);
      }
      if (open.after === undefined || open.isDropped) return undefined;
      const difference = differenceOf(open.before, open.after);
      const deltaCurrentA = rms(difference.differenceCurrentA);
      const voltageV = rms(difference.before.voltageV);
      if (deltaCurrentA * voltageV < thresholdVa) return undefined;
      if (deltaCurrentA < thresholdRatio * rms(difference.before.currentA)) return undefined;
      previousEnd = open.settledCycle;
      return toEvent(open, difference, ring.newest(), ring.newest());
    },
    softEvent({ cycle, startFrame, settledCycle, before, after, recorder }) {
      const difference = differenceOf(before, after);
      const sizeVa = rms(difference.differenceCurrentA) * rms(difference.before.voltageV);
      if (sizeVa < LEAST_RAMP * thresholdVa || isVoltageStep(difference)) return undefined;
      const { firstCycle, cycleCount } = after.state;
      const levels = levelsOf(cyclesOf(firstCycle, firstCycle + cycleCount));
      const open = { cycle, startFrame, settledCycle, settled: true, isBackgroundPulsing: false, recorder };
      const { transient, ...event } = toEvent(
        // Of the state before only its current is known by now.
        { ...open, levelsBefore: [levelOf(before)], levelsAfter: levels },
        difference,
        firstCycle,
        ring.newest(),
      );
      return { ...event, transient: { ...transient, decayCycles: NaN, rampCycles: settledCycle - cycle } };
    },
    edgeEvent(edge) {
      const edges = search.edges();
      const place = edges.indexOf(edge);
      const from = Math.max(ring.oldest(), edges[place - 1]?.end ?? 0, edge.start - BEFORE_CYCLES);
      const to = Math.min(ring.newest() + 1, edges[place + 1]?.start ?? Infinity, edge.end + BEFORE_CYCLES);
      const range = (first: number, end: number): number[] =>
        Array.from({ length: Math.max(1, end - first) }, (_, n) => first + n);
      const beforeCycles = range(Math.min(from, edge.start - 1), edge.start - 1 > from ? edge.start - 1 : edge.start);
      const afterCycles = range(edge.end, to - 1 > edge.end ? to - 1 : to);
      const open: OpenSwitch = {
        cycle: edge.start,
        startFrame: ring.startFrame(edge.start),
        old: edge.before,
        step: edge.step,
        early: edge.after,
        from: edge.end,
        end: to,
        settledCycle: edge.end,
        settled: true,
        isBackgroundPulsing: false,
        isRamp: false,
        isDropped: false,
        before: measureState(ring, [beforeCycles]),
        after: measureState(ring, [afterCycles]),
        levelsBefore: levelsOf(beforeCycles),
        levelsAfter: levelsOf(afterCycles),
        recorder: createTransientRecorder(ring, edge.start),
      };
      const difference = differenceOf(open.before, open.after ?? open.before);
      return { ...toEvent(open, difference, to - 1, ring.newest()), isPulsing: true };
    },
  };
}

/** The one level of a state that nothing pulsed in. */
function levelOf({ state }: MeasuredState): BackgroundLevel {
  const { activePowerW, reactivePowerVar, currentA } = state;
  return { activePowerW, reactivePowerVar, currentA: rms(currentA), share: 1 };
}

/** Whether a step is another one's, up or down. */
function isLike(step: Float64Array, other: Float64Array): boolean {
  const up = distance(step, other);
  const down = length(sum(step, other));
  return Math.min(up, down) < SAME_STEP * Math.max(length(step), length(other));
}

/** Mean features of a list of cycles. */
function meanOf(ring: CycleRing, cycles: readonly number[]): Float64Array {
  const mean = new Float64Array(FEATURE_COUNT);
  for (const cycle of cycles) {
    const at = ring.featuresAt(cycle);
    for (let k = 0; k < FEATURE_COUNT; k++) (mean[k] as number) += (ring.features[at + k] as number) / cycles.length;
  }
  return mean;
}
