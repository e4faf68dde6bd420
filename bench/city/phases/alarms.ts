import type { AlarmWatcher } from '../../centre/alarm-watcher.ts';
import type { AlarmRaiser, Raised } from '../../load/alarm-raiser.ts';
import type { Fleet } from '../../load/fleet.ts';
import { latenciesOf, type Latencies } from '../../statistics.ts';
import type { CitySystem } from '../city-system.ts';
import type { ScreenWatch } from '../screen/screen-watch.ts';
import { costOf, settled } from './throughput.ts';

const LEAD_MS = 1_500;
const EVENTS_PER_S = 40;
const BURST = 1_000;
const BURST_MS = 5_000;
const SEEN_TIMEOUT_MS = 60_000;
/** After the last of them was on the feed: a row that has not been drawn by then is not drawn any more. */
const DRAWN_TIMEOUT_MS = 15_000;

export type AlarmTimes = {
  readonly puback: Latencies;
  readonly feed: Latencies;
  /** Of alarms that were acknowledged, not on the feed within a minute. */
  readonly unseen: number;
  /** Where a browser looked on. */
  readonly screen?: ScreenTimes;
  readonly reportPuback: Latencies;
  readonly cpuMsPerThousand: number;
};

export type ScreenTimes = {
  readonly dom: Latencies;
  /** Of alarms that were acknowledged, never a row of the page. */
  readonly unseen: number;
  readonly clockErrorMs: number;
};

type Parts = {
  readonly system: CitySystem;
  readonly fleet: Fleet;
  readonly raiser: AlarmRaiser;
  readonly watcher: AlarmWatcher;
  readonly screen?: ScreenWatch;
};

/** Alarms one by one, or 1,000 in 5 s, while `ratePerS` reports flow from `connections`. */
export async function measureAlarms(
  { system, fleet, raiser, watcher, screen }: Parts,
  connections: number,
  ratePerS: number,
  course: { readonly kind: 'steady'; readonly durationMs: number } | { readonly kind: 'burst' },
): Promise<AlarmTimes> {
  await settled(system);
  const durationMs = course.kind === 'burst' ? BURST_MS : course.durationMs;
  const count = course.kind === 'burst' ? BURST : (durationMs / 1000) * EVENTS_PER_S;
  await screen?.begin();
  const cpuBefore = costOf(system).cpuS;
  const load = fleet.offer(connections, ratePerS, durationMs + LEAD_MS);
  // Its failure is told below, when it is waited for.
  load.catch(() => undefined);
  await pause(LEAD_MS);
  const following: Promise<Taken>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) {
    // Unequal gaps, so that no timer is met in step.
    const dueMs = ((i + ((i * 0.618034) % 1)) * durationMs) / count;
    await pause(startedAt + dueMs - performance.now());
    following.push(follow(watcher, raiser.raise()));
  }
  const taken = await Promise.all(following);
  const { sent, latencyMs } = await load;
  const screenTimes = screen && (await timesOn(screen, taken));
  await settled(system);
  return {
    puback: latenciesOf(taken.map(({ pubackMs }) => pubackMs)),
    feed: latenciesOf(taken.flatMap(({ feedMs }) => feedMs ?? [])),
    unseen: taken.filter(({ feedMs }) => feedMs === undefined).length,
    ...(screenTimes !== undefined && { screen: screenTimes }),
    reportPuback: latencyMs,
    cpuMsPerThousand: ((costOf(system).cpuS - cpuBefore) / sent) * 1e6,
  };
}

async function timesOn(screen: ScreenWatch, taken: readonly Taken[]): Promise<ScreenTimes> {
  const devices = [...new Set(taken.map(({ raised }) => raised.deviceId))];
  const { atMs, clockErrorMs } = await screen.shown(taken.length, devices, DRAWN_TIMEOUT_MS);
  const latenciesMs = taken.flatMap(({ raised: { key, sentAtMs } }) => {
    const shownAtMs = atMs.get(key);
    return shownAtMs === undefined ? [] : shownAtMs - sentAtMs;
  });
  return { dom: latenciesOf(latenciesMs), unseen: taken.length - latenciesMs.length, clockErrorMs };
}

type Taken = { readonly raised: Raised; readonly pubackMs: number; readonly feedMs: number | undefined };

async function follow(watcher: AlarmWatcher, raised: Raised): Promise<Taken> {
  const { key, sentAtMs, acknowledged } = raised;
  const seen = watcher.seen(key, SEEN_TIMEOUT_MS).catch(() => undefined);
  const [acknowledgedAtMs, feedAtMs] = await Promise.all([acknowledged, seen]);
  return {
    raised,
    pubackMs: acknowledgedAtMs - sentAtMs,
    feedMs: feedAtMs === undefined ? undefined : feedAtMs - sentAtMs,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
