import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { readMetrics, untilApplied } from '../centre/centre-metrics.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { fillTelemetry } from '../load/fill-telemetry.ts';
import { Fleet } from '../load/fleet.ts';
import { rounded, spreadCells } from '../statistics.ts';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 5;
const TAIL_ENTRIES = 100_000;
const QUICK_TAIL_ENTRIES = 20_000;
const TAIL_TIMEOUT_MS = 40_000;
const CONNECTIONS = 200;
const FIRST_BAR_MS = 20_000;
const LATER_BAR_MS = 5_000;
const RECOVERY_BAR_MS = 10_000;
const FULL_DEVICES = 1_000;
/** A week of a report a minute: 10.1 million rows. */
const FULL_MINUTES = 7 * 24 * 60;
const QUICK_FULL_MINUTES = 200;
const APPLY_TIMEOUT_MS = 120_000;
const FULL_BAR_S = 10;
const FULL_AIM_S = 3;

type Started = { readonly listeningMs: number; readonly readyMs: number };

/** Start to "MQTT listening" and to /readyz 200, of the executable as its users start it. */
export const startUp: Benchmark = {
  name: 'start-up',
  async run(settings) {
    const rows = [
      ...(await startsOf(settings, false)),
      ...(await startsOf(settings, true)),
      ...(await startsAfterKill(settings)),
    ];
    return [tableOf(rows), await startsWithRows(settings)];
  },
};

async function startsOf({ quick, progress }: BenchmarkSettings, demo: boolean): Promise<string[][]> {
  const name = demo ? 'demo city' : 'no demo';
  const firsts: Started[] = [];
  const laters: Started[] = [];
  for (let run = 0; run < (quick ? 1 : 5); run++) {
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bench-'));
    const startedAt = performance.now();
    const centre = await CentreProcess.start({ demo, folder: path.join(folder, 'data') });
    try {
      firsts.push(await untilReady(centre, startedAt));
      await centre.stop();
      laters.push(await timedUp(centre));
      await centre.stop();
    } finally {
      await centre.dispose();
      await rm(folder, { recursive: true, force: true });
    }
    progress(
      `${name}: first ${rounded(firsts.at(-1)?.readyMs ?? NaN)} ms, later ${rounded(laters.at(-1)?.readyMs ?? NaN)} ms`,
    );
  }
  return [rowOf(`${name}, first start`, firsts, FIRST_BAR_MS), rowOf(`${name}, later start`, laters, LATER_BAR_MS)];
}

/** Killed while entries are durable and not applied: the start applies them before it opens its doors. */
async function startsAfterKill({ quick, progress }: BenchmarkSettings): Promise<string[][]> {
  const starts: Started[] = [];
  const tails: number[] = [];
  const tailEntries = quick ? QUICK_TAIL_ENTRIES : TAIL_ENTRIES;
  for (let run = 0; run < (quick ? 1 : 5); run++) {
    const centre = await CentreProcess.start();
    const fleet = await Fleet.start();
    try {
      await fleet.connect(centre.mqttPort, await registerDevices(centre, 'k', CONNECTIONS));
      const load = fleet.saturate(CONNECTIONS, 64, TAIL_TIMEOUT_MS);
      load.catch(() => undefined);
      const deadline = performance.now() + TAIL_TIMEOUT_MS;
      let { backlog } = await readMetrics(centre);
      while (backlog < tailEntries && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        ({ backlog } = await readMetrics(centre));
      }
      await centre.kill9();
      await fleet.stop();
      tails.push(backlog);
      starts.push(await timedUp(centre));
      progress(`after kill -9 with ${backlog} entries: ready after ${rounded(starts.at(-1)?.readyMs ?? NaN)} ms`);
    } finally {
      await fleet.stop();
      await centre.dispose();
    }
  }
  const tail = `${rounded(Math.min(...tails))} … ${rounded(Math.max(...tails))}`;
  return [rowOf(`after kill -9, ${tail} entries not applied`, starts, RECOVERY_BAR_MS)];
}

/** A store that has been filled for a week: what a start reads must not grow with what it holds. */
async function startsWithRows({ quick, progress }: BenchmarkSettings): Promise<Table> {
  const centre = await CentreProcess.start();
  const fleet = await Fleet.start();
  try {
    await fleet.connect(centre.mqttPort, await registerDevices(centre, 'f', FULL_DEVICES));
    await fleet.offer(FULL_DEVICES, FULL_DEVICES, 1_000);
    await untilApplied(centre, APPLY_TIMEOUT_MS);
    await fleet.stop();
    await centre.stop();
    const minutes = quick ? QUICK_FULL_MINUTES : FULL_MINUTES;
    const count = await fillTelemetry(centre.folder, minutes, (words) => progress(`rows: ${words}`));
    const afterStop: Answered[] = [];
    const afterKill: Answered[] = [];
    for (let run = 0; run < (quick ? 1 : 5); run++) {
      afterStop.push(await answeredUp(centre));
      await centre.kill9();
      afterKill.push(await answeredUp(centre));
      await centre.stop();
      progress(`${count} rows: /readyz 200 after ${rounded(afterStop.at(-1)?.readyS ?? NaN)} s`);
    }
    return fullTableOf(count, [
      ['after an orderly stop', afterStop],
      ['after kill -9', afterKill],
    ]);
  } finally {
    await fleet.stop();
    await centre.dispose();
  }
}

type Answered = { readonly webS: number; readonly readyS: number };

async function answeredUp(centre: CentreProcess): Promise<Answered> {
  const startedAt = performance.now();
  const isUp = centre.up();
  isUp.catch(() => undefined);
  const webS = (await untilAnswer(`${centre.webUrl}/healthz`, startedAt, () => true)) / 1000;
  const readyS = (await untilAnswer(`${centre.webUrl}/readyz`, startedAt, (status) => status === 200)) / 1000;
  await isUp;
  return { webS, readyS };
}

function fullTableOf(count: number, rows: readonly (readonly [string, readonly Answered[]])[]): Table {
  return {
    title: `Start of the executable with ${rounded(count)} rows of telemetry in the embedded store`,
    columns: [
      'start',
      'n',
      'web door answers: min s',
      'median s',
      'max s',
      '/readyz 200: min s',
      'median s',
      'max s',
      `bar ${FULL_BAR_S} s`,
      `aim ${FULL_AIM_S} s`,
    ],
    rows: rows.map(([name, answered]) => {
      const ready = answered.map(({ readyS }) => readyS);
      const [, ...readyCells] = spreadCells(ready);
      const judged = (limitS: number): string => (ready.every((s) => s < limitS) ? 'met' : '**short**');
      const web = spreadCells(answered.map(({ webS }) => webS));
      return [name, ...web, ...readyCells, judged(FULL_BAR_S), judged(FULL_AIM_S)];
    }),
    notes: [
      `${rounded(FULL_DEVICES)} devices; one report of each came through the doors, its row was multiplied by SQL to one a minute of the days before, with its partitions and indexes and without roll-ups. The first start is right after that; files may be in the memory of the operating system.`,
    ],
  };
}

async function timedUp(centre: CentreProcess): Promise<Started> {
  const startedAt = performance.now();
  await centre.up();
  return untilReady(centre, startedAt);
}

async function untilReady(centre: CentreProcess, startedAt: number): Promise<Started> {
  const listeningMs = performance.now() - startedAt;
  const readyMs = await untilAnswer(`${centre.webUrl}/readyz`, startedAt, (status) => status === 200);
  return { listeningMs, readyMs };
}

/** Milliseconds since `startedAt` when the page first answered as it should. */
async function untilAnswer(url: string, startedAt: number, isRight: (status: number) => boolean): Promise<number> {
  for (;;) {
    const status = await fetch(url, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }).then(
      (response) => response.status,
      () => 0,
    );
    const tookMs = performance.now() - startedAt;
    if (status !== 0 && isRight(status)) return tookMs;
    if (tookMs > READY_TIMEOUT_MS) throw new Error(`${url} answers ${status} after ${READY_TIMEOUT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function rowOf(name: string, starts: readonly Started[], barMs: number): string[] {
  const listening = spreadCells(starts.map(({ listeningMs }) => listeningMs));
  const [, ...ready] = spreadCells(starts.map(({ readyMs }) => readyMs));
  const isMet = starts.every(({ readyMs }) => readyMs < barMs);
  return [name, ...listening, ...ready, isMet ? `met (${barMs / 1000} s)` : `**short** (${barMs / 1000} s)`];
}

function tableOf(rows: readonly string[][]): Table {
  return {
    title: 'Start of the executable',
    columns: [
      'start',
      'n',
      'listening: min ms',
      'median ms',
      'max ms',
      '/readyz 200: min ms',
      'median ms',
      'max ms',
      'bar',
    ],
    rows,
    notes: ['Listening is seen on stdout, looked at every 20 ms. The console was built before.'],
  };
}
