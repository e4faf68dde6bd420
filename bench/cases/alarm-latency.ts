import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { AlarmWatcher } from '../centre/alarm-watcher.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { readMetrics, untilApplied } from '../centre/centre-metrics.ts';
import { AlarmRaiser, type Raised } from '../load/alarm-raiser.ts';
import { Fleet } from '../load/fleet.ts';
import { latenciesOf, latencyCells, rounded, spreadCells } from '../statistics.ts';

const TERMINALS = 1000;
const RAISERS = 200;
const BURST = 1000;
const BACKGROUNDS_PER_S = [0, 1000, 5000];
const BURST_BACKGROUNDS_PER_S = [0, 5000];
const EVENTS_PER_S = 40;
const BURST_EVERY_MS = 3_000;
const SEEN_TIMEOUT_MS = 30_000;
const APPLY_TIMEOUT_MS = 120_000;
/** The background has to be under way before the first event counts. */
const LEAD_MS = 1_500;
const BAR_MS = 300;
const BURST_BAR_MS = 1000;

/** From the publication of an event to its PUBACK and to the duty desk's WebSocket. */
export const alarmLatency: Benchmark = {
  name: 'alarm-latency',
  async run(settings) {
    const centre = await CentreProcess.start();
    const fleet = await Fleet.start();
    let raiser: AlarmRaiser | undefined;
    let watcher: AlarmWatcher | undefined;
    try {
      settings.progress(`registering ${TERMINALS + RAISERS} terminals`);
      await fleet.connect(centre.mqttPort, await registerDevices(centre, 't', TERMINALS));
      raiser = await AlarmRaiser.connect(centre.mqttPort, await registerDevices(centre, 'a', RAISERS));
      watcher = await AlarmWatcher.open(centre.webUrl, await centre.createToken('operator'));
      const parts: Parts = { settings, centre, fleet, raiser, watcher };
      const steady: string[][] = [];
      for (const ratePerS of BACKGROUNDS_PER_S) steady.push(...(await oneByOne(parts, ratePerS)));
      const bursts: string[][] = [];
      for (const ratePerS of BURST_BACKGROUNDS_PER_S) bursts.push(await inBursts(parts, ratePerS));
      return tablesOf(steady, bursts);
    } finally {
      watcher?.close();
      raiser?.close();
      await fleet.stop();
      await centre.dispose();
    }
  },
};

type Parts = {
  readonly settings: BenchmarkSettings;
  readonly centre: CentreProcess;
  readonly fleet: Fleet;
  readonly raiser: AlarmRaiser;
  readonly watcher: AlarmWatcher;
};

type Taken = { readonly pubackMs: number; readonly feedMs: number; readonly feedAtMs: number };

async function follow(watcher: AlarmWatcher, { key, sentAtMs, acknowledged }: Raised): Promise<Taken> {
  const [acknowledgedAtMs, feedAtMs] = await Promise.all([acknowledged, watcher.seen(key, SEEN_TIMEOUT_MS)]);
  return { pubackMs: acknowledgedAtMs - sentAtMs, feedMs: feedAtMs - sentAtMs, feedAtMs };
}

/** While `ratePerS` telemetry reports come in; 0 = nothing else goes on. */
async function withBackground<Result>(
  { fleet, centre }: Parts,
  ratePerS: number,
  durationMs: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly backlog: number; readonly backgroundPerS: number }> {
  await untilApplied(centre, APPLY_TIMEOUT_MS);
  const load = ratePerS === 0 ? undefined : fleet.offer(TERMINALS, ratePerS, durationMs + LEAD_MS);
  // Its failure is told below, when it is waited for.
  load?.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
  const before = await readMetrics(centre);
  const startedAt = performance.now();
  const result = await work();
  const after = await readMetrics(centre);
  const backgroundPerS = ((after.durable - before.durable) * 1000) / (performance.now() - startedAt);
  await load;
  return { result, backlog: after.backlog, backgroundPerS };
}

async function oneByOne(parts: Parts, ratePerS: number): Promise<string[][]> {
  const { settings, raiser, watcher } = parts;
  const count = settings.quick ? 60 : 600;
  const durationMs = (count / EVENTS_PER_S) * 1000;
  const { result, backlog, backgroundPerS } = await withBackground(parts, ratePerS, durationMs, async () => {
    const following: Promise<Taken>[] = [];
    for (let i = 0; i < count; i++) {
      following.push(follow(watcher, raiser.raise()));
      // Unequal gaps, so that no timer of the centre is met in step.
      const gapMs = (1000 / EVENTS_PER_S) * (0.3 + 1.4 * ((i * 0.618034) % 1));
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    return Promise.all(following);
  });
  const feed = latenciesOf(result.map(({ feedMs }) => feedMs));
  const puback = latenciesOf(result.map(({ pubackMs }) => pubackMs));
  settings.progress(`background ${ratePerS}/s: feed p50 ${rounded(feed.p50)} ms, p99 ${rounded(feed.p99)} ms`);
  const background = ratePerS === 0 ? 'idle' : `${ratePerS} reports/s`;
  const reached = [rounded(backgroundPerS), rounded(backlog)];
  return [
    [`PUBACK, ${background}`, ...latencyCells(puback), ...reached, '–'],
    [`WebSocket, ${background}`, ...latencyCells(feed), ...reached, feed.p99 < BAR_MS ? 'met' : '**short**'],
  ];
}

async function inBursts(parts: Parts, ratePerS: number): Promise<string[]> {
  const { settings, raiser, watcher } = parts;
  const bursts = settings.quick ? 1 : 5;
  const { result } = await withBackground(parts, ratePerS, bursts * BURST_EVERY_MS, async () => {
    const startedAt = performance.now();
    const lastMs: number[] = [];
    const allMs: number[] = [];
    for (let burst = 0; burst < bursts; burst++) {
      const taken = await Promise.all(raiser.raiseAtOnce(BURST).map((raised) => follow(watcher, raised)));
      const feedMs = taken.map((one) => one.feedMs);
      allMs.push(...feedMs);
      lastMs.push(Math.max(...feedMs));
      const restMs = startedAt + (burst + 1) * BURST_EVERY_MS - performance.now();
      if (burst < bursts - 1 && restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    return { lastMs, allMs };
  });
  const worst = Math.max(...result.lastMs);
  const name = ratePerS === 0 ? 'idle' : `${ratePerS} reports/s`;
  settings.progress(`burst, ${name}: last alarm on the feed after ${result.lastMs.map(rounded).join(', ')} ms`);
  return [
    name,
    ...spreadCells(result.lastMs),
    rounded(latenciesOf(result.allMs).p50),
    worst < BURST_BAR_MS ? 'met' : '**short**',
  ];
}

function tablesOf(steady: readonly string[][], bursts: readonly string[][]): readonly Table[] {
  return [
    {
      title: 'Event published → PUBACK, and → frame at a subscribed duty desk',
      columns: [
        'to, background',
        'n',
        'p50 ms',
        'p99 ms',
        'max ms',
        'durable/s reached',
        'backlog at the end',
        `p99 < ${BAR_MS} ms`,
      ],
      rows: steady,
      notes: [
        `${EVENTS_PER_S} events/s of ${RAISERS} terminals, each a condition of its own, level alarm; background of ${TERMINALS} terminals.`,
      ],
    },
    {
      title: `${BURST} alarms at once: time until the last one is on the feed`,
      columns: ['background', 'n', 'last: min ms', 'median ms', 'max ms', 'all: p50 ms', `last < ${BURST_BAR_MS} ms`],
      rows: bursts,
    },
  ];
}
