import { existsSync } from 'node:fs';
import process from 'node:process';
import {
  actionFileOf,
  calibrationFileOf,
  configurationFileOf,
  createCentreClock,
  createCommandGate,
  createLocalActor,
  createMqttUplink,
  createStateFile,
  createTeachingDesk,
  createTerminal,
  joinBreakers,
  keepMeters,
  loadMeters,
  loadPinnedKeys,
  loadPolicies,
  loadSite,
  loadState,
  memoryNonceBook,
  meterFileOf,
  nonceFileOf,
  openCalibrationBook,
  openConfigurationBook,
  openDiskOutbox,
  openNonceBook,
  outboxFileOf,
  teachingFilesOf,
  type LocalAct,
  type LocalActor,
  type Breakers,
  type SourceNote,
  type Terminal,
  type Uplink,
  type UplinkNote,
  withMeters,
} from '@fengsui/terminal';
import { UsageError, type Command } from '../command.ts';
import { readSecret, readTls } from '../terminal/credential.ts';
import { doctorCommand, doctorUsage } from '../terminal/doctor.ts';
import { commandKeysFileOf, enrolTerminal, enrolUsage } from '../terminal/enrol.ts';
import { inspectedCommand, localActionUsage, policyCommand } from '../terminal/local-action.ts';
import { modbusCommand, modbusUsage } from '../terminal/modbus.ts';
import { createServiceNotifier } from '../terminal/notify-service.ts';
import { softwareInit, softwareUsage } from '../terminal/software.ts';
import { openCall } from '../terminal/open-call.ts';
import { serviceCommand, serviceUsage } from '../terminal/service.ts';
import { updatesOf } from '../terminal/updates.ts';
import { teachTerminal, teachUsage } from '../terminal/teach.ts';
import { takeCalibrationFile } from '../terminal/calibration.ts';
import { readTerminalCall, type TerminalCall } from '../terminal/terminal-call.ts';
import { version } from '../version.ts';

const STATUS_INTERVAL_MS = 10_000;
const INTERRUPTED_TIMEOUT_MS = 5_000;

export const terminalCommand: Command = {
  usage: [
    'fengsui terminal --source overload.csv --device D1 --centre mqtt://127.0.0.1:1883 --secret-file d1.secret --rated c1=16',
    'sampler | fengsui terminal --source stdin: --device D1 --centre mqtt://127.0.0.1:1883 --secret-file d1.secret',
    'fengsui terminal --fieldbus meters.json --device D1 --centre mqtt://127.0.0.1:1883 --secret-file d1.secret --rated c1=63',
    "fengsui terminal --source 'city:overload?seed=7&ratedA=16&after=5' --device D1 --centre mqtt://127.0.0.1:1883",
    '',
    'The secret comes from --secret-file or FENGSUI_DEVICE_SECRET, never from an argument. Without a rated current a',
    'circuit is not watched for overload. Ends with 0 when a file is played and every report is acknowledged.',
    'Options:',
    '  --source SOURCE    X.csv, X.cfg or X.dat (COMTRADE), DIR#recordingId, city:<scenario>?key=value&…, stdin: or',
    '                     stdin:pcm?rate=8000&format=S16_LE&channels=voltageV:0.02,c1.currentA:0.002',
    '                     (docs/reference/sample-stream.md)',
    '  --fieldbus FILE    meters, contacts and breakers on Modbus (docs/reference/modbus.md), beside a source or alone',
    '  --self-test HH:MM  when the daily self-test runs, local time; default: from 02:00 to 04:00, by the device id',
    '  --device ID        as registered at the centre',
    '  --centre URL       mqtt://host:port or mqtts://host:port',
    '  --secret-file F    file with the secret of the device',
    '  --rated c1=16,c2=32   rated currents in A',
    '  --speed N|max      how much faster than real time; default 1, or what a city: source asks for. At any other speed',
    '                     than 1 reports carry the time of writing, and playback waits while the outbox is half full',
    '  --repeat           play a file again and again; the phase jumps at the seam',
    '  --interval MS      between telemetry, of signal time; default 1000',
    '  --duration S       stop after this much signal time',
    '  --flush S          at the end wait this long for acknowledgements; default 30',
    '  --state FILE       keep energy counters, hazards and what was learned over a restart; teaching needs it. Beside it',
    '                     lies what the centre has not acknowledged yet (FILE without .json, .outbox)',
    '  --site FILE        what is known of the place: cables, probes, phases, venue class, policy (docs/reference/site.md)',
    '  --calibration FILE what makes raw samples into quantities (docs/guides/factory.md); kept beside the state',
    '  --no-loads         do not tell loads apart',
    '  --ca F             for mqtts: certificate of the authority that signed the centre (its /ca.crt)',
    '  --cert F --key F   the device by its X.509 certificate (CN = device id) instead of a secret',
    '  --command-keys F   obey commands signed by these keys (docs/reference/commands.md); default: what `terminal enrol`',
    '                     left beside the secret file. Without keys every command is refused',
    '  --release-keys F   take models and programs signed by these keys (docs/guides/releases.md); needs --state. Default: what',
    '                     `terminal enrol` left beside the secret file. Without keys nothing is updated from afar',
    '  --web URL          where they are fetched: the web address of the centre, https beyond loopback',
    '  --software DIR     take programs too; DIR is what `terminal software-init` made, and launch.mjs of it runs this',
    '  --probation S      what is not well by then is taken back; default 600',
    '  --policy F --owner-key F   open breakers where these signed policies permit it; needs --state',
    '',
    doctorUsage,
    '',
    serviceUsage,
    '',
    softwareUsage,
    '',
    modbusUsage,
    '',
    teachUsage,
    '',
    localActionUsage,
    '',
    enrolUsage,
  ].join('\n'),
  async run(args) {
    if (args[0] === 'teach') return teachTerminal(args.slice(1));
    if (args[0] === 'enrol') return enrolTerminal(args.slice(1));
    if (args[0] === 'modbus') return modbusCommand(args.slice(1));
    if (args[0] === 'doctor') return doctorCommand(args.slice(1));
    if (args[0] === 'install-service') return serviceCommand(args.slice(1));
    if (args[0] === 'software-init') return softwareInit(args.slice(1));
    if (args[0] === 'policy') return policyCommand(args.slice(1));
    if (args[0] === 'inspected') return inspectedCommand(args.slice(1));
    const call = readTerminalCall(args);
    const tls = await readTls(call);
    const secret = tls.cert === undefined ? await readSecret(call.secretFile) : undefined;
    const stateFile = call.state === undefined ? undefined : createStateFile(call.state);
    const meterFile = call.state === undefined ? undefined : meterFileOf(call.state);
    const kept = call.state === undefined ? undefined : await loadState(call.state);
    const state = kept === undefined || meterFile === undefined ? kept : withMeters(kept, loadMeters(meterFile));
    const site = call.site === undefined ? undefined : await loadSite(call.site);
    const { source, fieldbus, remarks, speed, circuits } = await openCall(call);
    for (const remark of remarks) say(remark);
    const stranger = Object.keys(call.ratedA).find((rated) => !circuits.includes(rated));
    if (stranger !== undefined) throw new UsageError(`--rated ${stranger}: the source has ${circuits.join(', ')}`);
    const policies = await policiesOf(call);
    const actor = actorOf(call, joinBreakers(source.breakers, fieldbus?.breakers), circuits, policies);
    const clock = createCentreClock(() => performance.now());
    const configuration = openConfigurationBook(call.state === undefined ? undefined : configurationFileOf(call.state));
    const calibration = openCalibrationBook(call.state === undefined ? undefined : calibrationFileOf(call.state));
    for (const remark of takeCalibrationFile(call, source, calibration)) say(remark);
    const keysFile = call.commandKeys ?? enrolledKeysOf(call.secretFile);
    const gate = createCommandGate({
      deviceId: call.device,
      keys: keysFile === undefined ? new Map() : loadPinnedKeys(keysFile),
      clock,
      nonces: call.state === undefined ? memoryNonceBook(clock) : openNonceBook(nonceFileOf(call.state)),
      obey: (order) => terminal.obey(order),
      now: Date.now,
      onCommand: ({ name, id, outcome }) => say(`command ${name} (${id}): ${outcome}`),
    });
    const outbox =
      call.state === undefined ? undefined : openDiskOutbox({ file: outboxFileOf(call.state), onProblem: say });
    const uplink = createMqttUplink({
      url: call.centre,
      deviceId: call.device,
      ...(secret === undefined ? {} : { secret }),
      tls,
      firmware: version,
      model: 'generic-terminal',
      calibration: () => terminal.calibrationId(),
      ...(outbox === undefined ? {} : { outbox }),
      onNote: (note) => say(wordsOf(note, call)),
      onTime: (centreAt) => {
        clock.hear(centreAt);
        actor?.hearTime(centreAt);
      },
      onCommand: (payload) => gate.answer(payload),
    });
    const restart = Promise.withResolvers<void>();
    const updates = updatesOf(call, { secret, ca: tls.ca, say, restart: () => restart.resolve() });
    const terminal: Terminal = createTerminal({
      ...(updates === undefined ? {} : { updates }),
      source,
      deviceId: call.device,
      uplink,
      ...(outbox === undefined ? {} : { numbering: outbox.numbering }),
      speed: call.speed ?? speed ?? 1,
      ratedA: call.ratedA,
      ...(fieldbus === undefined ? {} : { fieldbus }),
      ...(call.selfTestMinute === undefined ? {} : { selfTestMinute: call.selfTestMinute }),
      onSourceNote: (note) => say(wordsOfNote(note)),
      configuration,
      calibration,
      policies,
      ...(actor === undefined ? {} : { actor, onLocalAct: (act) => say(wordsOfAct(act)) }),
      ...(call.intervalMs === undefined ? {} : { intervalMs: call.intervalMs }),
      ...(call.durationMs === undefined ? {} : { durationMs: call.durationMs }),
      ...(state === undefined ? {} : { state }),
      ...(site === undefined ? {} : { site }),
      ...(call.hasLoads ? {} : { model: null }),
      ...(call.state === undefined ? {} : { teaching: createTeachingDesk(teachingFilesOf(call.state), Date.now) }),
      ...(meterFile === undefined ? {} : { onTelemetry: (values) => keepMeters(meterFile, values) }),
      ...(stateFile === undefined ? {} : { onState: (newest) => stateFile.save(newest) }),
    });
    const unwatched = circuits.filter((circuit) => {
      const own = source.circuits.find(({ prefix }) => prefix === circuit)?.ratedA;
      return (call.ratedA[circuit] ?? site?.circuits?.[circuit]?.ratedA ?? own) === undefined;
    });
    if (unwatched.length > 0) say(`no rated current, so no overload: ${unwatched.join(', ')} (--rated c1=16)`);
    try {
      return await play(terminal, uplink, call.flushMs, restart.promise);
    } finally {
      await stateFile?.settled();
    }
  },
};

async function play(terminal: Terminal, uplink: Uplink, flushMs: number, restart: Promise<void>): Promise<number> {
  const interrupted = Promise.withResolvers<'interrupted'>();
  const interrupt = (): void => interrupted.resolve('interrupted');
  // Another version of the program is to be started: as when asked to go.
  void restart.then(interrupt);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const statusTimer = setInterval(() => say(statusLine(terminal, uplink)), STATUS_INTERVAL_MS);
  const service = createServiceNotifier(() => terminal.isAlive());
  try {
    terminal.start();
    service.ready();
    let how = await Promise.race([terminal.ended.then(() => 'ended' as const), interrupted.promise]);
    let delivery = terminal.stop(how === 'ended' ? flushMs : INTERRUPTED_TIMEOUT_MS);
    if (how === 'ended') {
      // Interrupted while the last reports are on their way: wait no longer.
      how = await Promise.race([delivery.then(() => 'ended' as const), interrupted.promise]);
      if (how === 'interrupted') delivery = terminal.stop(0);
    }
    const left = await delivery;
    say(statusLine(terminal, uplink, true));
    if (left > 0) say(`${left} packets were not acknowledged`);
    return how === 'ended' && left > 0 ? 1 : 0;
  } catch (error) {
    await terminal.stop(0);
    throw error;
  } finally {
    clearInterval(statusTimer);
    service.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function policiesOf({ policy, ownerKey, state }: TerminalCall): ReturnType<typeof loadPolicies> {
  if (policy === undefined) return [];
  if (ownerKey === undefined || state === undefined) throw new UsageError('--policy needs --owner-key and --state');
  return loadPolicies(policy, ownerKey);
}

/** What enrolment left beside the secret. */
function enrolledKeysOf(secretFile: string | undefined): string | undefined {
  const file = secretFile === undefined ? undefined : commandKeysFileOf(secretFile);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** Breakers are opened only on a source that has them, with a state to keep the record in. */
function actorOf(
  { policy, state, device }: TerminalCall,
  breakers: Breakers | undefined,
  circuits: readonly string[],
  policies: Awaited<ReturnType<typeof loadPolicies>>,
): LocalActor | undefined {
  if (policy === undefined || state === undefined) return undefined;
  if (breakers === undefined)
    throw new Error('--policy: neither the source nor the fieldbus file has breakers to open');
  for (const { policy: own, isSignatureValid } of policies) {
    say(`policy ${own.policyId}: ${own.circuit} ${isSignatureValid ? own.mode : 'has no valid signature: observed'}`);
  }
  return createLocalActor({
    deviceId: device,
    circuits,
    policies,
    breakers,
    file: actionFileOf(state),
    now: Date.now,
  });
}

function wordsOfAct(act: LocalAct): string {
  switch (act.kind) {
    case 'opened':
      return `${act.circuit}: breaker ordered to open for ${act.latch.cause}; read back: ${act.breaker}${act.failure === undefined ? '' : `; ${act.failure}`}`;
    case 'stillOpen':
      return `${act.circuit}: opened ${new Date(act.latch.openedAt).toISOString()} for ${act.latch.cause}; not inspected yet`;
    case 'refused':
      return `${act.circuit}: ${act.because.kind} observed, breaker not opened: ${act.missing.join('; ')}`;
  }
}

function wordsOf(note: UplinkNote, { device, centre }: TerminalCall): string {
  if (note.kind === 'connected') return `device ${device} connected to ${centre}`;
  const retry = `next attempt in ${Math.ceil(note.retryMs / 1000)} s`;
  if (note.kind === 'lost') return `device ${device}: no connection to ${centre}: ${note.reason}; ${retry}`;
  return `device ${device} refused by ${centre}: ${note.reason} (CONNACK ${note.returnCode}); ${retry}`;
}

function wordsOfNote(note: SourceNote): string {
  switch (note.kind) {
    case 'gap':
      return `samples: ${note.frames} frames are missing (${note.reason}); measured anew from here`;
    case 'stalled':
      return `samples: none for ${(note.ms / 1000).toFixed(0)} s`;
    case 'discarded':
      return `samples: ${note.bytes} bytes discarded: ${note.detail}`;
  }
}

function statusLine(terminal: Terminal, uplink: Uplink, isLast = false): string {
  const { signalMs, telemetry, events, captures, loads } = terminal.counts();
  const { isConnected, waiting, inFlight, acknowledged, droppedTelemetry, refusedCaptures } = uplink.status();
  return [
    `${(signalMs / 1000).toFixed(1)} s measured`,
    `${telemetry} telemetry, ${events} events, ${loads} loads switched, ${captures} captures`,
    `${acknowledged} packets acknowledged, ${waiting + inFlight} waiting${isConnected || isLast ? '' : ' (not connected)'}`,
    ...(droppedTelemetry > 0 ? [`${droppedTelemetry} telemetry dropped: the outbox was full`] : []),
    ...(refusedCaptures > 0 ? [`${refusedCaptures} captures not kept: the outbox was full`] : []),
  ].join('; ');
}

function say(words: string): void {
  console.error(words);
}
