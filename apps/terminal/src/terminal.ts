import { shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import type { OverloadBand } from '@fengsui/hazard';
import { unitOf } from '@fengsui/protocol';
import { localActionMessage } from './action/local-action-message.ts';
import type { LocalAct, LocalActor } from './action/local-actor.ts';
import { defaultCaptureWindow, type CaptureWindow } from './capture/capture-recorder.ts';
import type { LoadSwitch } from './loads/circuit-loads.ts';
import { nothingTaught } from './loads/taught-loads.ts';
import { createBoardMonitor, type BoardMonitor, type Observation } from './measurement/board-monitor.ts';
import type { TelemetryValues } from './measurement/telemetry-values.ts';
import { systemClock, type Clock } from './playback/clock.ts';
import { createPace, type Pace } from './playback/pace.ts';
import { numberingFrom, type Numbering } from './report/numbering.ts';
import { randomEpoch } from './report/random-epoch.ts';
import { createReportWriter, type ReportWriter } from './report/report-writer.ts';
import { shiftedEvidence, shiftedLoads } from './report/shifted-evidence.ts';
import type { Site } from './site/site.ts';
import type { SampleSource } from './source/sample-source.ts';
import type { TerminalState } from './state/terminal-state.ts';
import type { TeachingDesk } from './teaching/teaching-desk.ts';
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
  readonly captureWindow?: CaptureWindow;
  /** Opens breakers on its own judgement, where the policies permit it; without it every circuit is observed. */
  readonly actor?: LocalActor;
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
  /** Ends the run and stops the uplink; resolves with the packets it could not deliver within `timeoutMs`. */
  stop(timeoutMs?: number): Promise<number>;
};

const STATE_INTERVAL_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;
/** How often a run faster than the signal looks whether the uplink has room again. */
const ROOM_POLL_MS = 50;

/** @throws RangeError naming what is wrong with the options. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { source, uplink, state } = options;
  const clock = options.clock ?? systemClock;
  const speed = options.speed ?? 1;
  const startAtMs = clock.now();
  const model = options.model === undefined ? shippedModel() : options.model;
  const { teaching, site } = options;
  const monitor = createBoardMonitor({
    source,
    startAtMs,
    ...(model === null ? {} : { model }),
    ...(teaching === undefined ? {} : { taught: (prefix) => teaching.taught(prefix) }),
    ...(site === undefined ? {} : { site }),
    intervalMs: options.intervalMs ?? 1000,
    captureWindow: options.captureWindow ?? defaultCaptureWindow,
    ...(options.ratedA === undefined ? {} : { ratedA: options.ratedA }),
    ...(options.overloadBands === undefined ? {} : { overloadBands: options.overloadBands }),
    ...(state === undefined ? {} : { state }),
  });
  const writer = createReportWriter(options.deviceId, options.numbering ?? numberingFrom(randomEpoch()));
  // Made here once more so that a bad speed is refused before the start.
  createPace(speed, 0);
  const abort = new AbortController();
  const ended = Promise.withResolvers<void>();
  // A caller who only stops must not be struck by a rejection nobody awaits.
  ended.promise.catch(() => undefined);
  const counts = { telemetry: 0, events: 0, captures: 0, loads: 0 };
  let run: Promise<void> | undefined;

  async function play(): Promise<void> {
    const pace = createPace(speed, clock.now());
    const reporter = createReporter({
      writer,
      uplink,
      pace,
      clock,
      source,
      counts,
      startAtMs,
      onEvent,
      onLoad,
      ...(options.onTelemetry === undefined ? {} : { onTelemetry: options.onTelemetry }),
    });
    let keptAt = 0;
    reportActs(options.actor?.begin() ?? []);
    try {
      for await (const block of source.blocks()) {
        const endMs = ((monitor.frames + block.voltageV.length) * 1000) / source.sampleRateHz;
        await clock.sleep(pace.waitMs(endMs, clock.now()), abort.signal);
        while (speed !== 1 && !uplink.hasRoom() && !abort.signal.aborted) await clock.sleep(ROOM_POLL_MS, abort.signal);
        if (abort.signal.aborted) break;
        for (const prefix of teaching?.changed() ?? [])
          monitor.teach(prefix, teaching?.taught(prefix) ?? nothingTaught());
        monitor.push(block, reporter);
        actOnCauses();
        if (endMs - keptAt >= STATE_INTERVAL_MS) {
          keptAt = endMs;
          keepState();
        }
        if (endMs >= (options.durationMs ?? Infinity)) break;
      }
    } finally {
      // Also when the source failed: what was measured until then is told.
      monitor.flush(reporter);
      teaching?.close();
      keepState();
    }
  }

  const reportActs = (acts: readonly LocalAct[]): void => {
    for (const act of acts) {
      const message = localActionMessage(act);
      if (message !== undefined) uplink.send(writer.event({ at: clock.now(), ...message }));
      options.onLocalAct?.(act);
    }
  };

  /**
   * Asked again with every block: what speaks against it may have passed, such as a clock that was not trusted. An arc
   * that was confirmed before this run counts once it is confirmed anew: it may have been repaired meanwhile.
   */
  function actOnCauses(): void {
    if (options.actor === undefined) return;
    const causes = monitor.causes().filter(({ kind, at }) => kind !== 'arc' || at >= startAtMs);
    reportActs(options.actor.act(causes, (circuit) => monitor.loadsOn(circuit)));
  }

  /** Before anything else: what may have to be opened is opened within the same ten milliseconds. */
  function onEvent(): void {
    actOnCauses();
    keepState();
  }

  function onLoad(prefix: string, load: LoadSwitch): void {
    counts.loads += 1;
    teaching?.remember(prefix, load);
    keepState();
  }

  function keepState(): void {
    options.onState?.(monitor.state());
  }

  return {
    ended: ended.promise,
    start() {
      if (run !== undefined) return;
      uplink.start();
      run = play().then(ended.resolve, ended.reject);
    },
    counts: () => ({ ...counts, signalMs: (monitor.frames * 1000) / source.sampleRateHz }),
    async stop(timeoutMs = STOP_TIMEOUT_MS) {
      abort.abort();
      await run;
      ended.resolve();
      return uplink.stop(timeoutMs);
    },
  };
}

type ReporterParts = {
  readonly writer: ReportWriter;
  readonly uplink: Uplink;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly source: SampleSource;
  readonly counts: { telemetry: number; events: number; captures: number };
  readonly startAtMs: number;
  readonly onEvent: () => void;
  readonly onLoad: (prefix: string, load: LoadSwitch) => void;
  readonly onTelemetry?: (values: TelemetryValues) => void;
};

/** Turns what the monitor observes into reports. An event leaves at once; its capture follows under the id it names. */
function createReporter(parts: ReporterParts): Parameters<BoardMonitor['push']>[1] {
  const { writer, uplink, pace, clock, source, counts } = parts;
  const captureIdOf = (number: number): string => `${writer.epoch}-${number}`;
  const triggeredAt = new Map<number, number>();
  return (observation: Observation): void => {
    switch (observation.kind) {
      case 'telemetry': {
        counts.telemetry += 1;
        parts.onTelemetry?.(observation.values);
        uplink.send(writer.telemetry(pace.stamp(observation.signalMs, clock.now()), observation.values));
        return;
      }
      case 'event': {
        const { event, capture } = observation;
        const { kind, point, pointId, active, level, value, limit } = event;
        const at = pace.stamp(observation.signalMs, clock.now());
        if (capture !== undefined && !triggeredAt.has(capture)) triggeredAt.set(capture, at);
        const captureId = capture === undefined ? {} : { captureId: captureIdOf(capture) };
        const what = event.measure === undefined ? { unit: unitOf(pointId) } : { measure: event.measure };
        const measured = { value: Number(value.toPrecision(7)), limit, ...what };
        const shiftMs = at - (parts.startAtMs + observation.signalMs);
        const evidence = { ...shiftedEvidence(event.evidence ?? {}, shiftMs), ...measured };
        const confidence = event.confidence === undefined ? {} : { confidence: event.confidence };
        counts.events += 1;
        uplink.send(writer.event({ at, kind, point, active, level, ...confidence, evidence, ...captureId }));
        parts.onEvent();
        return;
      }
      case 'load': {
        const { load, prefix, capture } = observation;
        const at = pace.stamp(observation.signalMs, clock.now());
        if (capture !== undefined && !triggeredAt.has(capture)) triggeredAt.set(capture, at);
        const captureId = capture === undefined ? {} : { captureId: captureIdOf(capture) };
        const { kind, confidence } = load;
        const evidence = shiftedLoads(load.evidence, at - (parts.startAtMs + observation.signalMs));
        const told = { at, kind, point: prefix, level: 'attention', confidence } as const;
        uplink.send(writer.event({ ...told, evidence: { ...evidence }, ...captureId }));
        parts.onLoad(prefix, { ...load, at });
        return;
      }
      case 'capture': {
        const { capture, triggerFrame, channels } = observation;
        const { sampleRateHz, mainsHz } = source;
        const triggerAt = triggeredAt.get(capture) ?? clock.now();
        triggeredAt.delete(capture);
        const at = Math.round(triggerAt - (triggerFrame * 1000) / sampleRateHz);
        const captureId = captureIdOf(capture);
        counts.captures += 1;
        uplink.send(writer.capture({ captureId, at, sampleRateHz, mainsHz, channels, triggerFrame }));
        return;
      }
    }
  };
}
