import type { RandomStream } from '../random/random-stream.ts';
import { isWithin, localHour, startOfLocalDay } from './local-time.ts';
import type { Hours, Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Switching = { readonly atMs: number; readonly isOn: boolean };

/**
 * The switchings of a schedule in order, after a first entry that says the state at 0 (its `atMs` is −Infinity when the
 * load has been on or off long since). Times are milliseconds after `startAtMs` (epoch). May end or go on for ever.
 * Throws RangeError naming the schedule's field that makes no sense.
 */
export function* scheduleCourse(schedule: Schedule, startAtMs: number, random: RandomStream): Generator<Switching> {
  switch (schedule.kind) {
    case 'always':
      yield { atMs: -Infinity, isOn: true };
      return;
    case 'spans':
      yield* fromSpans(schedule.spans);
      return;
    case 'cycle':
      yield* cycling(schedule, random);
      return;
    case 'daily':
      yield* daily(schedule, startAtMs, random);
      return;
    case 'visits':
      yield* visits(schedule, startAtMs, random);
  }
}

function* fromSpans(spans: Extract<Schedule, { kind: 'spans' }>['spans']): Generator<Switching> {
  let last = -Infinity;
  const first = spans[0];
  if (first === undefined || first.onAtMs >= 0) yield { atMs: -Infinity, isOn: false };
  for (const { onAtMs, offAtMs } of spans) {
    const end = offAtMs ?? Infinity;
    if (!(onAtMs >= last && end > onAtMs)) {
      throw new RangeError(
        `schedule.spans: ${onAtMs} … ${end} ms, expected spans in order, each ending after it begins`,
      );
    }
    yield { atMs: onAtMs < 0 ? -Infinity : onAtMs, isOn: true };
    if (end === Infinity) return;
    yield { atMs: end, isOn: false };
    last = end;
  }
}

function* cycling(schedule: Extract<Schedule, { kind: 'cycle' }>, random: RandomStream): Generator<Switching> {
  const { onMs, offMs, jitterRatio = 0.15 } = schedule;
  if (!(onMs > 0 && offMs > 0)) {
    throw new RangeError(`schedule.cycle: onMs ${onMs}, offMs ${offMs}, expected both above 0`);
  }
  const length = (isOn: boolean) => (isOn ? onMs : offMs) * (1 + jitterRatio * random.between(-1, 1));
  const offset = random.between(0, onMs + offMs);
  let isOn = offset < onMs;
  yield { atMs: -Infinity, isOn };
  let atMs = isOn ? onMs - offset : onMs + offMs - offset;
  for (;;) {
    isOn = !isOn;
    yield { atMs, isOn };
    atMs += length(isOn);
  }
}

function* daily(
  schedule: Extract<Schedule, { kind: 'daily' }>,
  startAtMs: number,
  random: RandomStream,
): Generator<Switching> {
  const jitterMs = schedule.jitterMs ?? 600_000;
  const edges = schedule.hours.flatMap(({ from, to }) => {
    requireHours(from, to);
    return [
      { hour: from, isOn: true },
      { hour: to, isOn: false },
    ];
  });
  edges.sort((a, b) => a.hour - b.hour);
  let isOn = schedule.hours.some((hours) => isWithin(hours, localHour(startAtMs)));
  yield { atMs: -Infinity, isOn };
  if (edges.length === 0) return;
  const midnightMs = startOfLocalDay(startAtMs) - startAtMs;
  let last = 0;
  for (let day = 0; ; day++) {
    for (const edge of edges) {
      const plain = midnightMs + day * DAY_MS + edge.hour * HOUR_MS;
      const atMs = plain + jitterMs * random.between(-1, 1);
      if (plain < 0 || edge.isOn === isOn) continue;
      isOn = edge.isOn;
      last = Math.max(last, atMs);
      yield { atMs: last, isOn };
    }
  }
}

function* visits(
  schedule: Extract<Schedule, { kind: 'visits' }>,
  startAtMs: number,
  random: RandomStream,
): Generator<Switching> {
  const { perHour, onMs, hours = { from: 0, to: 24 } } = schedule;
  requireHours(hours.from, hours.to);
  if (!(perHour > 0 && onMs > 0)) {
    throw new RangeError(`schedule.visits: perHour ${perHour}, onMs ${onMs}, expected both above 0`);
  }
  yield { atMs: -Infinity, isOn: false };
  let atMs = 0;
  for (;;) {
    // A Poisson process on opening time only: what is left of the gap at closing time runs on at the next opening.
    let gapMs = random.exponential(HOUR_MS / perHour);
    for (;;) {
      const openForMs = untilClosing(hours, startAtMs + atMs);
      if (gapMs < openForMs) break;
      gapMs -= openForMs;
      atMs += openForMs + untilOpening(hours, startAtMs + atMs + openForMs);
    }
    atMs += gapMs;
    yield { atMs, isOn: true };
    atMs += onMs * random.between(0.7, 1.3);
    yield { atMs, isOn: false };
  }
}

function requireHours(from: number, to: number): void {
  if (!(from >= 0 && from <= 24 && to >= 0 && to <= 24 && from !== to)) {
    throw new RangeError(`schedule: hours ${from} … ${to}, expected two different hours from 0 to 24`);
  }
}

function untilClosing(hours: Hours, atMs: number): number {
  const hour = localHour(atMs);
  if (!isWithin(hours, hour)) return 0;
  return ((hours.to - hour + 24) % 24 || 24) * HOUR_MS;
}

function untilOpening(hours: Hours, atMs: number): number {
  const hour = localHour(atMs);
  return isWithin(hours, hour) ? 0 : ((hours.from - hour + 24) % 24) * HOUR_MS;
}
