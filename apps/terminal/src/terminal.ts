import { shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import type { OverloadBand, PolicyOnRecord } from '@fengsui/hazard';
import { unitOf, type CommandOrder, type DeviceSettings } from '@fengsui/protocol';
import { localActionMessage } from './action/local-action-message.ts';
import type { LocalAct, LocalActor } from './action/local-actor.ts';
import type { Obeyed } from './command/command-gate.ts';
import { openConfigurationBook, type ConfigurationBook } from './command/configuration-book.ts';
import { obey } from './command/obey.ts';
import { createSounder } from './command/sounder.ts';
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
  /** Settings given from afar; default: none yet, and they end with the run. */
  readonly configuration?: ConfigurationBook;
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
  /** Does what a verified command orders (`createCommandGate`). */
  obey(order: CommandOrder): Promise<Obeyed>;
  /** Ends the run and stops the uplink; resolves with the packets it could not deliver within `timeoutMs`. */
  stop(timeoutMs?: number): Promise<number>;
};

/** Samples come in blocks of 10 to 50 ms; older than this, the source stands still. */
const SAMPLING_STALE_MS = 2_000;
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
  const configuration = options.configuration ?? openConfigurationBook();
  const sounder = createSounder();
  const monitorOf = (settings: DeviceSettings, fromMs: number, before: TerminalState | undefined): BoardMonitor => {
    const ratedA = { ...options.ratedA, ...settings.ratedA };
    const bands = settings.overloadBands?.map((band) => ({ ...band, source: 'given by a command' }));
    const overloadBands = bands ?? options.overloadBands;
    return createBoardMonitor({
      source,
      startAtMs: fromMs,
      ...(model === null ? {} : { model }),
      ...(teaching === undefined ? {} : { taught: (prefix) => teaching.taught(prefix) }),
      ...(site === undefined ? {} : { site }),
      intervalMs: settings.intervalMs ?? options.intervalMs ?? 1000,
      captureWindow: options.captureWindow ?? defaultCaptureWindow,
      ratedA,
      ...(overloadBands === undefined ? {} : { overloadBands }),
      ...(before === undefined ? {} : { state: before }),
    });
  };
  let monitor = monitorOf(configuration.current().settings, startAtMs, state);
  /** What the monitors before this one have measured and captured: a new configuration begins a new one. */
  let measured = { frames: 0, captures: 0 };
  let newestCapture = 0;
  const msOf = (frames: number): number => (frames * 1000) / source.sampleRateHz;
  const framesNow = (): number => measured.frames + monitor.frames;
  const reconfigurations: { readonly settings: DeviceSettings; readonly done: PromiseWithResolvers<void> }[] = [];
  let newestValues: TelemetryValues = {};
  let sampledAt = -Infinity;
  const writer = createReportWriter(options.deviceId, options.numbering ?? numberingFrom(randomEpoch()));
  // Made here once more so that a bad speed is refused before the start.
  createPace(speed, 0);
  const abort = new AbortController();
  const ended = Promise.withResolvers<void>();
  // A caller who only stops must not be struck by a rejection nobody awaits.
  ended.promise.catch(() => undefined);
  const triggeredAt = new Map<number, number>();
  // Captures are counted anew by every run, and a kept epoch outlives it: the start makes the name unique.
  const captureIdOf = (number: number): string => `${writer.run}-${number}`;
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
      triggeredAt,
      captureIdOf,
      onTelemetry: (values) => {
        newestValues = values;
        options.onTelemetry?.(values);
      },
    });
    const observe = (observation: Observation): void => {
      const told = shiftedBy(observation, measured, msOf(measured.frames));
      if ('capture' in told && told.capture !== undefined) newestCapture = Math.max(newestCapture, told.capture);
      if (told.kind === 'event' && told.event.active && told.event.level !== 'attention') sounder.alarmed();
      reporter(told);
    };
    const reconfigure = (): void => {
      for (const { settings, done } of reconfigurations.splice(0)) {
        const fromMs = startAtMs + msOf(framesNow());
        try {
          // Made once to see whether the settings fit: what is measured must not end for settings that do not.
          monitorOf(settings, fromMs, monitor.state());
          monitor.flush(observe);
          const before = { frames: framesNow(), captures: newestCapture };
          monitor = monitorOf(settings, fromMs, monitor.state());
          measured = before;
          done.resolve();
        } catch (error) {
          done.reject(error);
        }
      }
    };
    let keptAt = 0;
    reportActs(options.actor?.begin() ?? []);
    try {
      for await (const block of source.blocks()) {
        const endMs = msOf(framesNow() + block.voltageV.length);
        await clock.sleep(pace.waitMs(endMs, clock.now()), abort.signal);
        while (speed !== 1 && !uplink.hasRoom() && !abort.signal.aborted) await clock.sleep(ROOM_POLL_MS, abort.signal);
        if (abort.signal.aborted) break;
        for (const prefix of teaching?.changed() ?? [])
          monitor.teach(prefix, teaching?.taught(prefix) ?? nothingTaught());
        reconfigure();
        monitor.push(block, observe);
        sampledAt = clock.now();
        actOnCauses();
        if (endMs - keptAt >= STATE_INTERVAL_MS) {
          keptAt = endMs;
          keepState();
        }
        if (endMs >= (options.durationMs ?? Infinity)) break;
      }
    } finally {
      // Also when the source failed: what was measured until then is told.
      monitor.flush(observe);
      for (const { done } of reconfigurations.splice(0)) done.reject(new Error('the terminal has ended'));
      teaching?.close();
      keepState();
    }
  }

  const commanded = {
    now: () => clock.now(),
    circuits: source.circuits.map(({ prefix }) => prefix),
    ...(source.breakers === undefined ? {} : { breakers: source.breakers }),
    policies: options.policies ?? [],
    values: () => newestValues,
    sounder: () => sounder.state(isAlarming(), clock.now()),
    siren: (on: boolean, durationMs: number) => sounder.siren(on, durationMs, clock.now()),
    silence: (durationMs: number) => sounder.silence(durationMs, clock.now()),
    captureNow: () => {
      if (monitor.frames === 0) return undefined;
      const capture = measured.captures + monitor.captureNow();
      newestCapture = Math.max(newestCapture, capture);
      if (!triggeredAt.has(capture)) triggeredAt.set(capture, clock.now());
      return captureIdOf(capture);
    },
    selfTest: () => selfTest(),
    configuration,
    apply: (settings: DeviceSettings) => {
      const done = Promise.withResolvers<void>();
      reconfigurations.push({ settings, done });
      return done.promise;
    },
  };

  const isAlarming = (): boolean => monitor.causes().some(({ level }) => level !== 'attention');

  function selfTest(): Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>> {
    const ageMs = clock.now() - sampledAt;
    const { waiting, inFlight } = uplink.status();
    const unknown = source.circuits.filter(({ prefix }) => source.breakers?.state(prefix) === 'unknown');
    const measuredPoints = Object.keys(newestValues).length;
    return {
      sampling: { ok: ageMs < SAMPLING_STALE_MS, detail: `newest samples ${Math.round(ageMs)} ms old` },
      measurement: { ok: measuredPoints > 0, detail: `${measuredPoints} points measured` },
      outbox: { ok: uplink.hasRoom(), detail: `${waiting + inFlight} packets not acknowledged` },
      breakers: { ok: unknown.length === 0, detail: `${unknown.length} breakers cannot be read` },
    };
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
    counts: () => ({ ...counts, signalMs: msOf(framesNow()) }),
    obey: (order) => obey(order, commanded),
    async stop(timeoutMs = STOP_TIMEOUT_MS) {
      abort.abort();
      await run;
      ended.resolve();
      return uplink.stop(timeoutMs);
    },
  };
}

/** An observation of a monitor that was begun later, as of the first frame of all. */
function shiftedBy(
  observation: Observation,
  before: { readonly frames: number; readonly captures: number },
  beforeMs: number,
): Observation {
  if (before.frames === 0) return observation;
  if (observation.kind === 'capture') {
    const { capture, startFrame } = observation;
    return { ...observation, capture: capture + before.captures, startFrame: startFrame + before.frames };
  }
  const signalMs = observation.signalMs + beforeMs;
  if (observation.kind === 'telemetry' || observation.capture === undefined) return { ...observation, signalMs };
  return { ...observation, signalMs, capture: observation.capture + before.captures };
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
  /** When each capture that has not come yet was asked for, epoch ms. */
  readonly triggeredAt: Map<number, number>;
  readonly captureIdOf: (number: number) => string;
  readonly onTelemetry?: (values: TelemetryValues) => void;
};

/** Turns what the monitor observes into reports. An event leaves at once; its capture follows under the id it names. */
function createReporter(parts: ReporterParts): Parameters<BoardMonitor['push']>[1] {
  const { writer, uplink, pace, clock, source, counts, triggeredAt, captureIdOf } = parts;
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
