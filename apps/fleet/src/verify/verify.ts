import { alarmStates } from '@fengsui/alarm';
import type { ApiClient } from '../api/api-client.ts';
import { inParallel } from '../api/in-parallel.ts';
import { Durations } from '../run/tally.ts';
import type { DeviceTruth, Truth } from '../truth/truth.ts';
import { compareAlarms, type FoundAlarm } from './compare-alarms.ts';
import { compareReports, type ReportComparison } from './compare-reports.ts';
import { storedReports } from './stored-reports.ts';

const AT_ONCE = 8;
const PROGRESS_MS = 2_000;
const RETRY_MS = 1_000;
const SECOND_MS = 1_000;
/** The centre may take its own time for an instant; clocks of two machines differ. */
const SLACK_MS = 900_000;
const EXAMPLES = 20;
/** The centre's answer, not what was planned: the alarms of gateways have no carrier to read. */
const GATEWAY = 'generic-gateway';

const EVERY_STATE = alarmStates.join(',');

export type VerifyOptions = {
  readonly api: ApiClient;
  readonly truth: Truth;
  /** How long what is missing may still come: the centre applies what it has promised after it has promised it. */
  readonly settleMs: number;
  /** An alarm that took longer from its event to the centre is late. */
  readonly lateMs: number;
  readonly log: (words: string) => void;
};

export type Verdict = {
  readonly ok: boolean;
  readonly run: number;
  readonly devices: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Reports of the truth that the centre has. */
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  /** Reports that the centre has and the truth does not know. */
  readonly unexpected: number;
  readonly alarms: {
    readonly expected: number;
    readonly found: number;
    readonly missing: number;
    readonly false: number;
    readonly doubled: number;
    readonly uncleared: number;
    readonly late: number;
  };
  /** From the event to its reception by the centre; absent without alarms. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Up to 20 of each, to begin looking. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
};

/** Compares what a truth file says with what the centre's API says. Read-only. */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const { truth, settleMs, log } = options;
  const { run } = truth;
  if (run === undefined) throw new Error('the truth names no run');
  const reporting = [...truth.devices.values()].filter(({ model }) => model !== GATEWAY);
  const settledBy = Date.now() + settleMs;
  const results = new Map<string, ReportComparison>();
  let wanting = reporting;
  let isFirst = true;
  while (wanting.length > 0) {
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    isFirst = false;
    await readAll(options, wanting, results);
    wanting = reporting.filter(({ deviceId }) => (results.get(deviceId)?.lost.length ?? 0) > 0);
    if (Date.now() > settledBy) break;
    if (wanting.length > 0) log(`reports of ${wanting.length} devices are not there yet`);
  }
  let alarms = await compareAllAlarms(options);
  while (alarms.missing.length + alarms.uncleared.length > 0 && Date.now() < settledBy) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    alarms = await compareAllAlarms(options);
  }
  return verdictOf(truth, run.run, reporting.length, results, alarms);
}

async function readAll(
  { api, truth, log }: VerifyOptions,
  devices: readonly DeviceTruth[],
  results: Map<string, ReportComparison>,
): Promise<void> {
  const run = truth.run?.run ?? 0;
  const { startedAt = 0 } = truth.run ?? {};
  const endedAt = truth.end?.at ?? Date.now();
  const isGb = truth.run?.protocol === 'gb26875';
  // What no run of this truth sent is told by its instant alone there, so the period is no longer than the run.
  const period = isGb
    ? { from: startedAt - SECOND_MS, to: endedAt + SECOND_MS }
    : { from: Math.min(truth.firstAt, startedAt) - SLACK_MS, to: Math.max(truth.lastAt, endedAt) + SLACK_MS };
  let done = 0;
  const timer = setInterval(() => log(`read ${done} of ${devices.length} devices`), PROGRESS_MS);
  try {
    await inParallel(devices, AT_ONCE, async (device) => {
      results.set(
        device.deviceId,
        compareReports(device.reports, await storedReports(api, device, run, period), !isGb),
      );
      done++;
    });
  } finally {
    clearInterval(timer);
  }
}

type Alarms = Record<'missing' | 'false' | 'doubled' | 'uncleared', string[]> & {
  expected: number;
  found: number;
  late: number;
  readonly latencies: Durations;
};

async function compareAllAlarms({ api, truth, lateMs }: VerifyOptions): Promise<Alarms> {
  const startedAt = truth.run?.startedAt ?? 0;
  // Alarms of the run, and older ones that stood all the time: a condition that was active raises no second alarm.
  const found = new Map<string, FoundAlarm>();
  const keep = (alarm: FoundAlarm): void => {
    if (truth.devices.has(alarm.deviceId)) found.set(alarm.id, alarm);
  };
  for await (const alarm of api.list<FoundAlarm>(`/alarms?state=${EVERY_STATE}&limit=1000`)) {
    if (Date.parse(alarm.raisedAt) < startedAt - SLACK_MS) break;
    keep(alarm);
  }
  for await (const alarm of api.list<FoundAlarm>('/alarms?limit=1000')) keep(alarm);
  const byDevice = Map.groupBy(found.values(), ({ deviceId }) => deviceId);
  const total: Alarms = {
    expected: 0,
    found: 0,
    missing: [],
    false: [],
    doubled: [],
    uncleared: [],
    late: 0,
    latencies: new Durations(),
  };
  for (const device of truth.devices.values()) {
    // A run that was killed wrote no end.
    const period = { startedAt, endedAt: truth.end?.at ?? truth.lastAcknowledgedAt };
    const each = compareAlarms(device, byDevice.get(device.deviceId) ?? [], period);
    total.expected += each.expected;
    total.found += each.found;
    for (const what of ['missing', 'false', 'doubled', 'uncleared'] as const) total[what].push(...each[what]);
    for (const ms of each.latenciesMs) {
      total.latencies.add(ms);
      if (ms > lateMs) total.late++;
    }
  }
  return total;
}

function verdictOf(
  truth: Truth,
  run: number,
  devices: number,
  results: ReadonlyMap<string, ReportComparison>,
  alarms: Alarms,
): Verdict {
  const named = (what: 'lost' | 'doubled' | 'unexpected'): string[] =>
    [...results].flatMap(([deviceId, result]) =>
      result[what].map((seq) => (seq < 0 ? `${deviceId} self-test` : `${deviceId} seq ${seq}`)),
    );
  const lost = named('lost');
  const doubled = named('doubled');
  const unexpected = named('unexpected');
  const bad = {
    lost,
    doubled,
    unexpected,
    missingAlarms: alarms.missing,
    falseAlarms: alarms.false,
    doubledAlarms: alarms.doubled,
    unclearedAlarms: alarms.uncleared,
  };
  const latencyMs = alarms.latencies.summary();
  return {
    ok: Object.values(bad).every((list) => list.length === 0),
    run,
    devices,
    sent: truth.sent,
    acknowledged: truth.acknowledged,
    stored: [...results.values()].reduce((sum, { stored }) => sum + stored, 0),
    lost: lost.length,
    doubled: doubled.length,
    unexpected: unexpected.length,
    alarms: {
      expected: alarms.expected,
      found: alarms.found,
      missing: alarms.missing.length,
      false: alarms.false.length,
      doubled: alarms.doubled.length,
      uncleared: alarms.uncleared.length,
      late: alarms.late,
    },
    ...(latencyMs !== undefined && { latencyMs }),
    examples: Object.fromEntries(
      Object.entries(bad)
        .filter(([, list]) => list.length > 0)
        .map(([name, list]) => [name, list.slice(0, EXAMPLES)]),
    ),
  };
}
