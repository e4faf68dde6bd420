import { shippedModel } from '@fengsui/fingerprint';
import type { DeviceSettings } from '@fengsui/protocol';
import { localActionMessage } from './action/local-action-message.ts';
import type { LocalAct } from './action/local-actor.ts';
import { circuitsOf } from './fieldbus/meter-monitor.ts';
import { createMetering, type Metering } from './fieldbus/metering.ts';
import { joinBreakers } from './fieldbus/modbus-breakers.ts';
import { siteOf } from './fieldbus/part-of-site.ts';
import { openCalibrationBook } from './calibration/calibration-book.ts';
import { createCalibrationDesk } from './calibration/calibration-desk.ts';
import { calibrationMessage } from './calibration/calibration-message.ts';
import { openConfigurationBook } from './command/configuration-book.ts';
import { obey } from './command/obey.ts';
import { createSounder } from './command/sounder.ts';
import type { LoadSwitch } from './loads/circuit-loads.ts';
import { nothingTaught } from './loads/taught-loads.ts';
import { createMonitorMaker, judgedBy } from './measurement/monitor-maker.ts';
import { createMonitorRun } from './measurement/monitor-run.ts';
import type { TelemetryValues } from './measurement/telemetry-values.ts';
import { createBetweenBlocks } from './playback/between-blocks.ts';
import { systemClock } from './playback/clock.ts';
import { createPace } from './playback/pace.ts';
import { numberingFrom } from './report/numbering.ts';
import { randomEpoch } from './report/random-epoch.ts';
import { hazardMessage } from './report/hazard-message.ts';
import { createReportWriter } from './report/report-writer.ts';
import { createReporter } from './report/reporter.ts';
import { selfTestChecks } from './self-test/checks.ts';
import { createFaultDesk } from './self-test/fault-desk.ts';
import { isSelfTestDue, selfTestMinuteOf } from './self-test/self-test-schedule.ts';
import { createMinuteOfDay } from './site/minute-of-day.ts';
import { defaultTimeZone } from './site/site.ts';
import type { SourceNote } from './source/sample-source.ts';
import type { Terminal, TerminalOptions } from './terminal-options.ts';
import { modelInUse } from './update/model-in-use.ts';
import { updateMessage } from './update/update-message.ts';

export type { Terminal, TerminalCounts, TerminalOptions } from './terminal-options.ts';

const STATE_INTERVAL_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;
/** How often a run faster than the signal looks whether the uplink has room again. */
const ROOM_POLL_MS = 50;

/** A gap in the samples is a fault of the terminal for so long. */
const GAP_SHOWN_MS = 60_000;
/** A source yields, if only to say that it stands still, every few seconds. */
const ALIVE_MS = 20_000;

/** @throws RangeError naming what is wrong with the options. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { source, uplink, state, teaching, fieldbus } = options;
  const clock = options.clock ?? systemClock;
  const speed = options.speed ?? 1;
  const startAtMs = clock.now();
  const { updates } = options;
  const model = modelInUse(options.model === undefined ? (updates?.model() ?? shippedModel()) : options.model);
  const configuration = options.configuration ?? openConfigurationBook();
  const calibration = createCalibrationDesk({
    source,
    deviceId: options.deviceId,
    book: options.calibration ?? openCalibrationBook(),
  });
  const sounder = createSounder();
  const sampled = { circuits: source.circuits.map(({ prefix }) => prefix), temperatures: source.temperatures };
  const site = siteOf(options, sampled);
  const monitorOf = createMonitorMaker(options, { site, sampled, model });
  const first = configuration.current().settings;
  const metering: Metering | undefined =
    fieldbus && createMetering({ fieldbus, clock, site: site ?? {}, ...judgedBy(options, first) }, state?.metering);
  const breakers = joinBreakers(source.breakers, fieldbus?.breakers);
  const circuits = [...new Set([...sampled.circuits, ...circuitsOf(fieldbus?.points ?? new Map())])];
  const writer = createReportWriter(options.deviceId, options.numbering ?? numberingFrom(randomEpoch()));
  const triggeredAt = new Map<number, number>();
  // Captures are counted anew by every run, and a kept epoch outlives it: the start makes the name unique.
  const captureIdOf = (number: number): string => `${writer.run}-${number}`;
  const counts = { telemetry: 0, events: 0, captures: 0, loads: 0 };
  let newestValues: TelemetryValues = {};
  let sampledAt = -Infinity;
  // Made here so that a bad speed is refused before the start, and anew at the start.
  let pace = createPace(speed, startAtMs);
  const reporter = createReporter({
    writer,
    uplink,
    pace: { stamp: (signalMs, now) => pace.stamp(signalMs, now) },
    clock,
    source,
    counts,
    startAtMs,
    onEvent,
    onLoad,
    triggeredAt,
    captureIdOf,
    calibration: () => calibration.inUse(),
    onTelemetry: (values) => {
      newestValues = { ...newestValues, ...values };
      options.onTelemetry?.(values);
    },
  });
  const monitors = createMonitorRun(
    monitorOf(first, startAtMs, state),
    { startAtMs, sampleRateHz: source.sampleRateHz },
    (observation) => {
      if (observation.kind === 'event') heard(observation.event);
      reporter(observation);
    },
  );
  // The state of a run that was killed may be older than what it told: what buses may have told counts as told.
  const toldFaults = [...(state?.faults ?? []), ...(fieldbus?.faultPoints ?? [])];
  const faults = createFaultDesk(
    (message) => {
      counts.events += 1;
      uplink.send(writer.event({ at: clock.now(), ...message }));
      keepState();
    },
    { ...state, faults: toldFaults },
  );
  const minuteOfDay = createMinuteOfDay(site?.timeZone ?? defaultTimeZone);
  const selfTestMinute = options.selfTestMinute ?? selfTestMinuteOf(options.deviceId);
  let gapEndsAt: number | undefined;
  let turnedAt = -Infinity;
  const msOf = (frames: number): number => (frames * 1000) / source.sampleRateHz;
  const reconfigurations = createBetweenBlocks<DeviceSettings>();
  const abort = new AbortController();
  const ended = Promise.withResolvers<void>();
  // A caller who only stops must not be struck by a rejection nobody awaits.
  ended.promise.catch(() => undefined);
  let run: Promise<void> | undefined;

  /** Something new is wrong: it sounds again. */
  function heard({ active, level }: { readonly active: boolean; readonly level: string }): void {
    if (active && level !== 'attention') sounder.alarmed();
  }

  function reconfigure(settings: DeviceSettings): void {
    monitors.beginAnew((fromMs, kept) => monitorOf(settings, fromMs, kept));
    metering?.configure(judgedBy(options, settings));
  }

  /** What was measured until now was measured with what was in force until now. */
  function recalibrate(): void {
    if (!calibration.isWaiting) return;
    monitors.beginAnew((fromMs, kept) => monitorOf(configuration.current().settings, fromMs, kept));
    calibration.swap();
    tellCalibration();
    uplink.announce?.();
  }

  function tellCalibration(): void {
    const change = calibration.untold();
    if (change === undefined) return;
    counts.events += 1;
    uplink.send(writer.event({ at: clock.now(), ...calibrationMessage(change) }));
    calibration.told();
  }

  function take(note: SourceNote): void {
    options.onSourceNote?.(note);
    switch (note.kind) {
      case 'gap': {
        const { settings } = configuration.current();
        monitors.beginAnew((fromMs, kept) => monitorOf(settings, fromMs, kept), note.frames);
        calibration.forget();
        gapEndsAt = clock.now() + GAP_SHOWN_MS;
        const detail = `${Math.round(msOf(note.frames))} ms of samples are missing (${note.reason})`;
        faults.set('', 'gap', { source: 'sampling', reason: 'samplesLost', detail });
        return;
      }
      case 'stalled':
        faults.set('', 'stalled', {
          source: 'sampling',
          reason: 'stalled',
          detail: `no samples for ${Math.round(note.ms)} ms`,
        });
        return;
      case 'discarded':
        return;
    }
  }

  async function play(): Promise<void> {
    pace = createPace(speed, clock.now());
    let keptAt = 0;
    reportActs(options.actor?.begin() ?? []);
    beginUpdates();
    tellCalibration();
    const { misfit } = calibration;
    const notUsed = (detail: string) => ({ source: 'calibration', reason: 'notUsed', detail }) as const;
    faults.set('', 'calibration', misfit === undefined ? undefined : notUsed(misfit));
    metering?.start({
      onHazard(event) {
        heard(event);
        counts.events += 1;
        uplink.send(writer.event({ at: event.at, ...hazardMessage(event, 0) }));
        onEvent();
      },
      onContact(contact, at) {
        heard(contact);
        counts.events += 1;
        const { point, kind, active, level } = contact;
        uplink.send(
          writer.event({ at, kind, point, active, level, evidence: { schema: 'contact/1', source: contact.source } }),
        );
      },
      onFault: (point, key, reason) => faults.set(point, key, reason),
      onTelemetry(at, values) {
        counts.telemetry += 1;
        newestValues = { ...newestValues, ...values };
        uplink.send(writer.telemetry(at, values));
      },
      onTick() {
        actOnCauses();
        fieldbus?.sound(sounder.state(isAlarming(), clock.now()).sounding);
      },
    });
    try {
      for await (const block of source.blocks(abort.signal)) {
        turnedAt = performance.now();
        for (const note of block.notes ?? []) take(note);
        const endMs = msOf(monitors.frames + block.voltageV.length);
        const waitMs = pace.waitMs(endMs, clock.now());
        if (source.isLive !== true) await clock.sleep(waitMs, abort.signal);
        while (speed !== 1 && !uplink.hasRoom() && !abort.signal.aborted) await clock.sleep(ROOM_POLL_MS, abort.signal);
        if (abort.signal.aborted) break;
        for (const prefix of teaching?.changed() ?? [])
          monitors.current.teach(prefix, teaching?.taught(prefix) ?? nothingTaught());
        reconfigurations.take(reconfigure);
        model.change((next) => monitors.current.useModel(next));
        recalibrate();
        monitors.push(calibration.correct(block));
        if (block.voltageV.length > 0) {
          sampledAt = clock.now();
          faults.set('', 'stalled', undefined);
        }
        actOnCauses();
        beWell();
        const elapsedMs = source.isLive === true ? clock.now() - startAtMs : endMs;
        if (elapsedMs - keptAt >= STATE_INTERVAL_MS) {
          keptAt = elapsedMs;
          keepState();
        }
        if (elapsedMs >= (options.durationMs ?? Infinity)) break;
      }
    } catch (error) {
      // What failed first is what is told; ending after it may fail as well.
      await windUp().catch(() => undefined);
      throw error;
    }
    await windUp();
  }

  /** Also when the source failed: what was measured until then is told. */
  async function windUp(): Promise<void> {
    try {
      monitors.flush();
    } finally {
      await metering?.stop();
      reconfigurations.end();
      model.end();
      updates?.close();
      calibration.close();
      teaching?.close();
      keepState();
    }
  }

  function beginUpdates(): void {
    updates?.begin({
      ...(model.current !== null && sampled.circuits.length > 0 && { useModel: (next) => model.request(next) }),
      ...(sampled.circuits.length > 0 && { sampleRateHz: source.sampleRateHz }),
      enrolled: () => sampled.circuits.flatMap((prefix) => teaching?.taught(prefix).enrolled ?? []),
      isConnected: () => uplink.status().isConnected,
      selfTest: () => selfTest(),
      tell: (evidence) => {
        counts.events += 1;
        uplink.send(writer.event({ at: clock.now(), ...updateMessage(evidence) }));
      },
    });
  }

  /** Daily self-test, and the end of what is shown for a time. */
  function beWell(): void {
    updates?.tick();
    const now = clock.now();
    if (gapEndsAt !== undefined && now >= gapEndsAt) {
      gapEndsAt = undefined;
      faults.set('', 'gap', undefined);
    }
    // A recording that is played faster has no day.
    if (speed !== 1) return;
    const last = faults.lastSelfTest()?.at;
    const turn = { minute: selfTestMinute, startedAt: startAtMs, ...(last !== undefined && { last }) };
    if (isSelfTestDue(turn, minuteOfDay, now)) faults.selfTest(selfTest(), now);
  }

  const commanded = {
    now: () => clock.now(),
    circuits,
    ...(breakers === undefined ? {} : { breakers }),
    policies: options.policies ?? [],
    values: () => newestValues,
    sounder: () => sounder.state(isAlarming(), clock.now()),
    siren: (on: boolean, durationMs: number) => sounder.siren(on, durationMs, clock.now()),
    silence: (durationMs: number) => sounder.silence(durationMs, clock.now()),
    ...(sampled.circuits.length > 0 && {
      captureNow: () => {
        const capture = monitors.captureNow();
        if (capture === undefined) return undefined;
        if (!triggeredAt.has(capture)) triggeredAt.set(capture, clock.now());
        return captureIdOf(capture);
      },
    }),
    selfTest: () => selfTest(),
    configuration,
    calibration,
    ...(teaching === undefined ? {} : { teaching }),
    ...(updates === undefined ? {} : { updates }),
    apply: (settings: DeviceSettings) => reconfigurations.request(settings),
  };

  const causesNow = () => [...monitors.current.causes(), ...(metering?.causes() ?? [])];
  const isAlarming = (): boolean => causesNow().some(({ level }) => level !== 'attention');

  function selfTest(): ReturnType<typeof selfTestChecks> {
    const { waiting, inFlight } = uplink.status();
    const watched = [...sampled.circuits, ...(fieldbus?.breakers.circuits ?? [])];
    return selfTestChecks({
      ...(sampled.circuits.length > 0 && { sampleAgeMs: clock.now() - sampledAt }),
      measuredPoints: Object.keys(newestValues).length,
      hasRoom: uplink.hasRoom(),
      unacknowledged: waiting + inFlight,
      unknownBreakers: new Set(watched.filter((circuit) => breakers?.state(circuit) === 'unknown')).size,
      faults: faults.standing(),
    });
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
    const causes = causesNow().filter(({ kind, at }) => kind !== 'arc' || at >= startAtMs);
    reportActs(options.actor.act(causes, (circuit) => monitors.current.loadsOn(circuit)));
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
    const told = faults.active();
    const last = faults.lastSelfTest();
    options.onState?.({
      ...monitors.current.state(),
      ...(metering !== undefined && { metering: metering.state() }),
      ...(told.length > 0 && { faults: told }),
      ...(last !== undefined && { selfTest: last }),
    });
  }

  return {
    ended: ended.promise,
    start() {
      if (run !== undefined) return;
      uplink.start();
      run = play().then(ended.resolve, ended.reject);
    },
    counts: () => ({ ...counts, signalMs: msOf(monitors.frames) }),
    calibrationId: () => {
      const used = calibration.inUse();
      return used === 'none' ? used : used.id;
    },
    isAlive: () => performance.now() - turnedAt < ALIVE_MS,
    obey: (order) => obey(order, commanded),
    async stop(timeoutMs = STOP_TIMEOUT_MS) {
      abort.abort();
      await run;
      ended.resolve();
      return uplink.stop(timeoutMs);
    },
  };
}
