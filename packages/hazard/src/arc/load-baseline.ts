import { MOST_LEARNED, type HalfCycleHistory } from './half-cycle-history.ts';
import { RECTIFIER_REST } from './load-class.ts';
import { fitState, isCommutator, learnState, summariseState, teachState, type LoadState } from './load-state.ts';
import type { HalfCycleFeatures } from './half-cycle-features.ts';
import type { DropFit } from './voltage-drop-fit.ts';

/** States kept, 1 KiB each; the one not seen for longest makes room. */
export const MOST_STATES = 5;
/** Half-cycles from which a quiet load is learned, and a noisy one. */
const QUIET_COUNT = 8;
const NOISY_COUNT = 40;
/** Half-cycles that no state explains after which the newest are learned whatever they are. */
const FORCED_COUNT = 200;
/**
 * The same while an arc is confirmed: ten minutes at 50 Hz. An arc that goes on would else be the load it burns in after
 * two seconds, and its alarm would end while it burns; an alarm that is wrong must end some time all the same.
 */
const FORCED_COUNT_IN_ALARM = 60_000;
/** Half-cycles in a row of another known state after which the loads are in that state. */
const SWITCH_COUNT = 3;
/**
 * Half-cycles whose mean surprise says whether the loads stand still again, and how many stand still then: a surprise is a
 * difference from the half-cycle two before.
 */
const STEADY_COUNT = 5;
const STEADY_FROM = STEADY_COUNT + 2;
/**
 * Part of a supply's level below which it draws nothing, and how long its arc may be out before it is taken for switched
 * off: what follows an arc that strikes again is told against the supply, not against nothing.
 */
const OUT_LEVEL = 0.05;
const MOST_OUT_COUNT = 20;
/** Arcing half-cycles among 40 up to which these are learned, and the same where a supply misses pulses. */
const MOST_NOISY = 6;
const MOST_MADE_UP = 2;
/** Usual deviations of the drop that it may move in a cycle and yet stand still: of two equal scatters, 1.4. */
const STILL_DROP = 2;

const fit: DropFit = { gainDrop: 0, shift: 0, drop: 0, explained: 0, distance: 0 };

/** What a half-cycle like its state may teach it. */
export type Trust = { readonly teaches: boolean; readonly teachesSurprise: boolean };

/** What the verdicts of the newest half-cycles say against learning them. */
export type RecentVerdicts = {
  /** Arcing among the newest 8 and 40. */
  readonly ofEight: number;
  readonly ofForty: number;
  /** Whether the half-cycle two before arced. */
  readonly arcedTwoBefore: boolean;
  /** Whether a supply was just without its pulses. */
  readonly isStarved: boolean;
  /** Whether an arc is confirmed and has not ended. */
  readonly isInAlarm: boolean;
  /** Streaks (0..8) of pure and of exact drops. */
  readonly pureStreak: number;
  readonly exactStreak: number;
};

/**
 * The installation's own baseline: the states its loads have been seen in, each with its mean half-cycle. A new state is
 * learned within 80 ms of a switching, as soon as eight half-cycles in a row are alike; of a noisy load after 0.4 s. What
 * arcs is not learned: it neither repeats nor stands still.
 */
export type LoadBaseline = {
  readonly states: readonly LoadState[];
  active(): LoadState | undefined;
  activeIndex(): number;
  /** Distance up to which a half-cycle belongs to the state. */
  reach(state: LoadState, side: 0 | 1): number;
  /** Index of the nearest other state that the half-cycle belongs to, or -1. */
  otherState(currentA: Float64Array, side: 0 | 1): number;
  /** While nothing is known: learns the first state when it can. */
  begin(history: HalfCycleHistory, peakV: number): void;
  /** The half-cycle belongs to the active state; `teaches` unless it is suspect. */
  confirm(history: HalfCycleHistory, seen: HalfCycleFeatures, dropV: number, trust: Trust): void;
  /** The half-cycle belongs to state `index`. */
  meet(index: number): void;
  /** The half-cycle belongs to none. Returns how many verdicts a newly learned state makes void. */
  wonder(history: HalfCycleHistory, seen: HalfCycleFeatures, peakV: number, recent: RecentVerdicts): number;
  /** Forgets what was under way, not what was learned: after a gap in the stream. */
  interrupt(): void;
};

export function createLoadBaseline(zeroPoint: number, restored: LoadState[] = []): LoadBaseline {
  const states = restored.slice(-MOST_STATES);
  let active = states.length > 0 ? newestOf(states) : -1;
  let alike = 0;
  let unexplained = 0;
  let met = -1;
  let metCount = 0;
  const surprises = new Float32Array(STEADY_COUNT);
  const drops = new Float32Array(STEADY_COUNT + 2);
  const note = (number: number, seen: HalfCycleFeatures): void => {
    surprises[number % STEADY_COUNT] = seen.surprise;
    drops[number % drops.length] = seen.dropV;
  };
  /** Mean movement of the drop over a cycle. */
  const dropMoveV = (number: number): number => {
    let sum = 0;
    for (let back = 0; back < STEADY_COUNT; back++) {
      const here = drops[(number - back + drops.length) % drops.length] as number;
      const before = drops[(number - back - 2 + drops.length) % drops.length] as number;
      sum += Math.abs(here - before);
    }
    return sum / STEADY_COUNT;
  };

  const reach = (state: LoadState, side: 0 | 1): number =>
    Math.max(3 * state.distance, 0.012, 0.02 / Math.max(state.levelsA[side], 1e-3));

  const adopt = (history: HalfCycleHistory, count: number, peakV: number): void => {
    const state = learnState(history, Math.min(count, MOST_LEARNED), peakV, zeroPoint);
    if (states.length < MOST_STATES) active = states.push(state) - 1;
    else {
      active = oldestOf(states);
      states[active] = state;
    }
    alike = 0;
    unexplained = 0;
  };

  return {
    states,
    active: () => states[active],
    activeIndex: () => active,
    reach,
    otherState(currentA, side) {
      let best = Infinity;
      let found = -1;
      for (let index = 0; index < states.length; index++) {
        const state = states[index];
        if (index === active || state === undefined) continue;
        fitState(state, side, currentA, fit);
        if (fit.distance < best && fit.distance <= reach(state, side)) {
          best = fit.distance;
          found = index;
        }
      }
      return found;
    },
    begin(history, peakV) {
      const level = history.levelA(0);
      alike = history.surpriseA(0) < Math.max(0.02 * level, 0.02) ? alike + 1 : 0;
      unexplained++;
      if (alike >= QUIET_COUNT) adopt(history, QUIET_COUNT, peakV);
      else if (unexplained >= NOISY_COUNT) adopt(history, NOISY_COUNT, peakV);
    },
    confirm(history, seen, dropV, { teaches, teachesSurprise }) {
      const state = states[active];
      if (state === undefined) return;
      note(history.count(), seen);
      state.seenAt = history.count();
      unexplained = 0;
      alike = 0;
      metCount = 0;
      if (!teaches) return;
      const { distance, stepRatio } = seen;
      const surprise = teachesSurprise ? seen.surprise : state.surprise;
      teachState(state, history, { distance, surprise, dropV, stepRatio });
      if (history.count() % 16 === 0) summariseState(state, zeroPoint);
    },
    meet(index) {
      metCount = index === met ? metCount + 1 : 1;
      met = index;
      if (metCount < SWITCH_COUNT) return;
      active = index;
      metCount = 0;
      unexplained = 0;
      alike = 0;
    },
    wonder(history, seen, peakV, recent) {
      const state = states[active];
      if (state === undefined) return 0;
      note(history.count(), seen);
      metCount = 0;
      unexplained++;
      const level = Math.max(state.levelsA[history.side(0)], 0.05);
      const drift = (recent.arcedTwoBefore ? 0.02 : 0.04) * seen.distance;
      alike = seen.surprise <= Math.max(2 * state.distance, drift, 0.01 / level, 0.003) ? alike + 1 : 0;
      // As steady as the state before was, at its own level: whatever its shape, a load has been switched.
      let surprise = 0;
      for (const value of surprises) surprise += value / STEADY_COUNT;
      const ofOwnLevel = (surprise * level) / Math.max(level, seen.levelA);
      const isStill = dropMoveV(history.count()) <= STILL_DROP * state.dropSpreadV;
      const isSteady = unexplained >= STEADY_FROM && isStill && ofOwnLevel <= 1.5 * state.surprise + 0.001;
      const isNoisy = isCommutator(state);
      const mayLearn = recent.ofEight <= 2 || (isNoisy ? recent.ofEight < 5 : recent.pureStreak < 6);
      const mayBeOut =
        state.restPoints >= RECTIFIER_REST && seen.levelRatio < OUT_LEVEL && unexplained < MOST_OUT_COUNT;
      const isQuiet = alike >= QUIET_COUNT && mayLearn;
      if ((isQuiet || (isSteady && !isNoisy && recent.exactStreak < 6)) && !mayBeOut) {
        adopt(history, isQuiet ? QUIET_COUNT : STEADY_FROM, peakV);
        return recent.ofEight > 2 ? QUIET_COUNT + 1 : 0;
      }
      const forcedCount = recent.isInAlarm ? FORCED_COUNT_IN_ALARM : FORCED_COUNT;
      // Pulses that are missing and made up for are no load: learned as one, any half-cycle would belong to it.
      const mostOfForty = recent.isStarved ? MOST_MADE_UP : MOST_NOISY;
      if ((unexplained >= NOISY_COUNT && recent.ofForty <= mostOfForty) || unexplained >= forcedCount) {
        adopt(history, NOISY_COUNT, peakV);
      }
      return 0;
    },
    interrupt() {
      alike = 0;
      unexplained = 0;
      metCount = 0;
    },
  };
}

function newestOf(states: readonly LoadState[]): number {
  let newest = 0;
  states.forEach((state, index) => {
    if (state.seenAt > (states[newest]?.seenAt ?? -Infinity)) newest = index;
  });
  return newest;
}

function oldestOf(states: readonly LoadState[]): number {
  let oldest = 0;
  states.forEach((state, index) => {
    if (state.seenAt < (states[oldest]?.seenAt ?? Infinity)) oldest = index;
  });
  return oldest;
}
