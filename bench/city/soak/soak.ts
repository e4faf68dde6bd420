import type { AlarmWatcher } from '../../centre/alarm-watcher.ts';
import type { AlarmRaiser } from '../../load/alarm-raiser.ts';
import type { DeviceCredential } from '../../load/device-connection.ts';
import type { Fleet } from '../../load/fleet.ts';
import { quantile } from '../../statistics.ts';
import type { CitySystem } from '../city-system.ts';
import { growthOf, stretchMeans, type Growth } from './growth.ts';
import { costOf, settled } from '../phases/throughput.ts';

/** The generator keeps the latencies of one slice: an hour of them would be memory of its own. */
const SLICE_MS = 60_000;
const LONGEST_STEP_MS = 5_000;
const STEPS = 30;
const SEEN_TIMEOUT_MS = 60_000;
const HOUR_MS = 3_600_000;
const STRETCHES = 12;

export type Soak = {
  readonly minutes: number;
  readonly acknowledged: number;
  /** Sent and never acknowledged: not lost, for a device would send them again; stored all the same, they hide as many lost ones. */
  readonly unanswered: number;
  /** Acknowledged, and no row of any of the devices in the end. */
  readonly lost: number;
  readonly doubled: number;
  readonly alarms: number;
  readonly alarmsUnseen: number;
  /** Of the first, the middle and the last third: medians. */
  readonly residentMb: Thirds;
  /** From the event of an alarm to the WebSocket. */
  readonly feedMs: Thirds;
  readonly feedWorstMs: number;
  /** At the beginning, in the middle and at the end: reports sent and not stored yet. */
  readonly backlog: Thirds;
  /** Of the last two thirds, MB an hour. */
  readonly growthMbPerH: Growth;
};

export type Thirds = readonly [first: number, middle: number, last: number];

type Parts = {
  readonly system: CitySystem;
  readonly fleet: Fleet;
  readonly devices: readonly DeviceCredential[];
  readonly raiser: AlarmRaiser;
  readonly watcher: AlarmWatcher;
};

type Sample = { readonly atMs: number; readonly residentMb: number; readonly feedMs: number | undefined };

/** `ratePerS` reports for so many minutes: what the memory does, how far the store is behind, and what is there in the end. */
export async function measureSoak(parts: Parts, ratePerS: number, minutes: number): Promise<Soak> {
  const { system, devices } = parts;
  const totalMs = minutes * 60_000;
  const storedBefore = await settled(system);
  const startedAt = Date.now();
  const load = offerInSlices(parts, ratePerS, totalMs);
  // Its failure is told below, when it is waited for.
  load.catch(() => undefined);
  const { samples, backlog } = await watch(parts, ratePerS, totalMs, storedBefore);
  const { sent, acknowledged } = await load;
  await settled(system);
  const stored = { rows: 0, distinct: 0 };
  for (const { deviceId } of devices) {
    const { rows, distinct } = await system.storedBetween(deviceId, startedAt, Date.now() + 1);
    stored.rows += rows;
    stored.distinct += distinct;
  }
  const feedMs = samples.flatMap((sample) => sample.feedMs ?? []);
  const memory = samples
    .filter(({ atMs }) => atMs >= totalMs / 3)
    .map(({ atMs, residentMb }) => [atMs / HOUR_MS, residentMb] as const);
  return {
    minutes,
    acknowledged,
    unanswered: sent - acknowledged,
    lost: Math.max(0, acknowledged - stored.distinct),
    doubled: stored.rows - stored.distinct,
    alarms: samples.length,
    alarmsUnseen: samples.length - feedMs.length,
    residentMb: thirds(samples, totalMs, ({ residentMb }) => residentMb),
    feedMs: thirds(samples, totalMs, (sample) => sample.feedMs),
    feedWorstMs: quantile(feedMs, 1),
    backlog,
    growthMbPerH: growthOf(stretchMeans(memory, STRETCHES)),
  };
}

/** One slice after the other, the next one when all of the last one is answered. */
async function offerInSlices(
  { fleet, devices }: Parts,
  ratePerS: number,
  totalMs: number,
): Promise<{ readonly sent: number; readonly acknowledged: number }> {
  const total = { sent: 0, acknowledged: 0 };
  const endsAt = performance.now() + totalMs;
  for (let restMs = totalMs; restMs >= 1; restMs = endsAt - performance.now()) {
    const { sent, acknowledged } = await fleet.offer(devices.length, ratePerS, Math.min(SLICE_MS, restMs));
    total.sent += sent;
    total.acknowledged += acknowledged;
  }
  return total;
}

/** An alarm every few seconds, and the memory beside it. */
async function watch(
  { system, raiser, watcher }: Parts,
  ratePerS: number,
  totalMs: number,
  storedBefore: number,
): Promise<{ readonly samples: readonly Sample[]; readonly backlog: Thirds }> {
  const stepMs = Math.min(LONGEST_STEP_MS, totalMs / STEPS);
  const startedAt = performance.now();
  const behind = async (): Promise<number> => {
    const sent = ((performance.now() - startedAt) * ratePerS) / 1000;
    return system.backlog?.() ?? Math.max(0, sent - ((await system.storedReports()) - storedBefore));
  };
  const samples: Promise<Sample>[] = [];
  const backlogs: Promise<number>[] = [];
  for (let step = 1; step * stepMs <= totalMs + 1; step++) {
    await pause(startedAt + step * stepMs - performance.now());
    // Not more often: to count is work for some of them.
    if (step * stepMs >= (backlogs.length * (totalMs - stepMs)) / 2) backlogs.push(behind());
    const { key, sentAtMs } = raiser.raise();
    const { residentMb } = costOf(system);
    const atMs = step * stepMs;
    samples.push(
      watcher.seen(key, SEEN_TIMEOUT_MS).then(
        (seenAtMs) => ({ atMs, residentMb, feedMs: seenAtMs - sentAtMs }),
        () => ({ atMs, residentMb, feedMs: undefined }),
      ),
    );
  }
  const [first = NaN, middle = NaN, last = NaN] = await Promise.all(backlogs);
  return { samples: await Promise.all(samples), backlog: [first, middle, last] };
}

function thirds(samples: readonly Sample[], totalMs: number, pick: (sample: Sample) => number | undefined): Thirds {
  const of = (third: number): number =>
    quantile(
      samples
        .filter(({ atMs }) => Math.min(2, Math.floor((3 * atMs) / totalMs)) === third)
        .flatMap((sample) => pick(sample) ?? []),
      0.5,
    );
  return [of(0), of(1), of(2)];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
