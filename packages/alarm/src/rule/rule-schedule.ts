/** A part of the week in local time. `toMin` at or before `fromMin` is on the next day. */
export type WeekWindow = {
  /** 1 = Monday … 7 = Sunday: the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes since midnight, 0 … 1439. */
  readonly fromMin: number;
  readonly toMin: number;
};

/** When a rule speaks: within its windows, or at all other times. */
export type RuleSchedule = {
  readonly speaks: 'within' | 'outside';
  /** Of local time, east positive: 480 in China, which keeps no summer time. */
  readonly utcOffsetMin: number;
  readonly windows: readonly WeekWindow[];
};

const MINUTE_MS = 60_000;
const DAY_MIN = 1_440;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** Whether the rule speaks at that instant; without a schedule it always does. */
export function speaksAt(schedule: RuleSchedule | undefined, at: number): boolean {
  if (schedule === undefined) return true;
  const now = localMinute(schedule, at);
  const isWithin = spansAround(schedule, now).some(([from, to]) => now >= from && now < to);
  return isWithin === (schedule.speaks === 'within');
}

/** The next instant after `at` from which it speaks when it did not, or the other way round; undefined: never. */
export function nextTurn(schedule: RuleSchedule | undefined, at: number): number | undefined {
  if (schedule === undefined) return undefined;
  const now = localMinute(schedule, at);
  const speaks = speaksAt(schedule, at);
  const edges = spansAround(schedule, now)
    .flat()
    .filter((edge) => edge > now)
    .sort((a, b) => a - b);
  return edges
    .map((edge) => (edge - schedule.utcOffsetMin) * MINUTE_MS)
    .find((instant) => speaksAt(schedule, instant) !== speaks);
}

const localMinute = ({ utcOffsetMin }: RuleSchedule, at: number): number => at / MINUTE_MS + utcOffsetMin;

/** Windows that begin from yesterday on until a week from now, as minutes of local time since 1970. */
function spansAround({ windows }: RuleSchedule, now: number): [number, number][] {
  const today = Math.floor(now / DAY_MIN);
  const spans: [number, number][] = [];
  for (let day = today - 1; day <= today + 8; day++) {
    const weekday = ((((day + FIRST_WEEKDAY) % 7) + 7) % 7) + 1;
    for (const { days, fromMin, toMin } of windows) {
      if (!days.includes(weekday)) continue;
      const from = day * DAY_MIN + fromMin;
      spans.push([from, day * DAY_MIN + toMin + (toMin <= fromMin ? DAY_MIN : 0)]);
    }
  }
  return spans;
}
