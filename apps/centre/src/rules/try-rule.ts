import { limitOfRule, matchesPoint, type LimitRule } from '@fengsui/alarm';
import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Store } from '../store/store.ts';
import { RaisedCount } from './count-raised.ts';
import { isInRuleScope, type RuleVersion } from './rule-book.ts';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 5_000;
const EXAMPLES = 20;
/** A trial must not keep the store from its work: after each page the others have their turn. */
const PAUSE_MS = 20;
const MOST_REPORTS = 2_000_000;

export type TrialProgress = { triedDeviceCount: number; readonly deviceCount: number; reportCount: number };

export type TrialParts = {
  readonly store: Store;
  readonly registry: Registry;
  /** The rule as it stands for a device now. */
  readonly inForce: (ruleId: string, device: DeviceRecord) => LimitRule | undefined;
};

/** What a version and what is in force would have raised by the live reports of the last days, device by device. */
export async function tryRule(
  { store, registry, inForce }: TrialParts,
  { rule }: RuleVersion,
  options: {
    readonly days: number;
    readonly now: number;
    readonly by: string;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: TrialProgress) => void;
    readonly mostReports?: number;
  },
): Promise<NonNullable<RuleVersion['trial']>> {
  const { days, now, by, signal, mostReports = MOST_REPORTS } = options;
  const from = now - days * DAY_MS;
  const candidate = limitOfRule(rule);
  const devices = [...registry.allDevices()].filter((device) =>
    isInRuleScope(rule.scope, registry.rulePlace(device.venueId, device.model)),
  );
  const current = (device: DeviceRecord): LimitRule | undefined => inForce(rule.id, device);
  const watched = devices
    .map((device) => ({ device, points: pointsOf(registry, device, [candidate, current(device)]) }))
    .filter(({ points }) => points.length > 0);
  const progress: TrialProgress = { triedDeviceCount: 0, deviceCount: watched.length, reportCount: 0 };
  const version = { raisedCount: 0, deviceCount: 0 };
  const standing = { raisedCount: 0, deviceCount: 0 };
  const examples: NonNullable<RuleVersion['trial']>['examples'][number][] = [];
  for (const { device, points } of watched) {
    if (progress.reportCount >= mostReports) break;
    const counts = points.map(({ id, column }) => ({
      id,
      column,
      version: countOf(candidate, id),
      inForce: countOf(current(device), id),
    }));
    for await (const rows of pagesOf(store, device, counts, from, now, signal)) {
      for (const row of rows) {
        counts.forEach((count, i) => {
          const value = row[`v${i}`] as number | null;
          if (value === null) return;
          count.version?.sample(row['at'] as number, value);
          count.inForce?.sample(row['at'] as number, value);
        });
      }
      progress.reportCount += rows.length;
      options.onProgress(progress);
    }
    for (const count of counts) {
      count.version?.until(now);
      count.inForce?.until(now);
      for (const example of count.version?.examples ?? [])
        if (examples.length < EXAMPLES) examples.push({ deviceId: device.id, pointId: count.id, ...example });
    }
    add(
      version,
      counts.reduce((sum, count) => sum + (count.version?.count ?? 0), 0),
    );
    add(
      standing,
      counts.reduce((sum, count) => sum + (count.inForce?.count ?? 0), 0),
    );
    progress.triedDeviceCount++;
  }
  return { at: now, by, from, days, ...progress, version, inForce: standing, examples };
}

function add(sum: { raisedCount: number; deviceCount: number }, count: number): void {
  sum.raisedCount += count;
  if (count > 0) sum.deviceCount++;
}

const countOf = (rule: LimitRule | undefined, pointId: string): RaisedCount | undefined =>
  rule !== undefined && matchesPoint(rule, pointId) ? new RaisedCount(rule) : undefined;

/** Points that either of the rules speaks of, with their column of a stored row (from 1). */
function pointsOf(
  registry: Registry,
  device: DeviceRecord,
  rules: readonly (LimitRule | undefined)[],
): readonly { readonly id: string; readonly column: number }[] {
  const points = registry.model(device.model)?.points ?? [];
  return points.flatMap(({ id }, i) =>
    rules.some((rule) => rule !== undefined && matchesPoint(rule, id)) ? [{ id, column: i + 1 }] : [],
  );
}

/** Rows of one device in the order of their instants, a page at a time. */
async function* pagesOf(
  store: Store,
  { id, model }: DeviceRecord,
  points: readonly { readonly column: number }[],
  from: number,
  to: number,
  signal: AbortSignal,
) {
  const values = points.map(({ column }, i) => `"values"[${column}] as v${i}`).join(', ');
  const sql =
    `select at, ${values} from telemetry where device_id = $1 and model = $2 and at > $3 and at <= $4 and live ` +
    `order by at limit ${PAGE_ROWS}`;
  for (let after = from; ;) {
    signal.throwIfAborted();
    const rows = await store.query(sql, [id, model, after, to]);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)?.['at'] as number;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
