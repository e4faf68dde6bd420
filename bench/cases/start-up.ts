import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { readMetrics } from '../centre/centre-metrics.ts';
import { registerDevices } from '../centre/register-devices.ts';
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
    return [tableOf(rows)];
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

async function timedUp(centre: CentreProcess): Promise<Started> {
  const startedAt = performance.now();
  await centre.up();
  return untilReady(centre, startedAt);
}

async function untilReady(centre: CentreProcess, startedAt: number): Promise<Started> {
  const listeningMs = performance.now() - startedAt;
  for (;;) {
    const status = await fetch(`${centre.webUrl}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    const readyMs = performance.now() - startedAt;
    if (status === 200) return { listeningMs, readyMs };
    if (readyMs > READY_TIMEOUT_MS) throw new Error(`/readyz answers ${status} after ${READY_TIMEOUT_MS} ms`);
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
