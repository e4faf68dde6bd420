import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { telemetryColumns } from '../../apps/centre/src/situation/commit/report-steps.ts';
import { migrate } from '../../apps/centre/src/store/migrate.ts';
import { migrations } from '../../apps/centre/src/store/migrations/index.ts';
import { createPgliteStore } from '../../apps/centre/src/store/pglite-store.ts';
import type { CopyValue, Step } from '../../apps/centre/src/store/store.ts';
import type { Benchmark } from '../benchmark.ts';
import { latencyCells, latenciesOf, rounded, spreadCells } from '../statistics.ts';

const ROWS_PER_COMMIT = [10, 100, 1000];
const DEVICES = 1000;
const SLICES = 5;

/** The embedded store by itself: telemetry rows of the real schema by COPY, each commit with fsync. */
export const store: Benchmark = {
  name: 'store',
  async run({ quick, progress }) {
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bench-'));
    const pglite = await createPgliteStore({ folder });
    try {
      await migrate(pglite, migrations, { log: () => undefined });
      let seq = 0;
      const rows: string[][] = [];
      for (const count of ROWS_PER_COMMIT) {
        const commits = (quick ? 20 : 60) * SLICES;
        const latenciesMs: number[] = [];
        const ratesPerS: number[] = [];
        const fsyncsBefore = await pglite.fsyncCount();
        for (let slice = 0; slice < SLICES; slice++) {
          const startedAt = performance.now();
          for (let commit = 0; commit < commits / SLICES; commit++) {
            const steps: Step[] = [
              { kind: 'copy', table: 'telemetry', columns: telemetryColumns, rows: telemetryRows(count, seq) },
            ];
            const sentAt = performance.now();
            await pglite.commit(steps);
            latenciesMs.push(performance.now() - sentAt);
            seq += count;
          }
          ratesPerS.push(((commits / SLICES) * count * 1000) / (performance.now() - startedAt));
        }
        const fsyncs = (await pglite.fsyncCount()) - fsyncsBefore;
        rows.push([
          String(count),
          ...spreadCells(ratesPerS),
          ...latencyCells(latenciesOf(latenciesMs)),
          rounded(fsyncs / commits),
        ]);
        progress(`${count} rows per commit: ${rows.at(-1)?.[3]} rows/s`);
      }
      const [counted] = await pglite.query('select count(*) as n from telemetry');
      if (counted?.['n'] !== seq) throw new Error(`${String(counted?.['n'])} rows in the store, ${seq} committed`);
      return [
        {
          title:
            'Embedded store (PGlite in a worker thread, telemetry table with both indexes, 80 columns of values, 9 of them known)',
          columns: [
            'rows per commit',
            'n',
            'rows/s min',
            'median',
            'max',
            'commits',
            'commit p50 ms',
            'p99 ms',
            'max ms',
            'fsyncs per commit',
          ],
          rows,
          notes: ['Encoding of the rows and the way to the worker thread and back are in the numbers.'],
        },
      ];
    } finally {
      await pglite.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function telemetryRows(count: number, firstSeq: number): CopyValue[][] {
  const at = Date.now();
  return Array.from({ length: count }, (_, index): CopyValue[] => {
    const seq = firstSeq + index;
    const device = seq % DEVICES;
    // A generic terminal has 9 points for each of 8 circuits and 8 temperatures; one circuit is in use.
    const values = new Array<number | null>(80).fill(null);
    for (let i = 0; i < 9; i++) values[i] = 100 + i + (seq % 97) / 100;
    const place = [device % 256, `venue-${device % 40}`, 'live', `d${device}`];
    const digest = randomFillSync(new Uint8Array(16));
    return [...place, 'b', seq, 0, at, at, null, 'generic-terminal', 1, true, digest, values, false, seq + 1];
  });
}
