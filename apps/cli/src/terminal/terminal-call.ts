import { parseArgs } from 'node:util';
import { isCitySource, parseCitySource } from '@fengsui/city';
import { isWireId } from '@fengsui/protocol';
import { checkCentreUrl, isStreamSource } from '@fengsui/terminal';
import { UsageError } from '../command.ts';

/** At the end of a file everything must be acknowledged within this time, unless said otherwise. */
const FLUSH_TIMEOUT_S = 30;

/** How `fengsui terminal` was called. */
export type TerminalCall = {
  /** Absent: nothing is sampled, meters are read. */
  readonly source?: string;
  readonly fieldbus?: string;
  /** Minute of the local day. */
  readonly selfTestMinute?: number;
  readonly device: string;
  readonly centre: string;
  readonly secretFile?: string;
  readonly state?: string;
  readonly site?: string;
  readonly calibration?: string;
  readonly policy?: string;
  readonly ownerKey?: string;
  readonly commandKeys?: string;
  readonly releaseKeys?: string;
  /** Web address of the centre, where releases are fetched. */
  readonly web?: string;
  /** Folder of the versions of the program. */
  readonly software?: string;
  readonly probationMs?: number;
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

/** @throws UsageError naming what is wrong. */
export function readTerminalCall(args: readonly string[]): TerminalCall {
  const { values } = parseArgs({
    args: [...args],
    options: {
      source: { type: 'string' },
      fieldbus: { type: 'string' },
      'self-test': { type: 'string' },
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
      calibration: { type: 'string' },
      'no-loads': { type: 'boolean' },
      policy: { type: 'string' },
      'owner-key': { type: 'string' },
      'command-keys': { type: 'string' },
      'release-keys': { type: 'string' },
      web: { type: 'string' },
      software: { type: 'string' },
      probation: { type: 'string' },
      ca: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
    },
  });
  const { source, fieldbus, device, centre, state, site, policy, repeat = false } = values;
  const ownerKey = values['owner-key'];
  const secretFile = values['secret-file'];
  if ((source ?? fieldbus) === undefined || device === undefined || centre === undefined) {
    throw new UsageError('--source or --fieldbus, --device and --centre are needed');
  }
  if (!isWireId(device)) throw new UsageError(`--device ${values.device}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
  asUsage(() => checkCentreUrl(centre));
  if (source !== undefined && isCitySource(source)) asUsage(() => parseCitySource(source));
  const speed = values.speed === 'max' ? Infinity : numberOf('--speed', values.speed, 0.01, 100_000);
  const isLive = fieldbus !== undefined || (source !== undefined && isStreamSource(source));
  if (isLive && (speed ?? 1) !== 1) throw new UsageError('--speed: meters and streams come in real time');
  const intervalMs = numberOf('--interval', values.interval, 200, 3_600_000);
  const flushS = numberOf('--flush', values.flush, 0, 3600) ?? FLUSH_TIMEOUT_S;
  const durationS = numberOf('--duration', values.duration, 0.001, 1e9);
  const probationS = numberOf('--probation', values.probation, 5, 86_400);
  const web = webOf(values.web);
  const selfTestMinute = minuteOf(values['self-test']);
  return {
    device,
    centre,
    ratedA: readRatedCurrents(values.rated),
    repeat,
    hasLoads: values['no-loads'] !== true,
    flushMs: flushS * 1000,
    ...(source === undefined ? {} : { source }),
    ...(fieldbus === undefined ? {} : { fieldbus }),
    ...(selfTestMinute === undefined ? {} : { selfTestMinute }),
    ...(secretFile === undefined ? {} : { secretFile }),
    ...(state === undefined ? {} : { state }),
    ...(site === undefined ? {} : { site }),
    ...(values.calibration === undefined ? {} : { calibration: values.calibration }),
    ...(policy === undefined ? {} : { policy }),
    ...(ownerKey === undefined ? {} : { ownerKey }),
    ...(values.ca === undefined ? {} : { ca: values.ca }),
    ...(values.cert === undefined ? {} : { cert: values.cert }),
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values['command-keys'] === undefined ? {} : { commandKeys: values['command-keys'] }),
    ...(values['release-keys'] === undefined ? {} : { releaseKeys: values['release-keys'] }),
    ...(web === undefined ? {} : { web }),
    ...(values.software === undefined ? {} : { software: values.software }),
    ...(probationS === undefined ? {} : { probationMs: probationS * 1000 }),
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

/** `03:30` → 210. */
function minuteOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined)
    throw new UsageError(`--self-test ${text}: expected a time such as 03:30`);
  return Number(hour) * 60 + Number(minute);
}

/** A secret goes there: nothing but loopback without TLS. */
function webOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(localhost|127[.][0-9.]+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return url.origin;
  throw new UsageError(`--web ${text}: expected https://host:port (http for loopback alone)`);
}
