import { checkPositive, checkWhole } from './argument-checks.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createCycleRing } from './switching/cycle-ring.ts';
import { cancels, PULSE_CYCLES } from './switching/edges.ts';
import type { Edge } from './switching/edges.ts';
import { createEventBuilder } from './switching/event-builder.ts';
import type { OpenSwitch } from './switching/event-builder.ts';
import { createHeldEvents } from './switching/held-events.ts';
import { createMotion } from './switching/motion.ts';
import { createPulseBook, KNOWN_EDGES } from './switching/pulse-book.ts';
import { createSoftStartWatch } from './switching/soft-start.ts';
import { createStepSearch, MOST_ROWS, PEAK_RADIUS } from './switching/step-search.ts';
import type { SwitchEvent } from './switching/switch-event.ts';

/** Settings of a switch event detector. */
export type SwitchEventSettings = {
  readonly samplesPerCycle: number;
  /** Smallest step, VA (rms of the difference, harmonics 1 to 11, times the voltage). Default 4. */
  readonly thresholdVa?: number;
  /** Smallest step as a part of the current of the old state. Default 0.002. */
  readonly thresholdRatio?: number;
  /** Smallest step in standard errors, root mean square over 22 components. Default 3.2. */
  readonly thresholdScore?: number;
  /** Cycles after which an unsettled new state is taken as it is. Default 150 (3 s at 50 Hz): motors, PTC heaters. */
  readonly longestSettlingCycles?: number;
};

/** Cycles in, switch events out. */
export type SwitchEventDetector = {
  /** Takes the next cycle; calls back for each switch that is decided by it, in the order of `cycle`. */
  push(reading: CycleReading, samples: CycleSamples, onEvent: (event: SwitchEvent) => void): void;
  /** Ends the stream: tells the switches that still waited, at least 6 cycles old. */
  flush(onEvent: (event: SwitchEvent) => void): void;
};

/** Cycles after a change at which it is decided: 0.8 s at 50 Hz. What is taken back by then was a pulse. */
export const HOLD_CYCLES = PULSE_CYCLES;
/** Cycles held: the hold, and a window before the change. */
const RING_CYCLES = MOST_ROWS;

/**
 * Detects switching as steps of the current's waveform, on a circuit whose background may pulse.
 *
 * Each cycle is a vector of harmonics 1 to 11, phase-locked to the voltage. A change is a switch when the means of the
 * 12 cycles on both sides differ by more than `thresholdScore` standard errors (their own cycle-to-cycle spread is the
 * noise), when the difference appears within 3 cycles, and when nothing takes it back within the hold. What is taken
 * back is a pulse: its direction is left out of the comparison from then on, windows grow to 20 cycles, and both states
 * of a switch are averaged on the same level of the pulsing load. A load that pulses is told once when it begins and
 * once when it has stopped; pulsing is what repeats within 2.5 s, slower switching is told each time.
 *
 * What leads from one steady state to another little by little within 3 s is a soft start: one event, from where it
 * begins (`transient.rampCycles`). A plug's inrush and a first step of less than half of it, up to 0.7 s before the
 * current goes on, belong to it.
 *
 * An event comes 40 cycles after its change (0.8 s at 50 Hz). Later: when the new state has not settled by then (at most
 * `longestSettlingCycles`); when the current still goes on and may pass twice the step (a soft start: 60 cycles after its
 * end, about 200 after the step at most); for the end of a pulsing load (twice its longest dwell, at most 125 cycles).
 * Two switches 6 cycles apart are two events. Not told: a change within the first 6 cycles, a use shorter than the hold,
 * a drift, a dimmer turned for more than 3 s, a ramp beside a load that pulses or of less than 5 % of the current. Inrush
 * belongs to the change.
 * Cycles that are not locked or hold NaN end everything: after them the circuit is learned anew.
 *
 * Throws RangeError for settings out of range. Holds 64 cycles: 20 KiB at 128 points, 6 KiB more beside a load that
 * pulses, up to 25 KiB while a start of more than a second goes on and 8 KiB for each switch held within it; no allocation
 * per cycle otherwise.
 *
 * @example detector.push(reading, samples, (event) => show(event.kind, event.deltaActivePowerW))
 */
export function createSwitchEventDetector(settings: SwitchEventSettings): SwitchEventDetector {
  return createSwitchEventDetectorOn(createStepSearch, settings);
}

/** The same on another step search: for the test that compares ours with a plain one. */
export function createSwitchEventDetectorOn(
  createSearch: typeof createStepSearch,
  settings: SwitchEventSettings,
): SwitchEventDetector {
  const { samplesPerCycle, thresholdVa = 4, thresholdRatio = 0.002, thresholdScore = 3.2 } = settings;
  const { longestSettlingCycles = 150 } = settings;
  checkWhole('createSwitchEventDetector', 'samplesPerCycle', samplesPerCycle, 1);
  checkWhole('createSwitchEventDetector', 'longestSettlingCycles', longestSettlingCycles, 6);
  checkPositive('createSwitchEventDetector', 'thresholdVa', thresholdVa);
  checkPositive('createSwitchEventDetector', 'thresholdRatio', thresholdRatio);
  checkPositive('createSwitchEventDetector', 'thresholdScore', thresholdScore);
  const ring = createCycleRing(RING_CYCLES, samplesPerCycle);
  const motion = createMotion(ring);
  const book = createPulseBook();
  const search = createSearch(ring, motion, HOLD_CYCLES - 1 - PEAK_RADIUS, thresholdScore, () => book.steps());
  const builder = createEventBuilder(ring, motion, search, { thresholdVa, thresholdRatio });
  const softStarts = createSoftStartWatch(ring, motion);
  const held = createHeldEvents();
  let considered = -1;
  let open: OpenSwitch | undefined;
  let isEnding = false;

  const tell = (change: OpenSwitch, onEvent: (event: SwitchEvent) => void): void => {
    const event = builder.finish(change);
    if (event === undefined) return;
    const { step, early } = change;
    const isDrift = !event.settled && softStarts.isPartOfRamp(event.cycle, event.deltaCurrentA);
    const isHeld = !isEnding && book.steps().length === 0 && softStarts.isWithin(event.cycle, early);
    if (isHeld) held.hold({ event, step, early, isDrift });
    else if (!isDrift) {
      giveUpSoftStart(event.cycle, onEvent);
      book.told(event.kind, { cycle: event.cycle, step });
      onEvent(event);
    }
  };

  /** A switch at `cycle` is its own: what ramped before it stands, a ramp that holds it is none. */
  const giveUpSoftStart = (cycle: number, onEvent: (event: SwitchEvent) => void): void => {
    softStarts.told(cycle);
    tellSoftStart(cycle, onEvent);
    tellHeld(onEvent);
  };

  const tellHeld = (onEvent: (event: SwitchEvent) => void): void => {
    for (const { event, step } of held.release()) {
      book.told(event.kind, { cycle: event.cycle, step });
      onEvent({ ...event, decidedCycle: ring.newest() });
    }
  };

  /** Tells a soft start once it is known that no step within it is an event, and what was held for one that is none. */
  const tellSoftStart = (due: number, onEvent: (event: SwitchEvent) => void): void => {
    const start = softStarts.take(due);
    const isOne = start !== undefined && book.steps().length === 0 && held.arePartsOf(start);
    const event = isOne ? builder.softEvent(start) : undefined;
    if (event !== undefined) {
      held.release();
      onEvent(event);
    } else if (softStarts.isOver()) tellHeld(onEvent);
  };

  /** Tells the open switch when it has settled or its time is up. */
  const close = (isEnd: boolean, onEvent: (event: SwitchEvent) => void): void => {
    if (open === undefined) return;
    const isLate = isEnd || ring.newest() - open.cycle + 1 >= longestSettlingCycles;
    if (!builder.settle(open) && !isLate) return;
    tell(open, onEvent);
    open = undefined;
  };

  const returningAt = (cycle: number): Edge | undefined => {
    for (const edge of search.edges()) if (edge.start === cycle && edge.isReturning) return edge;
    return undefined;
  };

  const considerPulse = (cycle: number, onEvent: (event: SwitchEvent) => void): void => {
    const edge = returningAt(cycle);
    if (edge === undefined) return;
    const pulse = book.take({ cycle, step: edge.step });
    const ahead = search
      .edges()
      .filter((later) => later.start > cycle && later.isReturning && isSame(later.step, edge.step));
    const isKnown = pulse.edgeCount + ahead.length >= KNOWN_EDGES;
    const begins = isKnown && pulse.isHigh && pulse.beganQuiet && !pulse.isToldOn;
    if (begins) {
      pulse.isToldOn = true;
      giveUpSoftStart(cycle, onEvent);
      onEvent(builder.edgeEvent(edge));
      return;
    }
    // It may be the last fall; when the next rise is already there it is not.
    const isLast = !pulse.isHigh && !search.edges().some((later) => later.start > cycle && later.isReturning);
    if (isLast && (pulse.isToldOn || pulse.ranBefore)) pulse.lastFall = builder.edgeEvent(edge);
    else delete pulse.lastFall;
  };

  const consider = (cycle: number, onEvent: (event: SwitchEvent) => void): void => {
    considered = cycle;
    considerPulse(cycle, onEvent);
    if (!search.isPeak(cycle)) return;
    // Scored one by one as time went on; what is known by now decides.
    search.rescore(cycle);
    if (!search.isPeak(cycle)) return;
    const change = builder.open(cycle);
    if (change === undefined) return;
    if (open !== undefined) {
      builder.endBefore(open, cycle);
      close(true, onEvent);
    }
    open = change;
    close(false, onEvent);
  };

  const tellStopped = (onEvent: (event: SwitchEvent) => void): void => {
    for (const pulse of book.stopped(ring.newest() - HOLD_CYCLES)) {
      if (pulse.isHigh || pulse.lastFall === undefined || !(pulse.isToldOn || pulse.ranBefore)) continue;
      onEvent({ ...pulse.lastFall, decidedCycle: ring.newest() });
      book.told('off', { cycle: pulse.lastFall.cycle, step: pulse.step.map((value) => -value) });
    }
  };

  const flush = (onEvent: (event: SwitchEvent) => void): void => {
    tellSoftStart(open?.cycle ?? considered, onEvent);
    // What the stream ends within is told as it is.
    isEnding = true;
    search.rescore(considered + 1);
    while (considered < ring.newest() - FLUSH_CYCLES + 1) consider(considered + 1, onEvent);
    close(true, onEvent);
    tellHeld(onEvent);
    isEnding = false;
  };

  return {
    push(reading, samples, onEvent) {
      // Infinity and NaN alike: neither belongs to a state that could be averaged.
      if (!reading.locked || !Number.isFinite(reading.activePowerW) || !Number.isFinite(reading.reactivePowerVar)) {
        if (ring.newest() >= ring.oldest()) flush(onEvent);
        considered = ring.newest() + 1;
        ring.clear(considered + 1);
        motion.clear();
        search.clear();
        book.clear(considered + 1);
        softStarts.clear();
        return;
      }
      ring.push(reading, samples);
      motion.push();
      search.push();
      builder.record(open);
      softStarts.push();
      const due = ring.newest() - HOLD_CYCLES + 1;
      if (due > considered) consider(due, onEvent);
      if (open !== undefined && open.cycle !== due) close(false, onEvent);
      if (ring.newest() % STOP_CHECK_CYCLES === 0) {
        tellStopped(onEvent);
        tellSoftStart(open?.cycle ?? considered, onEvent);
      }
    },
    flush,
  };
}

function isSame(step: Float64Array, other: Float64Array): boolean {
  return cancels(step, other, 1) || cancels(step, other, -1);
}

/** Cycles of a new state that the end of the stream makes do with. */
const FLUSH_CYCLES = 6;
/** Whether a pulsing load has stopped is asked at this interval. */
const STOP_CHECK_CYCLES = 8;
