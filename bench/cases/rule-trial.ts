import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultLimitRules, ruleOfLimit, type Rule, type RuleTest } from '@fengsui/alarm';
import { Registry } from '../../apps/centre/src/registry/registry.ts';
import { inTrialOrder, tryRule } from '../../apps/centre/src/rules/try-rule.ts';
import { telemetryColumns } from '../../apps/centre/src/situation/commit/report-steps.ts';
import { migrate } from '../../apps/centre/src/store/migrate.ts';
import { migrations } from '../../apps/centre/src/store/migrations/index.ts';
import { createPgliteStore } from '../../apps/centre/src/store/pglite-store.ts';
import type { CopyValue, Store } from '../../apps/centre/src/store/store.ts';
import type { Benchmark } from '../benchmark.ts';
import { latencyCells, latenciesOf, rounded } from '../statistics.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DAYS = 7;
/** A city of detectors that report once a minute; a trial reads those of the first 2,000,000 reports. */
const CITY = 10_000;
const HEAT = 'heat.temperatureC';
const part = { direction: 'above', deadband: 1, onDelayMs: 0, offDelayMs: 0 } as const;
const above = (threshold: number) => ({ kind: 'limit', point: HEAT, threshold, ...part }) as const;

const tests: readonly (readonly [string, RuleTest])[] = [
  ['limit', above(40)],
  ['rise within 5 min', { kind: 'rate', point: HEAT, riseAtLeast: 10, windowMs: 5 * MINUTE_MS, endsBelow: 2 }],
  ['3 times within an hour', { kind: 'count', of: above(30), atLeast: 3, windowMs: 60 * MINUTE_MS }],
];

/** What a trial of a rule takes, and what those who commit meanwhile notice of it. */
export const ruleTrial: Benchmark = {
  name: 'rule-trial',
  async run({ quick, progress }) {
    const storedDevices = quick ? 20 : 200;
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bench-'));
    const pglite = await createPgliteStore({ folder });
    try {
      await migrate(pglite, migrations, { log: () => undefined });
      const now = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const registry = cityOf(quick ? 100 : CITY);
      await fill(pglite, registry, storedDevices, now);
      progress(`${storedDevices * DAYS * 1_440} reports stored`);
      // What filling it has left to do.
      await pause(quick ? 1_000 : 30_000);
      const idle = await commits(pglite, () => pause(quick ? 2_000 : 20_000));
      const rows = [['nothing', '–', '–', '–', ...latencyCells(latenciesOf(idle.latenciesMs))]];
      const [limit] = defaultLimitRules;
      if (limit === undefined) throw new Error('the product has no limit');
      for (const [name, test] of tests) {
        const rule: Rule = { ...ruleOfLimit(limit), id: 'ours', kind: 'heat', test };
        let raised = 0;
        let reports = 0;
        const { latenciesMs, durationMs } = await commits(pglite, async () => {
          const found = await tryRule(
            { store: pglite, registry, inForce: () => undefined },
            { rule, state: 'draft', author: 'bench', lines: [] },
            {
              ...{ days: DAYS, now, by: 'bench', signal: new AbortController().signal, onProgress: () => undefined },
              mostReports: storedDevices * DAYS * 1_440,
            },
          );
          raised = found.version.raisedCount;
          reports = found.reportCount;
        });
        rows.push([
          ...[name, String(reports), rounded(durationMs / 1_000), rounded((reports * 1_000) / durationMs)],
          ...latencyCells(latenciesOf(latenciesMs)),
        ]);
        if (raised === 0) throw new Error(`${name}: nothing would have been raised`);
        progress(`${name}: ${reports} reports in ${rounded(durationMs / 1_000)} s, ${raised} times`);
      }
      return [
        {
          title: `Trial of a rule on ${DAYS} days of a report a minute, embedded store; beside it commits of 10 rows, one each 50 ms`,
          columns: ['trial of', 'reports read', 's', 'reports/s', 'commits', 'commit p50 ms', 'p99 ms', 'max ms'],
          rows,
          notes: [
            `${CITY} detectors are registered; stored are the reports of those that a trial reads before it stops at 2,000,000.`,
          ],
        },
      ];
    } finally {
      await pglite.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function cityOf(deviceCount: number): Registry {
  const registry = new Registry();
  registry.apply({
    kind: 'venuePut',
    venue: { id: 'V1', name: 'V1', class: 'office', organisationId: 'O1', origin: 'live' },
  });
  for (let i = 0; i < deviceCount; i++)
    registry.apply({
      kind: 'devicePut',
      device: { id: `d${i}`, model: 'generic-heat', venueId: 'V1', origin: 'live', reportingIntervalMs: MINUTE_MS },
    });
  return registry;
}

/** A day's course of 20 ± 8 °C with noise of 1 K, three peaks now and then; those that a trial comes to first have reports. */
async function fill(store: Store, registry: Registry, deviceCount: number, now: number): Promise<void> {
  for (let day = 0; day <= DAYS; day++) {
    const from = now - (DAYS - day) * DAY_MS;
    const sql = `create table telemetry_bench_${day} partition of telemetry for values from (${from}) to (${from + DAY_MS})`;
    await store.commit([{ kind: 'sql', sql }]);
  }
  const columns = registry.model('generic-heat')?.points.length ?? 0;
  const column = registry.model('generic-heat')?.points.findIndex(({ id }) => id === HEAT) ?? 0;
  for (const { id } of firstTried(registry, deviceCount)) {
    const sql = `insert into telemetry (partition, venue_id, origin, device_id, epoch, seq, row_index, at, received_at, model,
        model_version, live, digest, "values", identity_suspect, lane_sequence)
      select 0, 'V1', 'live', $1, 'b', n, 0, $2::int8 + n * ${MINUTE_MS}, $2::int8 + n * ${MINUTE_MS}, 'generic-heat', 1, true,
        '\\x00', array_fill(20 + 8 * sin(n / 229.2) + random() + case when n % 2000 in (0, 4, 8) then 25 else 0 end, array[${columns}]), false, 0
      from generate_series(1, ${DAYS * 1_440}) n`;
    await store.commit([{ kind: 'sql', sql, params: [id, now - DAYS * DAY_MS] }]);
  }
  if (column < 0) throw new Error(`generic-heat has no ${HEAT}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const firstTried = (registry: Registry, count: number) => inTrialOrder(registry.allDevices()).slice(0, count);

/** How long commits take while something else is done. */
async function commits(
  store: Store,
  work: () => Promise<void>,
): Promise<{ readonly latenciesMs: readonly number[]; readonly durationMs: number }> {
  const latenciesMs: number[] = [];
  const state = { isDone: false };
  const startedAt = performance.now();
  const done = work().finally(() => (state.isDone = true));
  let seq = 0;
  while (!state.isDone) {
    const at = Date.now();
    const rows = Array.from({ length: 10 }, (): CopyValue[] => {
      const place = [0, 'V1', 'live', 'other'];
      const values = new Array<number | null>(8).fill(1);
      return [...place, 'b', ++seq, 0, at, at, null, 'generic-heat', 1, true, new Uint8Array(16), values, false, 0];
    });
    const sentAt = performance.now();
    await store.commit([{ kind: 'copy', table: 'telemetry', columns: telemetryColumns, rows }]);
    latenciesMs.push(performance.now() - sentAt);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await done;
  return { latenciesMs, durationMs: performance.now() - startedAt };
}
