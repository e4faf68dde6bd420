import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { readMetrics, untilApplied } from '../centre/centre-metrics.ts';
import { processStatus } from '../centre/process-status.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { Fleet } from '../load/fleet.ts';
import { latencyCells, rounded, spreadCells } from '../statistics.ts';

const CONNECTIONS = [1, 10, 100, 1000];
const WINDOWS = [1, 8, 64];
const RATES_PER_S = [1000, 5000];
const APPLY_TIMEOUT_MS = 120_000;
/** Less is applied in the time of one look at it. */
const LEAST_BACKLOG = 2_000;

/** How many reports a second become durable (PUBACK), how many are applied, and how long a PUBACK takes. */
export const intake: Benchmark = {
  name: 'intake',
  async run(settings) {
    const centre = await CentreProcess.start();
    const fleet = await Fleet.start();
    try {
      settings.progress('registering 1,000 terminals');
      const devices = await registerDevices(centre, 'i', CONNECTIONS.at(-1) ?? 0);
      const throughput: string[][] = [];
      let connected = 0;
      for (const connections of CONNECTIONS) {
        await fleet.connect(centre.mqttPort, devices.slice(connected, connections));
        connected = connections;
        for (const window of settings.quick ? [1, 64] : WINDOWS)
          throughput.push(await saturated(settings, centre, fleet, connections, window));
      }
      const offered: string[][] = [];
      for (const ratePerS of RATES_PER_S) offered.push(await atRate(settings, centre, fleet, connected, ratePerS));
      return tablesOf(throughput, offered);
    } finally {
      await fleet.stop();
      await centre.dispose();
    }
  },
};

async function saturated(
  { quick, progress }: BenchmarkSettings,
  centre: CentreProcess,
  fleet: Fleet,
  connections: number,
  window: number,
): Promise<string[]> {
  await untilApplied(centre, APPLY_TIMEOUT_MS);
  const before = await readMetrics(centre);
  const startedAt = performance.now();
  const { acknowledged, perS, ratesPerS, latencyMs } = await fleet.saturate(connections, window, quick ? 1_000 : 4_000);
  const loadS = (performance.now() - startedAt) / 1000;
  const after = await readMetrics(centre);
  const drainS = (await untilApplied(centre, APPLY_TIMEOUT_MS)) / 1000;
  const appliedPerS = (after.applied - before.applied) / loadS;
  const hasBacklog = after.backlog >= LEAST_BACKLOG;
  // The first slice holds the start of the load, not its course.
  const rates = spreadCells(ratesPerS.slice(1));
  progress(`${connections} connections × ${window}: ${rounded(perS)} durable/s, ${rounded(appliedPerS)} applied/s`);
  return [
    `${connections} × ${window}`,
    rounded(acknowledged),
    rounded(perS),
    ...rates,
    rounded(latencyMs.p50),
    rounded(latencyMs.p99),
    rounded(appliedPerS),
    rounded(after.backlog),
    hasBacklog ? rounded(drainS) : '–',
    hasBacklog ? rounded(after.backlog / drainS) : '–',
  ];
}

async function atRate(
  { quick, progress }: BenchmarkSettings,
  centre: CentreProcess,
  fleet: Fleet,
  connections: number,
  ratePerS: number,
): Promise<string[]> {
  await untilApplied(centre, APPLY_TIMEOUT_MS);
  const before = await readMetrics(centre);
  const cpuBeforeS = processStatus(centre.pid).cpuS;
  const startedAt = performance.now();
  const { sent, acknowledged, latencyMs, generatorLagMs } = await fleet.offer(
    connections,
    ratePerS,
    quick ? 3_000 : 15_000,
  );
  const loadS = (performance.now() - startedAt) / 1000;
  const cpuS = processStatus(centre.pid).cpuS - cpuBeforeS;
  const after = await readMetrics(centre);
  const drainS = (await untilApplied(centre, APPLY_TIMEOUT_MS)) / 1000;
  progress(`${ratePerS} reports/s: PUBACK p50 ${rounded(latencyMs.p50)} ms, p99 ${rounded(latencyMs.p99)} ms`);
  return [
    `${ratePerS} from ${connections}`,
    ...latencyCells(latencyMs),
    rounded(generatorLagMs.p99),
    String(sent - acknowledged),
    rounded((after.applied - before.applied) / loadS),
    rounded(after.backlog),
    after.backlog >= LEAST_BACKLOG ? rounded(drainS) : '–',
    rounded(cpuS / loadS),
  ];
}

function tablesOf(throughput: readonly string[][], offered: readonly string[][]): readonly Table[] {
  return [
    {
      title: 'Intake as fast as it is acknowledged (telemetry of 9 values, 250 bytes of JSON, QoS 1)',
      columns: [
        'connections × window',
        'acknowledged',
        'durable/s in all',
        'n (0.25 s)',
        'min/s',
        'median/s',
        'max/s',
        'PUBACK p50 ms',
        'PUBACK p99 ms',
        'applied/s meanwhile',
        'backlog at the end',
        'applied after, s',
        'applied/s after',
      ],
      rows: throughput,
      notes: [
        'durable: acknowledged by PUBACK, that is on disk by fdatasync. applied: evaluated and committed to the store.',
        'In all: until the last PUBACK. n, min, median, max: of quarters of a second; with 64,000 reports on their way they come in lumps.',
        'The generator shares the cores with the centre.',
      ],
    },
    {
      title: 'Intake at a fixed rate (open loop)',
      columns: [
        'reports/s from connections',
        'n',
        'PUBACK p50 ms',
        'PUBACK p99 ms',
        'PUBACK max ms',
        'generator late p99 ms',
        'not acknowledged',
        'applied/s meanwhile',
        'backlog at the end',
        'applied after, s',
        'cores used',
      ],
      rows: offered,
      notes: [
        'From the moment each report was due: the lateness of the generator (its timer has 1 ms) is in the numbers.',
      ],
    },
  ];
}
