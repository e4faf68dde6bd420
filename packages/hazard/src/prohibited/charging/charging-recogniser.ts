import { createCircuitMoves } from './circuit-moves.ts';
import { isImpossible, isOffOf, isStillThere } from './candidate-presence.ts';
import { advanceStage, candidateOf, ownSizeVa, termsOf } from './charging-candidate.ts';
import type { ChargingCandidate, ChargingChannel } from './charging-candidate.ts';
import { habitLogOdds, habitOf, remember } from './charging-habits.ts';
import type { ChargingHabit } from './charging-habits.ts';
import { confirmingOf, sumOf } from './charging-odds.ts';
import { opinionOf } from './charging-opinion.ts';
import type { ChargingOpinion } from './charging-opinion.ts';
import { isDisproved, isNoChargeInHindsight, isUnproved, prove } from './charging-proof.ts';
import type { ChargingReading } from './charging-reading.ts';
import { blankSecond, extendCourse, noteStep } from './load-course.ts';
import type { PartedStep } from './mixed-steps.ts';
import type { Move } from './known-pulses.ts';
import { createRecentSwitches } from './recognised-switch.ts';
import type { RecognisedSwitch, SwitchSeen } from './recognised-switch.ts';
import { SEEN } from './course-filter.ts';
import { createRecentPower } from './recent-power.ts';
import { createRecentSeconds } from './recent-seconds.ts';
import {
  differenceOf,
  distortionOf,
  isCorrected,
  isOneRectifier,
  powerOf,
  USUAL_DISTORTION_RATIO,
} from './step-power.ts';
import { createStepWatch, DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** Settings of a charging recogniser; all optional, log-odds by development on simulated circuits. */
export type ChargingSettings = {
  /** Log-odds for a tentative opinion, after 12 s. Default 1. */
  readonly tentativeLogOdds?: number;
  /** Log-odds for a confirmed opinion, at ten minutes; 1.3 more at any other time after eight. Default 1.6. */
  readonly confirmedLogOdds?: number;
  /** The same for one with power-factor correction, from the eighth minute to the tenth. Default 1.15. */
  readonly correctedLogOdds?: number;
  /** What readings without phasors must have more: they cannot be separated from restless loads. Default 1.4. */
  readonly meterLogOdds?: number;
};

/** Everything to be kept over a restart, plain JSON. */
export type ChargingState = {
  readonly schemaVersion: 1;
  readonly nextId: number;
  readonly lastAt: number | null;
  readonly lastDistortionVa: number | null;
  readonly candidates: readonly ChargingCandidate[];
  readonly habits: readonly ChargingHabit[];
};

export type ChargingRecogniser = {
  /**
   * Takes the active power of a cycle that ended at `at`, ms on the clock of the readings; before the reading of its second.
   * Optional: a terminal has it, and soft starts are told apart by it; without it all rests on the course.
   */
  readonly cycle: (at: number, activePowerW: number) => void;
  /**
   * Takes a load switched on, as soon as its waveform was judged. Optional, like the cycles: once it was called, a step
   * without a switching counts less.
   */
  readonly switched: (switched: RecognisedSwitch) => void;
  /** Takes a second; returns true when the opinions may have changed. Seconds in order; others are ignored. */
  readonly read: (reading: ChargingReading) => boolean;
  readonly opinions: () => readonly ChargingOpinion[];
  readonly state: () => ChargingState;
};

const TENTATIVE_AFTER_MS = 12_000;
/** After this a step that stayed silent is not tentative any more: it is confirmed or rejected by its course. */
const TENTATIVE_UNTIL_MS = 30_000;
/** Minutes of course that a confirmation needs: fewer would decide sooner and leave lamps and batteries alike. */
const CONFIRM_MINUTES = 8;
const UNDECIDED_MINUTES = 16;
/** When the ten minutes within which a confirmation is asked are nearly over; seconds of other loads' steps are not looked at. */
const LAST_CALL_MS = { from: 590_000, to: 600_000 } as const;
/**
 * What a rectifier's confirmation at any other time must have more, and a corrected supply's after it: before, each minute
 * still tells lamps that warm from batteries; after it a battery is told clearly, and asking every minute is asking for chance.
 */
const UNDUE_LOG_ODDS = 1.3;
const REJECT_MINUTES = 8;
const REJECTED_LOG_ODDS = -2;
const MOST_CANDIDATES = 4;
/** A contact that closed so long after a step's first second was not what began it. */
const LATE_CONTACT_MS = 500;
/** Part of a rejection that a confirmation without proof counts. */
const UNPROVED = 0.7;
/** Fewer than this in a row are a hole; more, and levels are learned anew. */
const LONGEST_GAP_MS = 10_000;

/**
 * Recognises a battery being charged in readings of one second.
 *
 * Every step that may be a charger's becomes a candidate. A matched filter sees it in the sum of all loads; steps of others
 * are taken out; log-odds of step, flicker, drift and scatter add up. A rectifier without power-factor correction is
 * followed by its distortion, because heaters, motors and the voltage's drift do not touch it; one with correction by its
 * power, and only large ones are told from lamps and computers.
 *
 * Throws RangeError for settings that are not finite or a state of another version.
 */
export function createChargingRecogniser(
  settings: ChargingSettings = {},
  restored?: ChargingState,
): ChargingRecogniser {
  const { tentativeLogOdds = 1, confirmedLogOdds = 1.6, correctedLogOdds = 1.15, meterLogOdds = 1.4 } = settings;
  for (const [name, value] of Object.entries({ tentativeLogOdds, confirmedLogOdds, correctedLogOdds, meterLogOdds })) {
    if (!Number.isFinite(value)) throw new RangeError(`charging: ${name} is ${value}, expected a finite number`);
  }
  if (restored !== undefined && restored.schemaVersion !== 1) {
    throw new RangeError(`charging: state of schema version ${String(restored.schemaVersion)}, expected 1`);
  }
  const kept = restored === undefined ? undefined : (JSON.parse(JSON.stringify(restored)) as ChargingState);
  // A candidate kept by an earlier build lacks phasors of higher orders: it cannot be followed on.
  let candidates = (kept?.candidates ?? []).filter(
    ({ course }) => course.seenSum?.length === SEEN.length && Array.isArray(course.powers),
  );
  const habits: ChargingHabit[] = [...(kept?.habits ?? [])];
  let nextId = kept?.nextId ?? 1;
  let lastAt = kept?.lastAt ?? -Infinity;
  let lastDistortionVa = kept?.lastDistortionVa ?? NaN;
  let isResuming = kept !== undefined;
  const watch = createStepWatch(2);
  const powerWatch = createStepWatch(0);
  let distortionStepUntil = -Infinity;
  let shiftedUntil = -Infinity;
  let isPulse = false;
  const recent = createRecentSeconds();
  const recentPower = createRecentPower();
  const moves = createCircuitMoves(recent);
  const switches = createRecentSwitches();
  const x = new Float64Array(DIMENSIONS);
  const deviation = new Float64Array(DIMENSIONS);

  const end = (candidate: ChargingCandidate, at: number, isRejected: boolean): void => {
    candidates = candidates.filter((other) => other !== candidate);
    const distortionVa = candidate.channel === 'power' ? 0 : candidate.distortionLowVa;
    const step = { activePowerW: candidate.activePowerW, distortionVa };
    if (candidate.provedAt !== null) remember(habits, step, true, at);
    else if (isRejected || isNoChargeInHindsight(candidate, at)) remember(habits, step, false, at);
    else if (isUnproved(candidate, at)) remember(habits, step, false, at, UNPROVED);
  };

  /** `isShifted` = the other watch told the same step before: it moved everything around already. */
  const takeStep = (step: CircuitStep, channel: ChargingChannel, hasPhasors: boolean, isShifted: boolean): boolean => {
    // What is followed by its power may move the distortion as well when it goes.
    const gone = candidates.find(
      (candidate) => (candidate.channel === channel || candidate.channel === 'power') && isOffOf(candidate, step),
    );
    if (!isShifted) {
      const { move, parted } = moves.take(step, hasPhasors);
      isPulse = move.isPulse;
      shift(step, move);
      if (parted !== undefined) takeParted(parted);
    }
    const binsBefore = recent.binsBefore(step.startedAt - 1500);
    if (channel === 'distortion') recent.restart();
    if (gone !== undefined) {
      end(gone, step.endedAt, false);
      return true;
    }
    if (isPulse) return false;
    const opened = open(step, channel, hasPhasors, binsBefore);
    moves.note(step, binsBefore, opened?.id ?? null);
    return false;
  };

  /** `offset` = the circuit around it now, where its step was parted from another load's. */
  const open = (
    step: CircuitStep,
    channel: ChargingChannel,
    hasPhasors: boolean,
    binsBefore: readonly Float64Array[],
    offset?: readonly number[],
  ): ChargingCandidate | undefined => {
    const { startedAt, settlingS } = step;
    const isPower = channel === 'power';
    const switchedW = offset === undefined ? switches.powersW(startedAt, settlingS) : [];
    const powerW = isPower
      ? (step.after[0] as number) - (step.before[0] as number)
      : powerOf(step, USUAL_DISTORTION_RATIO, hasPhasors, switchedW);
    const switched = switches.behind(startedAt, settlingS, powerW);
    const habit = habitOf(habits, powerW, isPower ? 0 : distortionOf(step, hasPhasors));
    const candidate = candidateOf(
      `e${nextId}`,
      step,
      channel,
      hasPhasors,
      habitLogOdds(habit),
      powerW,
      switched,
      // The rise of two loads together is neither's.
      offset === undefined ? riseOf(step, powerW, switched) : NaN,
      // The newest second before the step may hold a part of it.
      recent.before(startedAt - 1500),
      binsBefore,
    );
    if (candidate === undefined) return undefined;
    if (candidates.length >= MOST_CANDIDATES && !giveWay(candidate)) return undefined;
    if (offset !== undefined) candidate.offset = [...offset];
    if (switches.isFed()) candidate.switched = switched ?? null;
    nextId++;
    candidates.push(candidate);
    return candidate;
  };

  /** What was taken for one load's step was two loads': the other one is known, what remains is judged anew. */
  const takeParted = ({ step, whole, offset, binsBefore, candidateId }: PartedStep): void => {
    if (isOneRectifier(whole, step)) return;
    if (candidates.some(({ id, confirmedAt }) => id === candidateId && confirmedAt !== null)) return;
    candidates = candidates.filter(({ id }) => id !== candidateId);
    open(step, isCorrected(step, true) ? 'power' : 'distortion', true, binsBefore, offset);
  };

  /** From the beginning of the step or, where another load moved just before, from the contact. */
  const riseOf = ({ startedAt }: CircuitStep, powerW: number, switched: SwitchSeen | undefined): number => {
    const sinceStart = recentPower.riseMs(startedAt, powerW);
    if (switched === undefined) return sinceStart;
    const isLate = switched.at > startedAt + LATE_CONTACT_MS;
    return isLate || Number.isNaN(sinceStart) ? recentPower.riseMs(startedAt, powerW, switched.at) : sinceStart;
  };

  /** A pulsing load must not fill all places: the least likely without an opinion goes, when the new one is likelier. */
  const giveWay = (candidate: ChargingCandidate): boolean => {
    let least = sumOf(termsOf(candidate));
    let loser: ChargingCandidate | undefined;
    for (const other of candidates) {
      if (other.tentativeAt !== null || other.confirmedAt !== null) continue;
      const logOdds = sumOf(termsOf(other));
      if (logOdds >= least) continue;
      least = logOdds;
      loser = other;
    }
    if (loser === undefined) return false;
    candidates = candidates.filter((other) => other !== loser);
    return true;
  };

  /** A step of somebody else moves what is taken off. */
  const shift = (step: CircuitStep, { by, isPulse }: Move): void => {
    const measured = differenceOf(step);
    for (const { channel, offset, course } of candidates) {
      // Power has no shape: what was taken for a load's is only told from a pulse by what the pulses leave.
      const moved = channel === 'power' ? measured : by;
      noteStep(course, distortionOf(step, true), moved[0] as number, isPulse);
      for (let k = 0; k < DIMENSIONS; k++) offset[k] = (offset[k] as number) + (moved[k] as number);
    }
  };

  const follow = (candidate: ChargingCandidate, at: number): boolean => {
    const ownVa = ownSizeVa(candidate, x);
    for (let k = 0; k < DIMENSIONS; k++) deviation[k] = (x[k] as number) - (candidate.offset[k] as number);
    const isMinute = extendCourse(candidate.course, at, ownVa, deviation, x[0] as number);
    const elapsedMs = at - candidate.onAt;
    if (candidate.tentativeAt === null && elapsedMs >= TENTATIVE_AFTER_MS && elapsedMs <= TENTATIVE_UNTIL_MS) {
      if (sumOf(termsOf(candidate)) < tentativeLogOdds) return false;
      candidate.tentativeAt = at;
      return true;
    }
    if (isMinute) return judgeMinute(candidate, at);
    return isLastCall(elapsedMs) && candidate.confirmedAt === null && confirm(candidate, at);
  };

  const confirm = (candidate: ChargingCandidate, at: number): boolean => {
    const terms = termsOf(candidate);
    const { hasPhasors, channel } = candidate;
    const elapsedMs = at - candidate.onAt;
    const isDue = channel === 'power' ? elapsedMs <= LAST_CALL_MS.to : isLastCall(elapsedMs);
    const least = (channel === 'power' ? correctedLogOdds : confirmedLogOdds) + (isDue ? 0 : UNDUE_LOG_ODDS);
    const isEnough = hasPhasors
      ? confirmingOf(terms, channel) >= least
      : sumOf(terms) >= confirmedLogOdds + meterLogOdds;
    if (!isEnough) return false;
    candidate.confirmedAt = at;
    return true;
  };

  const judgeMinute = (candidate: ChargingCandidate, at: number): boolean => {
    const { minutes } = candidate.course;
    const newest = minutes.at(-1);
    const previous = minutes.at(-2);
    if (newest === undefined) return false;
    advanceStage(candidate);
    const fell = previous !== undefined && newest.value < 0.5 * previous.value;
    const isDone = newest.value < Math.max(10, 0.08 * candidate.highestVa);
    const isGone = isImpossible(candidate, x);
    if (fell || isDone || isGone) {
      end(candidate, at, candidate.confirmedAt === null && fell && !isGone);
      return true;
    }
    if (candidate.confirmedAt !== null) {
      if (candidate.provedAt !== null || !isDisproved(candidate)) return prove(candidate, at);
      end(candidate, at, true);
      return true;
    }
    if (minutes.length < CONFIRM_MINUTES) return false;
    if (confirm(candidate, at)) return true;
    const logOdds = sumOf(termsOf(candidate));
    // What its first quarter of an hour has not shown is not shown any more.
    if (minutes.length >= UNDECIDED_MINUTES) {
      end(candidate, at, false);
      return true;
    }
    if (minutes.length >= REJECT_MINUTES && logOdds < REJECTED_LOG_ODDS) {
      end(candidate, at, true);
      return true;
    }
    return false;
  };

  return {
    cycle: (at, activePowerW) => recentPower.push(at, activePowerW),
    switched(switched) {
      switches.add(switched);
      // Told late: its step has become a candidate meanwhile.
      for (const candidate of candidates) {
        if (candidate.switched === null) {
          const { onAt, settlingS, activePowerW } = candidate;
          candidate.switched = switches.behind(onAt, settlingS, activePowerW) ?? null;
        }
      }
    },
    read(reading) {
      const { at, activePowerW, distortionVa } = reading;
      if (!(at > lastAt)) return false;
      if (!Number.isFinite(activePowerW) || !Number.isFinite(distortionVa)) return false;
      if (at - lastAt > LONGEST_GAP_MS) {
        watch.reset();
        powerWatch.reset();
        recent.reset();
        moves.reset();
      }
      // After an interruption the level tells whether the candidates can still be there.
      if (isResuming || at - lastAt > LONGEST_GAP_MS) {
        candidates = candidates.filter((candidate) => isStillThere(candidate, distortionVa, lastDistortionVa));
        for (const { course } of candidates) blankSecond(course);
        isResuming = false;
      }
      lastAt = at;
      lastDistortionVa = distortionVa;
      fill(x, reading);
      const step = watch.push(at, x);
      const powerStep = powerWatch.push(at, x);
      recent.push(at, x);
      const hasPhasors = reading.harmonicsVa !== undefined;
      let isChanged = false;
      if (step !== undefined) {
        const opened = nextId;
        isChanged = takeStep(step, 'distortion', hasPhasors, false);
        shiftedUntil = step.endedAt;
        // A large corrected supply moves the distortion a little as well: what is no rectifier may still be that.
        if (isChanged || nextId > opened || !isCorrected(step, hasPhasors)) distortionStepUntil = step.endedAt;
      }
      // A step that moved the distortion too was taken there.
      if (powerStep !== undefined && !watch.isChanging() && powerStep.startedAt > distortionStepUntil) {
        // Its harmonics may cancel those of others, so that the distortion hardly moved.
        const isRectifier = hasPhasors && !isCorrected(powerStep, hasPhasors);
        isChanged =
          takeStep(powerStep, isRectifier ? 'distortion' : 'power', hasPhasors, powerStep.startedAt <= shiftedUntil) ||
          isChanged;
      }
      if (candidates.length === 0) return isChanged;
      const isChanging = watch.isChanging() || step !== undefined;
      const isPowerChanging = isChanging || powerWatch.isChanging() || powerStep !== undefined;
      // A pulsing load is off for a second at times: nothing that goes on draws more than the whole circuit then.
      candidates = candidates.filter(
        (candidate) => candidate.channel !== 'power' || candidate.confirmedAt !== null || !isImpossible(candidate, x),
      );
      for (const candidate of candidates) {
        if (candidate.channel === 'power' ? isPowerChanging : isChanging) blankSecond(candidate.course);
        else if (follow(candidate, at)) isChanged = true;
      }
      return isChanged;
    },
    opinions: () => candidates.flatMap((candidate) => opinionOf(candidate) ?? []),
    state: () =>
      JSON.parse(
        JSON.stringify({
          schemaVersion: 1,
          nextId,
          lastAt: Number.isFinite(lastAt) ? lastAt : null,
          lastDistortionVa: Number.isFinite(lastDistortionVa) ? lastDistortionVa : null,
          candidates,
          habits,
        }),
      ) as ChargingState,
  };
}

function isLastCall(elapsedMs: number): boolean {
  return elapsedMs >= LAST_CALL_MS.from && elapsedMs <= LAST_CALL_MS.to;
}

function fill(x: Float64Array, reading: ChargingReading): void {
  x[0] = reading.activePowerW;
  x[1] = Number.isFinite(reading.reactivePowerVar) ? reading.reactivePowerVar : 0;
  x[2] = reading.distortionVa;
  const { harmonicsVa } = reading;
  for (let k = FIRST_HARMONIC; k < DIMENSIONS; k++) x[k] = harmonicsVa?.[k - FIRST_HARMONIC] ?? 0;
}
