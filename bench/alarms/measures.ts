import { quantile } from '../statistics.ts';
import { budget } from './rates.ts';
import { DAY_MS, HOUR_MS } from './scenario.ts';
import type { Duty } from './simulate-duty.ts';

const WINDOW_MS = 600_000;

export type Measures = {
  readonly rows: number;
  /** What came in an hour, over the seats: hour by hour. */
  readonly rowsPerSeatHour: { readonly median: number; readonly p95: number; readonly max: number };
  /** Windows of 10 minutes in which more than 10 rows came, for the room and for each of its seats. */
  readonly floodShareOfRoom: number;
  readonly floodSharePerSeat: number;
  /** Of true events, masked and not owned ones included. */
  readonly ownedWithin30: number;
  readonly ownedWithin60: number;
  readonly fireWithin60: number;
  readonly slowestS: number;
  readonly trueEvents: number;
  readonly masked: number;
  readonly notOwned: number;
  readonly longestQueue: number;
  /** From a row's coming to its being taken, min; one that nobody took waits until the end. */
  readonly longestWaitMin: number;
  /** Rows that waited longer than 10 minutes. */
  readonly longWaitShare: number;
  /** Share of the seats' time that handling takes. */
  readonly busyShare: number;
  /** Rows by kind and priority, most first. */
  readonly byKind: readonly (readonly [string, number])[];
};

export type Bar = {
  readonly what: string;
  readonly value: number;
  readonly bar: string;
  readonly isMet: boolean;
  readonly source: string;
};

/** @param seats how many share the rows. */
export function measuresOf(duty: Duty, seats: number = budget.seats.value): Measures {
  const { startAt, days, rows, taken, owned, longestQueue } = duty;
  const endAt = startAt + days * DAY_MS;
  const at = rows.map((row) => row.at);
  const perHour = countsIn(at, startAt, endAt, HOUR_MS).map((count) => count / seats);
  const perWindow = countsIn(at, startAt, endAt, WINDOW_MS);
  const flooded = (of: number): number =>
    perWindow.filter((count) => count / of > budget.floodRows.value).length / perWindow.length;
  const afterS = owned.map(({ afterMs }) => (afterMs === undefined ? Infinity : afterMs / 1_000));
  const fireS = owned.flatMap(({ isFire }, index) => (isFire ? [afterS[index] ?? Infinity] : []));
  const waitsMs = waitsOf(duty, endAt);
  return {
    rows: rows.length,
    rowsPerSeatHour: { median: quantile(perHour, 0.5), p95: quantile(perHour, 0.95), max: quantile(perHour, 1) },
    floodShareOfRoom: flooded(1),
    floodSharePerSeat: flooded(seats),
    ownedWithin30: shareWithin(afterS, budget.ownedByMostS.value),
    ownedWithin60: shareWithin(afterS, budget.ownedByAllS.value),
    fireWithin60: shareWithin(fireS, budget.ownedByAllS.value),
    slowestS: Math.max(...afterS),
    trueEvents: owned.length,
    masked: owned.filter(({ isMasked }) => isMasked).length,
    notOwned: owned.filter(({ isMasked, afterMs }) => !isMasked && afterMs === undefined).length,
    longestQueue,
    longestWaitMin: waitsMs.reduce((longest, waitMs) => Math.max(longest, waitMs), 0) / 60_000,
    longWaitShare: waitsMs.length === 0 ? 0 : waitsMs.filter((waitMs) => waitMs > WINDOW_MS).length / waitsMs.length,
    busyShare: (taken.length * 1_000 * budget.handlingS.value) / (seats * (endAt - startAt)),
    byKind: byKindOf(duty),
  };
}

/** The budget, line by line. */
export function barsOf(measures: Measures): readonly Bar[] {
  const { rowsPerSeatHour, floodShareOfRoom, ownedWithin30, ownedWithin60 } = measures;
  const { rowsPerSeatHour: rows, floodShare, ownedByAllS, ownedByMostS, ownedByMostShare } = budget;
  return [
    {
      what: 'rows per seat and hour, median',
      value: rowsPerSeatHour.median,
      bar: `≤ ${rows.value}`,
      isMet: rowsPerSeatHour.median <= rows.value,
      source: rows.source,
    },
    {
      what: '10-minute windows with more than 10 rows in the room, %',
      value: 100 * floodShareOfRoom,
      bar: `< ${100 * floodShare.value}`,
      isMet: floodShareOfRoom < floodShare.value,
      source: floodShare.source,
    },
    {
      what: `true events owned within ${ownedByAllS.value} s, %`,
      value: 100 * ownedWithin60,
      bar: '100',
      isMet: ownedWithin60 === 1,
      source: ownedByAllS.source,
    },
    {
      what: `true events owned within ${ownedByMostS.value} s, %`,
      value: 100 * ownedWithin30,
      bar: `≥ ${100 * ownedByMostShare.value}`,
      isMet: ownedWithin30 >= ownedByMostShare.value,
      source: ownedByMostS.source,
    },
  ];
}

/** How many instants lie in each piece of the span; those outside of it count nowhere. */
export function countsIn(instants: readonly number[], from: number, until: number, pieceMs: number): number[] {
  const counts = new Array<number>(Math.ceil((until - from) / pieceMs)).fill(0);
  for (const at of instants) {
    const index = Math.floor((at - from) / pieceMs);
    if (at >= from && at < until) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

const shareWithin = (secondsAfter: readonly number[], limitS: number): number =>
  secondsAfter.length === 0 ? NaN : secondsAfter.filter((after) => after <= limitS).length / secondsAfter.length;

/** A row is taken by the first key that is pressed on it, or on the group its alarm went to, from then on. */
function waitsOf({ rows, taken }: Duty, endAt: number): number[] {
  const keys = new Map<string, number[]>();
  for (const { rowId, alarmIds, at } of taken) {
    // What was a row of its own before its group began is taken with the group.
    for (const id of new Set([rowId, ...alarmIds])) {
      const known = keys.get(id);
      if (known === undefined) keys.set(id, [at]);
      else known.push(at);
    }
  }
  return rows.map(({ at, alarm }) => (keys.get(alarm.id)?.find((key) => key >= at) ?? endAt) - at);
}

function byKindOf({ rows }: Duty): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { alarm } of rows) {
    const name = `${alarm.kind} ${alarm.priority}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
