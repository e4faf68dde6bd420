import { crc32 } from 'node:zlib';
import { leadPointOf, matchesPoint, partsOf, type Rule } from '@fengsui/alarm';
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
  readonly inForce: (ruleId: string, device: DeviceRecord) => Rule | undefined;
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
  const devices = inTrialOrder(registry.allDevices()).filter((device) =>
    isInRuleScope(rule.scope, registry.rulePlace(device.venueId, device.model)),
  );
  const current = (device: DeviceRecord): Rule | undefined => inForce(rule.id, device);
  const watched = devices
    .map((device) => ({ device, points: pointsOf(registry, device, [rule, current(device)]) }))
    .filter(({ points }) => points.length > 0);
  const progress: TrialProgress = { triedDeviceCount: 0, deviceCount: watched.length, reportCount: 0 };
  const version = { raisedCount: 0, deviceCount: 0 };
  const standing = { raisedCount: 0, deviceCount: 0 };
  const examples: NonNullable<RuleVersion['trial']>['examples'][number][] = [];
  for (const { device, points } of watched) {
    if (progress.reportCount >= mostReports) break;
    const ofVersion = countsOf(rule, points);
    const ofStanding = countsOf(current(device), points);
    for await (const rows of pagesOf(store, device, points, from, now, signal)) {
      for (const row of rows)
        points.forEach(({ id }, i) => {
          const value = row[`v${i}`] as number | null;
          if (value === null) return;
          for (const { looksAt, count } of [...ofVersion, ...ofStanding])
            if (looksAt(id)) count.sample(id, row['at'] as number, value);
        });
      progress.reportCount += rows.length;
      options.onProgress(progress);
    }
    for (const { count } of [...ofVersion, ...ofStanding]) count.until(now);
    for (const { pointId, count } of ofVersion)
      for (const example of count.examples)
        if (examples.length < EXAMPLES) examples.push({ deviceId: device.id, pointId, ...example });
    add(version, ofVersion);
    add(standing, ofStanding);
    progress.triedDeviceCount++;
  }
  return { at: now, by, from, days, ...progress, version, inForce: standing, examples };
}

/** By nothing that means anything, the same each time: where not all can be read, those that are stand for the others. */
export const inTrialOrder = (devices: Iterable<DeviceRecord>): DeviceRecord[] =>
  [...devices].sort((a, b) => crc32(a.id) - crc32(b.id) || (a.id < b.id ? -1 : 1));

type Count = {
  readonly pointId: string;
  readonly looksAt: (pointId: string) => boolean;
  readonly count: RaisedCount;
};

/** As in the watch: of several parts one for the device, of one part one for each point that fits it. */
function countsOf(rule: Rule | undefined, points: readonly { readonly id: string }[]): readonly Count[] {
  if (rule === undefined) return [];
  const leads = new Set(points.filter(({ id }) => isLookedAt(rule, id)).map(({ id }) => leadPointOf(rule, id)));
  return [...leads].map((pointId) => ({
    pointId,
    looksAt: (id) => isLookedAt(rule, id) && leadPointOf(rule, id) === pointId,
    count: new RaisedCount(rule),
  }));
}

const isLookedAt = ({ test }: Rule, pointId: string): boolean =>
  partsOf(test).some((part) => matchesPoint(part, pointId));

function add(sum: { raisedCount: number; deviceCount: number }, counts: readonly Count[]): void {
  const raised = counts.reduce((total, { count }) => total + count.count, 0);
  sum.raisedCount += raised;
  if (raised > 0) sum.deviceCount++;
}

/** Points that either of the rules speaks of, with their column of a stored row (from 1). */
function pointsOf(
  registry: Registry,
  device: DeviceRecord,
  rules: readonly (Rule | undefined)[],
): readonly { readonly id: string; readonly column: number }[] {
  const points = registry.model(device.model)?.points ?? [];
  return points.flatMap(({ id }, i) =>
    rules.some((rule) => rule !== undefined && isLookedAt(rule, id)) ? [{ id, column: i + 1 }] : [],
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
    if (rows.length < PAGE_ROWS) {
      yield rows;
      return;
    }
    // Several rows may be of one instant, and the page may end among them: it comes anew, whole.
    const last = rows.at(-1)?.['at'] as number;
    const whole = rows.filter(({ at }) => (at as number) < last);
    yield whole.length > 0 ? whole : rows;
    after = whole.length > 0 ? last - 1 : last;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
