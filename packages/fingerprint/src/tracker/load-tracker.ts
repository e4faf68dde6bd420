import type { LoadIdentity, RecognisedLoad } from './load-identity.ts';
import { identityOf, surerIdentity, unknownIdentity } from './load-identity.ts';
import { loadsAfterOutage, reactiveOf } from './loads-after-outage.ts';
import { energyOf } from './energy-share.ts';
import type { EnergyShare, PowerShare } from './energy-share.ts';
import { matchOff } from './match-off.ts';
import type { ObservedSwitch } from './observed-switch.ts';
import { extendHistory, startHistory } from './power-history.ts';
import { standbyOf, watchFloor } from './standby-floor.ts';
import { stepVectorOf } from './step-vector.ts';
import type { StepVector } from './step-vector.ts';
import type { LoadRecord, TrackedLoad } from './tracked-load.ts';
import { viewOf } from './tracked-load.ts';
import type { LoadTrackerSettings } from './tracker-settings.ts';
import { checkSettings, wanderOf } from './tracker-settings.ts';
import type { LoadTrackerState } from './tracker-state.ts';
import { copyState, emptyState, startPending } from './tracker-state.ts';
import type { Pending } from './tracker-state.ts';

/** Mean of the whole circuit over `durationMs` up to `at`, about once a second. NaN = not known. */
export type PowerReading = {
  readonly at: number;
  readonly durationMs: number;
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
};

/**
 * What became of the tracked loads. `unmatchedOff`: an off-event that no load explains; `healed`: a missed event was
 * inferred; `lost`: after an interruption the load could not be found again.
 */
export type TrackerChange =
  | { readonly kind: 'loadOn' | 'loadOff'; readonly at: number; readonly load: TrackedLoad }
  | { readonly kind: 'healed' | 'lost'; readonly at: number; readonly load: TrackedLoad; readonly reason: string }
  | { readonly kind: 'unmatchedOff'; readonly at: number; readonly activePowerW: number };

/** Which loads of a circuit are on. */
export type LoadTracker = {
  /** A switch event; `recognition` is absent when its fingerprint was unusable. */
  readonly tell: (event: ObservedSwitch, recognition?: RecognisedLoad) => readonly TrackerChange[];
  /** Integrates energy, follows drift and heals missed events. Readings in order; one that goes back is ignored. */
  readonly read: (reading: PowerReading) => readonly TrackerChange[];
  readonly loads: () => readonly TrackedLoad[];
  /** Undefined before the first reading. */
  readonly share: () => PowerShare | undefined;
  readonly energy: () => EnergyShare;
  readonly state: () => LoadTrackerState;
};

/** Names of loads that are off again, whose energy is kept apart. */
const NAMES_KEPT = 64;
/** Share of an unexplained power that a steady difference may scatter by. */
const STEADY_RATIO = 0.15;
/** Readings that may differ from a pending difference before it counts as another one: an event may still be told. */
const ASIDE = 5;
/** A difference that never holds still joins the unexplained share after this many healing times. */
const RESTLESS = 4;
/** The newest difference weighs this much in the noise: about a minute of readings. */
const NOISE_SHARE = 0.02;

/**
 * Follows the loads of one circuit from switch events and from the measured total.
 *
 * Between events the total drifts; the drift is shared out in proportion to the variances of the loads' powers (a
 * Kalman filter with a diagonal covariance), so a charger takes it before a kettle does. A difference too large for
 * drift waits: for the event that explains it, or, when none comes within `healAfterMs`, it is healed as a missed on
 * or off. The rest is the unexplained share, kept with its sign.
 *
 * Throws RangeError for settings out of range or a state of another version.
 *
 * @example tracker.tell(observedSwitchOf(event, at), recogniser.recognise(fingerprint)); tracker.loads()
 */
export function createLoadTracker(settings: LoadTrackerSettings = {}, restored?: LoadTrackerState): LoadTracker {
  const { healAfterMs, outageMs, smallestInferredW, mostLoads } = checkSettings(settings);
  const state = restored === undefined ? emptyState() : copyState(restored);
  let share: PowerShare | undefined;
  let lastInnovationW: number | undefined;
  let isResuming = restored !== undefined && restored.lastAt !== null;

  const addLoad = (at: number, vector: StepVector, identity: LoadIdentity, isInferred: boolean): LoadRecord => {
    const powerW = Math.max(0, vector[0] as number);
    const load: LoadRecord = {
      id: `l${state.nextId++}`,
      onAt: at,
      identity,
      vector: vector.map((value) => (Number.isFinite(value) ? value : null)),
      powerW,
      variance: (0.02 * powerW + 1) ** 2,
      energyWh: 0,
      isInferred,
      isDoubtful: false,
      ambiguousWith: [],
      history: startHistory(at),
    };
    state.loads.push(load);
    return load;
  };

  const end = (load: LoadRecord, at: number): TrackedLoad => {
    state.loads = state.loads.filter((other) => other !== load);
    const { name } = load.identity;
    const known = name !== undefined && (name in state.endedWh || Object.keys(state.endedWh).length < NAMES_KEPT);
    const key = known ? name : '';
    state.endedWh[key] = (state.endedWh[key] ?? 0) + load.energyWh;
    return viewOf(load, at);
  };

  /** Gives a load the energy that was booked as unexplained (or, negative, takes it back). */
  const rebook = (load: LoadRecord, energyWh: number): void => {
    const moved = Math.max(-load.energyWh, energyWh);
    load.energyWh += moved;
    state.unexplainedWh -= moved;
  };

  /** The event was decided late: readings since it were booked as if it had not happened. */
  const lateWh = (powerW: number, at: number): number => {
    const lateMs = Math.min(10_000, Math.max(0, (state.lastAt ?? at) - at));
    return (powerW * lateMs) / 3.6e6;
  };

  const tellOn = (event: ObservedSwitch, identity: LoadIdentity): readonly TrackerChange[] => {
    const load = addLoad(event.at, stepVectorOf(event), identity, false);
    rebook(load, lateWh(load.powerW, event.at));
    const changes: TrackerChange[] = [{ kind: 'loadOn', at: event.at, load: viewOf(load) }];
    if (state.loads.length > mostLoads) {
      const smallest = [...state.loads].sort((a, b) => a.powerW - b.powerW)[0];
      if (smallest !== undefined) {
        state.otherW = (state.otherW ?? 0) + smallest.powerW;
        changes.push({ kind: 'lost', at: event.at, load: end(smallest, event.at), reason: 'too many loads at once' });
      }
    }
    return changes;
  };

  const tellOff = (event: ObservedSwitch, identity: LoadIdentity): readonly TrackerChange[] => {
    const vector = stepVectorOf(event);
    const match = matchOff(state.loads, vector, identity, event.at);
    if (match.kind === 'loads') {
      return match.loads.map((load): TrackerChange => {
        load.ambiguousWith = [...match.ambiguousWith];
        const named = { ...load, identity: surerIdentity(load.identity, identity) };
        rebook(load, -lateWh(load.powerW, event.at));
        named.energyWh = load.energyWh;
        state.loads = state.loads.map((other) => (other === load ? named : other));
        return { kind: 'loadOff', at: event.at, load: end(named, event.at) };
      });
    }
    const otherW = state.otherW ?? 0;
    if (otherW >= 0.9 * event.activePowerW) {
      // Something that ran since before the first reading: it was never told apart.
      state.otherW = otherW - event.activePowerW;
      return [{ kind: 'unmatchedOff', at: event.at, activePowerW: event.activePowerW }];
    }
    if (match.kind === 'stage') {
      match.load.powerW -= event.activePowerW;
      match.load.variance += (0.04 * event.activePowerW) ** 2;
      return [];
    }
    return [{ kind: 'unmatchedOff', at: event.at, activePowerW: event.activePowerW }];
  };

  /** Shares a small innovation out; returns false when it is too large for drift. */
  const absorb = (reading: PowerReading, otherW: number): boolean => {
    const trackedW = trackedPowerW(state.loads);
    const innovationW = reading.activePowerW - trackedW - otherW;
    const gateW = Math.max(6, 0.01 * Math.abs(reading.activePowerW), 5 * state.noiseW);
    grow(reading.durationMs);
    watchNoise(innovationW);
    if (Math.abs(innovationW) > gateW) return false;
    // Nothing but the loads can take a fall when nothing beside them is drawn.
    const otherVariance = innovationW < 0 && otherW <= 0 ? 0 : state.otherVariance;
    let total = otherVariance + Math.max(1, state.noiseW ** 2);
    for (const load of state.loads) total += load.variance;
    for (const load of state.loads) {
      const gain = load.variance / total;
      load.powerW = Math.max(0, load.powerW + gain * innovationW);
      load.variance *= 1 - gain;
    }
    const gain = otherVariance / total;
    state.otherW = otherW + gain * innovationW;
    state.otherVariance *= 1 - gain;
    const offVar = reading.reactivePowerVar - trackedReactiveVar(state.loads) - (state.otherVar ?? 0);
    if (Number.isFinite(offVar)) state.otherVar = (state.otherVar ?? 0) + (state.otherVar === null ? 1 : 0.05) * offVar;
    return true;
  };

  /** From first differences: a step counts once and cannot pass for noise. */
  const watchNoise = (innovationW: number): void => {
    const jumpW = Math.min(Math.abs(innovationW - (lastInnovationW ?? innovationW)), Math.max(20, 10 * state.noiseW));
    state.noiseW += NOISE_SHARE * (jumpW - state.noiseW);
    lastInnovationW = innovationW;
  };

  const grow = (durationMs: number): void => {
    const hours = durationMs / 3.6e6;
    for (const load of state.loads) {
      const wander = wanderOf(load.identity.family) * load.powerW;
      // A tenth at least: a load whose estimate was driven to 0 must be able to come back.
      load.variance += Math.max(wander, 0.1) ** 2 * hours;
      load.variance = Math.min(load.variance, (0.5 * load.powerW + 1) ** 2);
    }
    // What is not tracked may be anything: it wanders as a load of its own with at least 10 W.
    state.otherVariance += Math.max(10, 0.2 * Math.abs(state.otherW ?? 0)) ** 2 * hours;
  };

  const wait = (reading: PowerReading, otherW: number): readonly TrackerChange[] => {
    const offW = reading.activePowerW - trackedPowerW(state.loads) - otherW;
    const offVar = reading.reactivePowerVar - trackedReactiveVar(state.loads) - (state.otherVar ?? 0);
    const since = reading.at - reading.durationMs;
    state.pending ??= startPending(since, since);
    let pending = state.pending;
    const meanW = pending.count === 0 ? offW : pending.sumW / pending.count;
    if (Math.abs(offW - meanW) > Math.max(8, 3 * state.noiseW, 0.1 * Math.abs(meanW))) {
      if (reading.at - pending.restlessSince >= RESTLESS * healAfterMs) {
        state.pending = null;
        settleOther(offW, otherW);
        return [];
      }
      if (++pending.aside < ASIDE) return [];
      pending = state.pending = startPending(since, pending.restlessSince);
    }
    pending.aside = 0;
    pending.count++;
    pending.sumW += offW;
    pending.squaresW += offW * offW;
    pending.sumVar += offVar;
    pending.energyWh += (offW * reading.durationMs) / 3.6e6;
    if (reading.at - pending.since < healAfterMs) return [];
    state.pending = null;
    return heal(pending, otherW, reading.at);
  };

  const heal = (pending: Pending, otherW: number, at: number): readonly TrackerChange[] => {
    const offW = pending.sumW / pending.count;
    const offVar = pending.sumVar / pending.count;
    const spreadW = Math.sqrt(Math.max(0, pending.squaresW / pending.count - offW * offW));
    const isSteady = spreadW <= Math.max(4, STEADY_RATIO * Math.abs(offW));
    if (isSteady && offW >= smallestInferredW && state.loads.length < mostLoads) {
      const load = addLoad(pending.since, [offW, offVar], unknownIdentity, true);
      rebook(load, pending.energyWh);
      return [{ kind: 'healed', at, load: viewOf(load), reason: 'power appeared without a switch event' }];
    }
    if (isSteady && -offW >= smallestInferredW) {
      const changes = healOff(pending.since, [-offW, -offVar], pending.energyWh, at);
      if (changes.length > 0) return changes;
    }
    settleOther(offW, otherW);
    return [];
  };

  const healOff = (since: number, gone: StepVector, energyWh: number, at: number): readonly TrackerChange[] => {
    const match = matchOff(state.loads, gone, unknownIdentity, at);
    if (match.kind === 'loads') {
      const totalW = trackedPowerW(match.loads);
      return match.loads.map((load): TrackerChange => {
        rebook(load, (energyWh * load.powerW) / Math.max(1, totalW));
        load.isInferred = true;
        load.ambiguousWith = [...match.ambiguousWith];
        return { kind: 'healed', at, load: end(load, since), reason: 'power went away without a switch event' };
      });
    }
    return [];
  };

  /**
   * Nothing explains the difference: it joins what is not tracked. When that would make the rest negative, more is
   * tracked than drawn: the doubtful loads are scaled down to what there is.
   */
  const settleOther = (offW: number, otherW: number): void => {
    state.otherW = otherW + offW;
    state.otherVariance = Math.max(state.otherVariance, 25);
    if (state.otherW >= 0) return;
    const trackedW = trackedPowerW(state.loads);
    if (trackedW <= 0) return;
    const scale = Math.max(0, 1 + state.otherW / trackedW);
    for (const load of state.loads) {
      load.powerW *= scale;
      load.isDoubtful = true;
    }
    state.otherW = 0;
  };

  const resume = (reading: PowerReading, awayMs: number): readonly TrackerChange[] => {
    const other = { activePowerW: state.otherW ?? 0, reactivePowerVar: state.otherVar ?? NaN };
    const { kept, dropped, fit } = loadsAfterOutage(state.loads, other, reading);
    state.pending = null;
    if (fit === 'none') state.otherW = Math.max(0, reading.activePowerW);
    for (const load of kept) {
      // The same total after minutes may be other loads; nobody saw.
      if (awayMs > 300_000) load.isDoubtful = true;
      load.variance += (wanderOf(load.identity.family) * load.powerW) ** 2 * (awayMs / 3.6e6);
    }
    const lastAt = state.lastAt ?? reading.at;
    const reason = fit === 'some' ? 'went off while nothing was measured' : 'not found again after an interruption';
    const kind = fit === 'some' ? 'healed' : 'lost';
    return dropped.map((load) => {
      load.isInferred = true;
      return { kind, at: reading.at, load: end(load, lastAt), reason };
    });
  };

  /** Books the reading's energy: every watt-hour is a load's, standby or unexplained. */
  const book = (reading: PowerReading): void => {
    const hours = reading.durationMs / 3.6e6;
    let trackedW = 0;
    let bookedWh = 0;
    for (const load of state.loads) {
      trackedW += load.powerW;
      const energyWh = load.powerW * hours;
      load.energyWh += energyWh;
      bookedWh += energyWh;
      extendHistory(load.history, reading.at, reading.durationMs, load.powerW);
    }
    const restW = reading.activePowerW - trackedW;
    const floorW = standbyOf(state.floor);
    const standbyW = floorW === undefined ? undefined : Math.max(0, Math.min(floorW, restW));
    const measuredWh = reading.activePowerW * hours;
    state.measuredWh += measuredWh;
    state.standbyWh += (standbyW ?? 0) * hours;
    state.unexplainedWh += measuredWh - bookedWh - (standbyW ?? 0) * hours;
    watchFloor(state.floor, reading.at, state.otherW ?? restW);
    share = {
      at: reading.at,
      measuredW: reading.activePowerW,
      trackedW,
      ...(standbyW === undefined ? {} : { standbyW }),
      unexplainedW: restW - (standbyW ?? 0),
    };
  };

  return {
    tell(event, recognition) {
      if (!Number.isFinite(event.activePowerW) || !Number.isFinite(event.at)) return [];
      // The difference that arose with this event is explained; an older one goes on waiting.
      if (state.pending !== null && state.pending.since >= event.at - 1500) state.pending = null;
      const identity = identityOf(recognition);
      return event.kind === 'on' ? tellOn(event, identity) : tellOff(event, identity);
    },
    read(reading) {
      const { at, durationMs, activePowerW } = reading;
      if (!Number.isFinite(at) || !(durationMs > 0) || at <= (state.lastAt ?? -Infinity)) return [];
      // Unknown power is neither booked nor taken for 0.
      if (!Number.isFinite(activePowerW)) return [];
      const awayMs = state.lastAt === null ? 0 : at - durationMs - state.lastAt;
      let changes: readonly TrackerChange[] = [];
      if (isResuming || awayMs > outageMs) changes = resume(reading, Math.max(0, awayMs));
      isResuming = false;
      state.otherW ??= activePowerW - trackedPowerW(state.loads);
      state.otherVar ??= Number.isFinite(reading.reactivePowerVar)
        ? reading.reactivePowerVar - trackedReactiveVar(state.loads)
        : null;
      if (absorb(reading, state.otherW)) state.pending = null;
      else changes = [...changes, ...wait(reading, state.otherW)];
      book(reading);
      state.lastAt = at;
      return changes;
    },
    loads: () => state.loads.map((load) => viewOf(load)),
    share: () => share,
    energy: () => energyOf(state),
    state: () => copyState(state),
  };
}

function trackedPowerW(loads: readonly LoadRecord[]): number {
  let sum = 0;
  for (const load of loads) sum += load.powerW;
  return sum;
}

function trackedReactiveVar(loads: readonly LoadRecord[]): number {
  let sum = 0;
  for (const load of loads) sum += reactiveOf(load);
  return sum;
}
