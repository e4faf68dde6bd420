import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { isCitySource, parseCitySource } from '@fengsui/city';
import { isWireId } from '@fengsui/protocol';
import {
  actionFileOf,
  checkCentreUrl,
  configurationFileOf,
  createCentreClock,
  createCommandGate,
  createLocalActor,
  createMqttUplink,
  createStateFile,
  createTeachingDesk,
  createTerminal,
  keepMeters,
  loadMeters,
  loadPinnedKeys,
  loadPolicies,
  loadSite,
  loadState,
  memoryNonceBook,
  meterFileOf,
  nonceFileOf,
  openConfigurationBook,
  openDiskOutbox,
  openNonceBook,
  openSource,
  outboxFileOf,
  teachingFilesOf,
  type LocalAct,
  type LocalActor,
  type SampleSource,
  type Terminal,
  type Uplink,
  type UplinkNote,
  withMeters,
} from '@fengsui/terminal';
import { UsageError, type Command } from '../command.ts';
import { commandKeysFileOf, enrolTerminal, enrolUsage } from '../terminal/enrol.ts';
import { inspectedCommand, localActionUsage, policyCommand } from '../terminal/local-action.ts';
import { teachTerminal, teachUsage } from '../terminal/teach.ts';
import { version } from '../version.ts';

const STATUS_INTERVAL_MS = 10_000;
/** At the end of a file everything must be acknowledged within this time, unless said otherwise. */
const FLUSH_TIMEOUT_S = 30;
const INTERRUPTED_TIMEOUT_MS = 5_000;

export const terminalCommand: Command = {
  usage: [
    'fengsui terminal --source overload.csv --device D1 --centre mqtt://127.0.0.1:1883 --secret-file d1.secret --rated c1=16',
    "fengsui terminal --source 'city:overload?seed=7&ratedA=16&after=5' --device D1 --centre mqtt://127.0.0.1:1883",
    '',
    'The secret comes from --secret-file or FENGSUI_DEVICE_SECRET, never from an argument. Without a rated current a',
    'circuit is not watched for overload. Ends with 0 when a file is played and every report is acknowledged.',
    'Options:',
    '  --source SOURCE    X.csv, X.cfg or X.dat (COMTRADE), DIR#recordingId, or city:<scenario>?key=value&…',
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
    '  --no-loads         do not tell loads apart',
    '  --ca F             for mqtts: certificate of the authority that signed the centre (its /ca.crt)',
    '  --cert F --key F   the device by its X.509 certificate (CN = device id) instead of a secret',
    '  --command-keys F   obey commands signed by these keys (docs/reference/commands.md); default: what `terminal enrol`',
    '                     left beside the secret file. Without keys every command is refused',
    '  --policy F --owner-key F   open breakers where these signed policies permit it; needs --state',
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
    if (args[0] === 'policy') return policyCommand(args.slice(1));
    if (args[0] === 'inspected') return inspectedCommand(args.slice(1));
    const call = readCall(args);
    const tls = await readTls(call);
    const secret = tls.cert === undefined ? await readSecret(call.secretFile) : undefined;
    const stateFile = call.state === undefined ? undefined : createStateFile(call.state);
    const meterFile = call.state === undefined ? undefined : meterFileOf(call.state);
    const kept = call.state === undefined ? undefined : await loadState(call.state);
    const state = kept === undefined || meterFile === undefined ? kept : withMeters(kept, loadMeters(meterFile));
    const site = call.site === undefined ? undefined : await loadSite(call.site);
    const { source, remarks, speed } = await openSource(call.source, { repeat: call.repeat, startAtMs: Date.now() });
    for (const remark of remarks) say(remark);
    const stranger = Object.keys(call.ratedA).find((rated) => !source.circuits.some(({ prefix }) => prefix === rated));
    if (stranger !== undefined) {
      throw new UsageError(
        `--rated ${stranger}: the source has ${source.circuits.map(({ prefix }) => prefix).join(', ')}`,
      );
    }
    const policies = await policiesOf(call);
    const actor = actorOf(call, source, policies);
    const clock = createCentreClock(() => performance.now());
    const configuration = openConfigurationBook(call.state === undefined ? undefined : configurationFileOf(call.state));
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
      ...(outbox === undefined ? {} : { outbox }),
      onNote: (note) => say(wordsOf(note, call)),
      onTime: (centreAt) => {
        clock.hear(centreAt);
        actor?.hearTime(centreAt);
      },
      onCommand: (payload) => gate.answer(payload),
    });
    const terminal: Terminal = createTerminal({
      source,
      deviceId: call.device,
      uplink,
      ...(outbox === undefined ? {} : { numbering: outbox.numbering }),
      speed: call.speed ?? speed ?? 1,
      ratedA: call.ratedA,
      configuration,
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
    const unwatched = source.circuits.filter(({ prefix, ratedA }) => (call.ratedA[prefix] ?? ratedA) === undefined);
    if (unwatched.length > 0) {
      say(`no rated current, so no overload: ${unwatched.map(({ prefix }) => prefix).join(', ')} (--rated c1=16)`);
    }
    try {
      return await play(terminal, uplink, call.flushMs);
    } finally {
      await stateFile?.settled();
    }
  },
};

async function play(terminal: Terminal, uplink: Uplink, flushMs: number): Promise<number> {
  const interrupted = Promise.withResolvers<'interrupted'>();
  const interrupt = (): void => interrupted.resolve('interrupted');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const statusTimer = setInterval(() => say(statusLine(terminal, uplink)), STATUS_INTERVAL_MS);
  try {
    terminal.start();
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
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function policiesOf({ policy, ownerKey, state }: Call): ReturnType<typeof loadPolicies> {
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
  { policy, state, device }: Call,
  source: SampleSource,
  policies: Awaited<ReturnType<typeof loadPolicies>>,
): LocalActor | undefined {
  if (policy === undefined || state === undefined) return undefined;
  const { breakers } = source;
  if (breakers === undefined) throw new Error('--policy: the source has no breakers to open');
  for (const { policy: own, isSignatureValid } of policies) {
    say(`policy ${own.policyId}: ${own.circuit} ${isSignatureValid ? own.mode : 'has no valid signature: observed'}`);
  }
  const circuits = source.circuits.map(({ prefix }) => prefix);
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

type Call = {
  readonly source: string;
  readonly device: string;
  readonly centre: string;
  readonly secretFile?: string;
  readonly state?: string;
  readonly site?: string;
  readonly policy?: string;
  readonly ownerKey?: string;
  readonly commandKeys?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly hasLoads: boolean;
  readonly ratedA: Readonly<Record<string, number>>;
  readonly speed?: number;
  readonly repeat: boolean;
  readonly intervalMs?: number;
  readonly durationMs?: number;
  readonly flushMs: number;
};

function readCall(args: readonly string[]): Call {
  const { values } = parseArgs({
    args: [...args],
    options: {
      source: { type: 'string' },
      device: { type: 'string' },
      centre: { type: 'string' },
      'secret-file': { type: 'string' },
      rated: { type: 'string' },
      speed: { type: 'string' },
      repeat: { type: 'boolean' },
      interval: { type: 'string' },
      duration: { type: 'string' },
      flush: { type: 'string' },
      state: { type: 'string' },
      site: { type: 'string' },
      'no-loads': { type: 'boolean' },
      policy: { type: 'string' },
      'owner-key': { type: 'string' },
      'command-keys': { type: 'string' },
      ca: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
    },
  });
  const { source, device, centre, state, site, policy, repeat = false } = values;
  const ownerKey = values['owner-key'];
  const secretFile = values['secret-file'];
  if (source === undefined || device === undefined || centre === undefined) {
    throw new UsageError('--source, --device and --centre are needed');
  }
  if (!isWireId(device)) throw new UsageError(`--device ${values.device}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
  asUsage(() => checkCentreUrl(centre));
  if (isCitySource(source)) asUsage(() => parseCitySource(source));
  const speed = values.speed === 'max' ? Infinity : numberOf('--speed', values.speed, 0.01, 100_000);
  const intervalMs = numberOf('--interval', values.interval, 200, 3_600_000);
  const flushS = numberOf('--flush', values.flush, 0, 3600) ?? FLUSH_TIMEOUT_S;
  const durationS = numberOf('--duration', values.duration, 0.001, 1e9);
  return {
    source,
    device,
    centre,
    ratedA: readRatedCurrents(values.rated),
    repeat,
    hasLoads: values['no-loads'] !== true,
    flushMs: flushS * 1000,
    ...(secretFile === undefined ? {} : { secretFile }),
    ...(state === undefined ? {} : { state }),
    ...(site === undefined ? {} : { site }),
    ...(policy === undefined ? {} : { policy }),
    ...(ownerKey === undefined ? {} : { ownerKey }),
    ...(values.ca === undefined ? {} : { ca: values.ca }),
    ...(values.cert === undefined ? {} : { cert: values.cert }),
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values['command-keys'] === undefined ? {} : { commandKeys: values['command-keys'] }),
    ...(speed === undefined ? {} : { speed }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
    ...(durationS === undefined ? {} : { durationMs: durationS * 1000 }),
  };
}

/** What a person typed is wrong: show how to call. */
function asUsage(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function readRatedCurrents(text: string | undefined): Record<string, number> {
  const ratedA: Record<string, number> = {};
  for (const pair of text?.split(',') ?? []) {
    const [prefix = '', value = ''] = pair.trim().split('=', 2);
    const amperes = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (!/^c[1-8]$/.test(prefix) || !(amperes > 0)) {
      throw new UsageError(`--rated: "${pair}" is no pair such as c1=16 (c1 to c8, amperes above 0)`);
    }
    if (prefix in ratedA) throw new UsageError(`--rated: ${prefix} is given twice`);
    ratedA[prefix] = amperes;
  }
  return ratedA;
}

function numberOf(option: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= low && value <= high) return value;
  throw new UsageError(`${option} ${text}: expected a number from ${low} to ${high}`);
}

/** What mqtts needs beside the public authorities: the centre's own, and the device's certificate in place of a secret. */
async function readTls({ ca, cert, key }: Call): Promise<{ ca?: string; cert?: string; key?: string }> {
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key belong together');
  return {
    ...(ca === undefined ? {} : { ca: await readFile(ca, 'utf8') }),
    ...(cert === undefined ? {} : { cert: await readFile(cert, 'utf8') }),
    ...(key === undefined ? {} : { key: await readFile(key, 'utf8') }),
  };
}

async function readSecret(file: string | undefined): Promise<string> {
  const secret = file === undefined ? process.env['FENGSUI_DEVICE_SECRET'] : await readFile(file, 'utf8');
  const trimmed = secret?.trim();
  if (trimmed !== undefined && trimmed !== '') return trimmed;
  if (file !== undefined) throw new Error(`${file} is empty, the secret of the device expected`);
  throw new UsageError('the secret of the device is needed: --secret-file FILE or FENGSUI_DEVICE_SECRET');
}

function wordsOf(note: UplinkNote, { device, centre }: Call): string {
  if (note.kind === 'connected') return `device ${device} connected to ${centre}`;
  const retry = `next attempt in ${Math.ceil(note.retryMs / 1000)} s`;
  if (note.kind === 'lost') return `device ${device}: no connection to ${centre}: ${note.reason}; ${retry}`;
  return `device ${device} refused by ${centre}: ${note.reason} (CONNACK ${note.returnCode}); ${retry}`;
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
