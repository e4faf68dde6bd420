import {
  createLoadTracker,
  createRecogniser,
  fingerprintOf,
  observedSwitchOf,
  type CurrentFingerprint,
  type LoadTrackerState,
  type Recognition,
  type RecognitionModel,
} from '@fengsui/fingerprint';
import {
  createChargingRecogniser,
  createProhibitedLoads,
  readingOfMean,
  type ChargingState,
  type HazardEvent,
  type ProhibitedLoadsState,
  type ProhibitedPolicy,
} from '@fengsui/hazard';
import type { LoadEvidence } from '@fengsui/protocol';
import {
  createSwitchEventDetector,
  isVoltageStep,
  meanReading,
  type CycleReading,
  type CycleSamples,
  type MeanReading,
  type SwitchEvent,
} from '@fengsui/signal';
import { loadEvidenceOf } from './load-evidence.ts';
import type { TaughtLoads } from './taught-loads.ts';

export type CircuitLoadsSettings = {
  readonly prefix: string;
  readonly samplesPerCycle: number;
  readonly model: RecognitionModel;
  readonly taught: TaughtLoads;
  readonly policy: ProhibitedPolicy;
  readonly venueClass: string;
  readonly areaUse?: string;
  readonly minuteOfDay: (at: number) => number;
  /** Distinguishes the load events of this run from those of any other. */
  readonly runId: string;
};

/** A load was switched; `at` in epoch ms. */
export type LoadSwitch = {
  readonly kind: 'loadOn' | 'loadOff';
  readonly at: number;
  readonly confidence: number;
  readonly evidence: LoadEvidence;
  readonly fingerprint: CurrentFingerprint;
  readonly recognition: Recognition;
};

/** Plain JSON, to be kept over a restart. */
export type CircuitLoadsState = {
  readonly tracker: LoadTrackerState;
  readonly charging: ChargingState;
  readonly prohibited: ProhibitedLoadsState;
};

/** What runs on one circuit: events → fingerprints → names → which loads are on → what of that is forbidden. */
export type CircuitLoads = {
  /** One cycle of the analyser. `toAt` turns a frame into epoch ms. While an arc burns, its steps are no switchings. */
  cycle(
    reading: CycleReading,
    samples: CycleSamples,
    toAt: (frame: number) => number,
    isArcing: boolean,
  ): readonly LoadSwitch[];
  /** One reading of 200 ms that ended at `at`. */
  read(reading: MeanReading, at: number): readonly HazardEvent[];
  /** Ends the stream: events that still waited. */
  flush(toAt: (frame: number) => number): readonly LoadSwitch[];
  /** From now on recognises with what was taught meanwhile. */
  teach(taught: TaughtLoads): void;
  /** From now on recognises with another model; loads, energy and what was taught stay. @throws RangeError when it does not fit. */
  useModel(model: RecognitionModel): void;
  active(): readonly HazardEvent[];
  /**
   * Everything that is on, as far as a protected load may be among it: the tracked loads, and one without a name for power
   * that none of them draws. What was on before the terminal started was never seen to be switched.
   */
  loadsOn(): readonly { readonly name?: string }[];
  state(): CircuitLoadsState;
};

/** Tracker, charging and policy look at means of this many readings of 200 ms. */
const READINGS_PER_SECOND = 5;
/** What the tracker's sum may be off by without a load being behind it; below it nothing is kept alive. */
const LEAST_UNTRACKED_W = 15;
const ignore = (): void => undefined;

export function createCircuitLoads(settings: CircuitLoadsSettings, restored?: CircuitLoadsState): CircuitLoads {
  const { prefix, policy, venueClass, areaUse, minuteOfDay } = settings;
  const detector = createSwitchEventDetector({ samplesPerCycle: settings.samplesPerCycle });
  const tracker = createLoadTracker({}, restored?.tracker);
  const charging = createChargingRecogniser({}, restored?.charging);
  const place = { circuit: prefix, venueClass, ...(areaUse !== undefined && { areaUse }) };
  const prohibited = createProhibitedLoads({ policy, place }, restored?.prohibited);
  let { taught, model } = settings;
  let recogniser = createRecogniser(model, taught.enrolled);
  let second: MeanReading[] = [];
  let secondStartsAt = NaN;
  let switchings = 0;

  /** An event whose fingerprint cannot be used is tracked by its power alone and told to nobody. */
  function take(event: SwitchEvent, at: number): LoadSwitch | undefined {
    const fingerprint = fingerprintOf(event);
    const observed = observedSwitchOf(event, at);
    if (fingerprint.kind === 'unusable') {
      tracker.tell(observed);
      if (event.kind === 'on') charging.switched({ ...observed, families: [] });
      return undefined;
    }
    const recognition = recogniser.recognise(fingerprint);
    tracker.tell(observed, recognition);
    if (event.kind === 'on') charging.switched({ ...observed, families: recognition.families });
    switchings += 1;
    const template = recognition.device === undefined ? undefined : taught.shapes[recognition.device.deviceId];
    const evidence = loadEvidenceOf({
      loadEventId: `${prefix}-${settings.runId}-${switchings}`,
      event,
      fingerprint,
      recognition,
      enrolmentVersion: taught.enrolled.version,
      standbyW: tracker.share()?.standbyW ?? 0,
      loads: tracker.loads(),
      ...(template !== undefined && { template }),
    });
    const kind = event.kind === 'on' ? 'loadOn' : 'loadOff';
    return { kind, at, confidence: recognition.named?.confidence ?? 0, evidence, fingerprint, recognition };
  }

  function collect(
    feed: (onEvent: (event: SwitchEvent) => void) => void,
    toAt: (frame: number) => number,
  ): LoadSwitch[] {
    const switches: LoadSwitch[] = [];
    feed((event) => {
      if (isVoltageStep(event)) return;
      const told = take(event, toAt(event.startFrame));
      if (told !== undefined) switches.push(told);
    });
    return switches;
  }

  return {
    cycle(reading, samples, toAt, isArcing) {
      charging.cycle(toAt(reading.startFrame + reading.frameCount), reading.activePowerW);
      return collect((onEvent) => detector.push(reading, samples, isArcing ? ignore : onEvent), toAt);
    },
    flush: (toAt) => collect((onEvent) => detector.flush(onEvent), toAt),
    read(reading, at) {
      if (second.length === 0) secondStartsAt = at - 200;
      second.push(reading);
      if (second.length < READINGS_PER_SECOND) return [];
      const mean = meanReading(second);
      const durationMs = at - secondStartsAt;
      second = [];
      const { activePowerW, reactivePowerVar } = mean;
      if (!Number.isFinite(activePowerW)) return [];
      tracker.read({ at, durationMs, activePowerW, reactivePowerVar });
      charging.read(readingOfMean(mean, at));
      const loads = tracker.loads();
      return prohibited.read({ at, minuteOfDay: minuteOfDay(at), loads, charging: charging.opinions() });
    },
    teach(newest) {
      taught = newest;
      recogniser = createRecogniser(model, taught.enrolled);
    },
    useModel(next) {
      recogniser = createRecogniser(next, taught.enrolled);
      model = next;
    },
    active: () => prohibited.active(),
    loadsOn() {
      const share = tracker.share();
      const untrackedW = share === undefined ? Infinity : share.unexplainedW + (share.standbyW ?? 0);
      return untrackedW > LEAST_UNTRACKED_W ? [...tracker.loads(), {}] : tracker.loads();
    },
    state: () => ({ tracker: tracker.state(), charging: charging.state(), prohibited: prohibited.state() }),
  };
}
