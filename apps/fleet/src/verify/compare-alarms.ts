import { reportBits, type DeviceTruth } from '../truth/truth.ts';

/** What the comparison reads of an alarm of the API. */
export type FoundAlarm = {
  readonly id: string;
  readonly kind: string;
  readonly deviceId: string;
  readonly pointId: string;
  readonly state: string;
  readonly raisedAt: string;
  readonly receivedAt: string;
  readonly clearedAt?: string;
  readonly late?: boolean;
};

export type AlarmComparison = {
  readonly expected: number;
  readonly found: number;
  /** Must be there and are not. */
  readonly missing: readonly string[];
  /** There without a reason. */
  readonly false: readonly string[];
  /** A second alarm for what was said once. */
  readonly doubled: readonly string[];
  /** The end was acknowledged and the alarm says it goes on. */
  readonly uncleared: readonly string[];
  /** From the instant in the report to its reception by the centre. */
  readonly latenciesMs: readonly number[];
};

/** After the run devices are silent, and the centre says so. */
const SILENT = 'silent';

/**
 * @param alarms of this run: received since it began, or raised earlier and still open.
 * @param period the run, by the centre's clock.
 */
export function compareAlarms(
  { deviceId, skewMs, alarms: said, reports, tolerated }: DeviceTruth,
  alarms: readonly FoundAlarm[],
  period: { readonly startedAt: number; readonly endedAt: number },
): AlarmComparison {
  const isAcknowledged = (seq: number): boolean => (reports.of(seq) & reportBits.acknowledged) !== 0;
  const nameOf = (kind: string, point: string): string => `${deviceId}/${point}/${kind}`;
  const raises = said.filter(({ active }) => active);
  const known = new Map(raises.map((raise) => [nameOf(raise.kind, raise.point), raise]));
  const found = Map.groupBy(alarms, ({ kind, pointId }) => nameOf(kind, pointId));
  const missing: string[] = [];
  const uncleared: string[] = [];
  const doubled: string[] = [];
  const latenciesMs: number[] = [];
  let expected = 0;
  let foundCount = 0;
  for (const [name, raise] of known) {
    const there = found.get(name) ?? [];
    const isNew = there.filter(({ receivedAt }) => Date.parse(receivedAt) >= period.startedAt);
    if (isNew.length > said.filter(({ active, kind, point }) => active && nameOf(kind, point) === name).length)
      doubled.push(name);
    if (!isAcknowledged(raise.seq)) continue;
    expected++;
    if (there.length === 0) {
      missing.push(name);
      continue;
    }
    foundCount++;
    for (const { receivedAt } of isNew) latenciesMs.push(Date.parse(receivedAt) - (raise.at - skewMs));
    const clear = said.find(({ active, kind, point }) => !active && nameOf(kind, point) === name);
    if (clear !== undefined && isAcknowledged(clear.seq) && there.some(isActive)) uncleared.push(name);
  }
  const wrong = [...found].flatMap(([name, there]) =>
    known.has(name)
      ? []
      : there
          .filter(({ kind, receivedAt }) => {
            const receivedMs = Date.parse(receivedAt);
            const isOver = kind === SILENT && receivedMs > period.endedAt;
            return receivedMs >= period.startedAt && !isOver && !tolerated.has(kind);
          })
          .map(() => name),
  );
  return { expected, found: foundCount, missing, false: wrong, doubled, uncleared, latenciesMs };
}

/** Its condition goes on. */
const isActive = ({ state, clearedAt }: FoundAlarm): boolean =>
  clearedAt === undefined && ['unacknowledged', 'acknowledged'].includes(state);
