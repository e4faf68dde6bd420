import type { RecognitionModel } from '@fengsui/fingerprint';
import type { OverloadBand, PolicyOnRecord } from '@fengsui/hazard';
import type { CommandOrder } from '@fengsui/protocol';
import type { LocalAct, LocalActor } from './action/local-actor.ts';
import type { CalibrationBook } from './calibration/calibration-book.ts';
import type { CaptureWindow } from './capture/capture-recorder.ts';
import type { Obeyed } from './command/command-gate.ts';
import type { ConfigurationBook } from './command/configuration-book.ts';
import type { Fieldbus } from './fieldbus/fieldbus.ts';
import type { TelemetryValues } from './measurement/telemetry-values.ts';
import type { Clock } from './playback/clock.ts';
import type { Numbering } from './report/numbering.ts';
import type { Site } from './site/site.ts';
import type { SampleSource, SourceNote } from './source/sample-source.ts';
import type { TerminalState } from './state/terminal-state.ts';
import type { TeachingDesk } from './teaching/teaching-desk.ts';
import type { UpdateDesk } from './update/update-desk.ts';
import type { Uplink } from './uplink/uplink.ts';

export type TerminalOptions = {
  readonly source: SampleSource;
  readonly deviceId: string;
  readonly uplink: Uplink;
  readonly clock?: Clock;
  /** Signal time per wall time; default 1, Infinity = as fast as it can. */
  readonly speed?: number;
  /** Between telemetry, of signal time; default 1000 ms, at least 200. */
  readonly intervalMs?: number;
  /** Stop after this much signal time. */
  readonly durationMs?: number;
  /** Rated current per circuit (`c1`); goes before the source's own. */
  readonly ratedA?: Readonly<Record<string, number>>;
  readonly overloadBands?: readonly OverloadBand[];
  /** What is known of the place; goes before what the source knows. */
  readonly site?: Site;
  /** Recognises loads; default: the shipped model. `null`: loads are not told apart. */
  readonly model?: RecognitionModel | null;
  /** What people taught about the loads of each circuit, and where they look up what to teach. */
  readonly teaching?: TeachingDesk;
  /** Takes signed releases; without it nothing is updated from afar. With `model`, that one is begun with. */
  readonly updates?: UpdateDesk;
  readonly captureWindow?: CaptureWindow;
  /** Meters, contacts and breakers on buses. */
  readonly fieldbus?: Fieldbus;
  /** Minute of the local day of the daily self-test; default: by the device id, from 02:00 to 04:00. */
  readonly selfTestMinute?: number;
  /** Told of gaps, stalls and what could not be read of a live source. */
  readonly onSourceNote?: (note: SourceNote) => void;
  /** Opens breakers on its own judgement, where the policies permit it; without it every circuit is observed. */
  readonly actor?: LocalActor;
  /** Settings given from afar; default: none yet, and they end with the run. */
  readonly configuration?: ConfigurationBook;
  /** What makes raw samples into quantities; default: none yet, and what is given ends with the run. */
  readonly calibration?: CalibrationBook;
  /** Surveys of the circuits: a command to a breaker is refused where they do not say what is on it. */
  readonly policies?: readonly PolicyOnRecord[];
  /** Told of everything the actor did or was not permitted to do. */
  readonly onLocalAct?: (act: LocalAct) => void;
  /** State of the run before. */
  readonly state?: TerminalState;
  /** Told after every event, every 10 s and at the end; what must outlive a restart. */
  readonly onState?: (state: TerminalState) => void;
  /** Told what a report will say before it leaves. */
  readonly onTelemetry?: (values: TelemetryValues) => void;
  /** Default: from 0 in a random epoch. */
  readonly numbering?: Numbering;
};

export type TerminalCounts = {
  /** Signal time measured. */
  readonly signalMs: number;
  readonly telemetry: number;
  readonly events: number;
  readonly captures: number;
  /** Loads seen to be switched. */
  readonly loads: number;
};

/** One terminal: source → cycles → hazards → outbox → uplink. Terminals of one process share nothing. */
export type Terminal = {
  start(): void;
  /**
   * Resolves at the end of the source, after `durationMs`, or when stopped; everything found is then with the uplink,
   * not yet acknowledged. Rejects when the source fails.
   */
  readonly ended: Promise<void>;
  counts(): TerminalCounts;
  /** Id of the calibration its samples are measured with, or `none`. */
  calibrationId(): string;
  /** Whether it took a turn lately: its source may stand still, it may not. */
  isAlive(): boolean;
  /** Does what a verified command orders (`createCommandGate`). */
  obey(order: CommandOrder): Promise<Obeyed>;
  /** Ends the run and stops the uplink; resolves with the packets it could not deliver within `timeoutMs`. */
  stop(timeoutMs?: number): Promise<number>;
};
