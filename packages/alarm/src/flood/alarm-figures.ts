import { priorities, type Priority } from '../words.ts';
import { AlarmGroups } from './alarm-groups.ts';
import type { GroupableAlarm } from './kinship.ts';

const TEN_MINUTES_MS = 600_000;
/** A flood begins when 10 min bring more than this many lines, and is over when they bring fewer than `FLOOD_UNDER`. */
const FLOOD_OVER = 10;
const FLOOD_UNDER = 5;
const TOP = 10;

/** An alarm of the time that is looked at; `receivedAt` is when somebody could see it, epoch ms. */
export type CountedAlarm = GroupableAlarm & { readonly receivedAt: number };

/** How much came to one seat that sees all of it (ISA-18.2, EEMUA 191). Shares are 0 … 1; NaN of nothing. */
export type AlarmFigures = {
  readonly alarmCount: number;
  /** Rows that asked for somebody: alarms, those of one cause as one. */
  readonly lineCount: number;
  /** Lines in ten minutes: on average, in the worst ten, in the last. */
  readonly linesPerTenMinutes: { readonly mean: number; readonly most: number; readonly latest: number };
  readonly floodShare: number;
  readonly isFlood: boolean;
  /** The most urgent first. */
  readonly priorities: readonly { readonly priority: Priority; readonly count: number; readonly share: number }[];
  /** Conditions with the most alarms. */
  readonly topTen: readonly {
    readonly deviceId: string;
    readonly pointId: string;
    readonly kind: string;
    readonly venueId: string;
    readonly count: number;
  }[];
  readonly topTenShare: number;
};

/** Figures of the alarms received in [from, to). */
export function alarmFigures(alarms: readonly CountedAlarm[], from: number, to: number): AlarmFigures {
  const counted = alarms.filter(({ receivedAt }) => receivedAt >= from && receivedAt < to);
  const lines = lineTimes(counted);
  const { mostLines, latestLines, floodMs, isFlood } = floodOf(lines, to);
  const top = topOf(counted);
  return {
    alarmCount: counted.length,
    lineCount: lines.length,
    linesPerTenMinutes: {
      mean: (lines.length * TEN_MINUTES_MS) / (to - from),
      most: mostLines,
      latest: latestLines,
    },
    floodShare: floodMs / (to - from),
    isFlood,
    priorities: priorities.map((priority) => {
      const { length: count } = counted.filter((alarm) => alarm.priority === priority);
      return { priority, count, share: count / counted.length };
    }),
    topTen: top,
    topTenShare: top.reduce((sum, { count }) => sum + count, 0) / counted.length,
  };
}

/** When each line came, rising: that of a group with the first of its alarms. */
function lineTimes(alarms: readonly CountedAlarm[]): readonly number[] {
  const groups = new AlarmGroups();
  for (const alarm of alarms) groups.put(alarm);
  const firstAt = new Map<string, number>();
  for (const { id, receivedAt } of alarms) {
    const line = groups.groupOf(id) ?? id;
    firstAt.set(line, Math.min(receivedAt, firstAt.get(line) ?? Infinity));
  }
  return [...firstAt.values()].sort((one, other) => one - other);
}

/** Lines come, and ten minutes later they count no more: between these moments the count stands still. */
function floodOf(lines: readonly number[], to: number) {
  const steps = lines
    .flatMap((at) => [
      { at, by: 1 },
      { at: at + TEN_MINUTES_MS, by: -1 },
    ])
    // What leaves in the moment in which another comes was not there together with it.
    .sort((one, other) => one.at - other.at || one.by - other.by);
  let [count, mostLines, floodMs] = [0, 0, 0];
  let floodSince: number | undefined;
  for (const { at, by } of steps) {
    if (at >= to) break;
    count += by;
    mostLines = Math.max(mostLines, count);
    if (count > FLOOD_OVER) floodSince ??= at;
    if (count >= FLOOD_UNDER || floodSince === undefined) continue;
    floodMs += at - floodSince;
    floodSince = undefined;
  }
  const isFlood = floodSince !== undefined;
  return {
    mostLines,
    latestLines: count,
    isFlood,
    floodMs: floodMs + (floodSince === undefined ? 0 : to - floodSince),
  };
}

function topOf(alarms: readonly CountedAlarm[]): AlarmFigures['topTen'] {
  const byCondition = Map.groupBy(alarms, ({ deviceId, pointId, kind }) => JSON.stringify([deviceId, pointId, kind]));
  return [...byCondition]
    .sort(([one, some], [other, more]) => more.length - some.length || (one < other ? -1 : 1))
    .slice(0, TOP)
    .flatMap(([, [first, ...rest]]) => {
      if (first === undefined) return [];
      const { deviceId, pointId, kind, venueId } = first;
      return [{ deviceId, pointId, kind, venueId, count: rest.length + 1 }];
    });
}
