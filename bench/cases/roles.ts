import { startNatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer } from '../../tools/servers/postgres-server.ts';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { AlarmWatcher } from '../centre/alarm-watcher.ts';
import { untilApplied } from '../centre/centre-metrics.ts';
import { processStatus } from '../centre/process-status.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { AlarmRaiser } from '../load/alarm-raiser.ts';
import { Fleet } from '../load/fleet.ts';
import { latenciesOf, latencyCells, rounded } from '../statistics.ts';
import { measureSharing } from './sharing.ts';

const TERMINALS = 1_000;
const RAISERS = 50;
const WINDOW = 64;
const RATE_PER_S = 5_000;
const EVENTS_PER_S = 20;
const LEAD_MS = 1_500;
const TIMEOUT_MS = 120_000;

/** Processes beside the one that applies. */
const SPLITS: readonly (readonly ('gateway' | 'api')[])[] = [[], ['gateway'], ['gateway', 'api']];

/** The same load on one process that does everything, and with the doors for devices, and for seats, taken off it, and with workers that share the venues; NATS and PostgreSQL each time. */
export const roles: Benchmark = {
  name: 'roles',
  async run(settings) {
    const rows: string[][] = [];
    for (const split of SPLITS) rows.push(await measure(settings, split));
    return [tableOf(rows), ...(await measureSharing(settings))];
  },
};

async function measure(
  { quick, progress }: BenchmarkSettings,
  split: readonly ('gateway' | 'api')[],
): Promise<string[]> {
  const [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  const started: CentreProcess[] = [];
  const start = async (...args: readonly string[]): Promise<CentreProcess> => {
    const one = await CentreProcess.start({ env, args });
    started.push(one);
    return one;
  };
  const fleet = await Fleet.start();
  let raiser: AlarmRaiser | undefined;
  let watcher: AlarmWatcher | undefined;
  try {
    const centre = split.length > 0 ? await start('--roles', 'worker,api') : await start();
    const door = split.includes('gateway') ? await start('--roles', 'gateway') : centre;
    const seats = split.includes('api') ? await start('--roles', 'api') : centre;
    const name = split.length > 0 ? ['worker,api', ...split].join(' | ') : 'all in one';
    const terminals = await registerDevices(centre, 'r', TERMINALS);
    const raisers = await registerDevices(centre, 'a', RAISERS);
    await fleet.connect(door.mqttPort, terminals);
    raiser = await AlarmRaiser.connect(door.mqttPort, raisers);
    watcher = await AlarmWatcher.open(seats.webUrl, await centre.createToken('operator'));
    await untilApplied(centre, TIMEOUT_MS);
    const { perS, latencyMs } = await fleet.saturate(TERMINALS, WINDOW, quick ? 3_000 : 8_000);
    await untilApplied(centre, TIMEOUT_MS);

    const cpuBeforeS = started.map(({ pid }) => processStatus(pid).cpuS);
    const seconds = quick ? 6 : 20;
    const load = fleet.offer(TERMINALS, RATE_PER_S, seconds * 1_000);
    load.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
    const feedMs: number[] = [];
    const followed: Promise<void>[] = [];
    const events = Math.floor((seconds - 2 - LEAD_MS / 1_000) * EVENTS_PER_S);
    for (let i = 0; i < events; i++) {
      const { key, sentAtMs } = raiser.raise();
      followed.push(watcher.seen(key, TIMEOUT_MS).then((atMs) => void feedMs.push(atMs - sentAtMs)));
      await new Promise((resolve) => setTimeout(resolve, 1_000 / EVENTS_PER_S));
    }
    const offered = await load;
    await Promise.all(followed);
    await untilApplied(centre, TIMEOUT_MS);
    const cpuS = started.map(({ pid }, i) => processStatus(pid).cpuS - (cpuBeforeS[i] ?? 0));
    const memory = started.map(({ pid }) => processStatus(pid).residentMb);
    const feed = latenciesOf(feedMs);
    progress(
      `${name}: ${rounded(perS)} durable/s; beside 5,000/s PUBACK p99 ${rounded(offered.latencyMs.p99)} ms, alarm p99 ${rounded(feed.p99)} ms`,
    );
    const join = (values: readonly number[]): string => values.map((value) => rounded(value)).join(' + ');
    return [
      name,
      rounded(perS),
      rounded(latencyMs.p99),
      ...latencyCells(offered.latencyMs),
      ...latencyCells(feed),
      join(cpuS.map((seconds) => (seconds * 1e6) / offered.sent)),
      join(memory),
    ];
  } finally {
    watcher?.close();
    raiser?.close();
    await fleet.stop();
    for (const one of started) await one.dispose();
    await nats.stop();
    await postgres.stop();
  }
}

const tableOf = (rows: readonly string[][]): Table => ({
  title: 'One process or several, on PostgreSQL and NATS (one server each, this machine)',
  columns: [
    'processes',
    'durable/s',
    'PUBACK p99 ms',
    `reports at ${RATE_PER_S}/s`,
    'PUBACK p50 ms',
    'PUBACK p99 ms',
    'PUBACK max ms',
    'alarms beside it',
    'feed p50 ms',
    'feed p99 ms',
    'feed max ms',
    'CPU µs per report',
    'memory MB',
  ],
  rows,
  notes: [
    `durable/s: ${TERMINALS} connections, ${WINDOW} reports unacknowledged each; NATS as delivered syncs every two minutes (D1).`,
    'feed: from the publication of an alarm to the WebSocket of a seat, at the process with the role api where there is one. CPU and memory in the order of the names. The generator, NATS and PostgreSQL share the cores.',
  ],
});
