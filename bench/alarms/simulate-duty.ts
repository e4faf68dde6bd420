import { DETECTOR_INTERVAL_MS, TERMINAL_INTERVAL_MS, type CityPlan } from './city-plan.ts';
import { DAY_MS, type Scenario } from './scenario.ts';
import { Seats, type Taken } from './seats.ts';
import { SimulatedCentre, type Row } from './simulated-centre.ts';

/** How it went with something that was really happening. */
export type Owned = {
  readonly what: string;
  readonly isFire: boolean;
  /** From the first statement to the key of a seat, ms; absent: nobody took it. */
  readonly afterMs?: number;
  /** It came in under an alarm that was acknowledged already: nobody was told. */
  readonly isMasked: boolean;
};

export type Duty = {
  readonly startAt: number;
  readonly days: number;
  readonly rows: readonly Row[];
  readonly taken: readonly Taken[];
  readonly owned: readonly Owned[];
  /** Most rows that waited at once. */
  readonly longestQueue: number;
  readonly entryCount: number;
};

/** Silent for three intervals is silence (situation/silence-watch.ts); the centre looks every 5 s, this when it can matter. */
const FOUND_AFTER_MS = [TERMINAL_INTERVAL_MS, DETECTOR_INTERVAL_MS].map((intervalMs) => 3 * intervalMs + 2_500);
const HEARD_AFTER_MS = [2_500];

/** Lets the city run for its days, as fast as it goes. */
export function simulateDuty(plan: CityPlan, scenario: Scenario, startAt: number, days: number): Duty {
  const centre = new SimulatedCentre(plan.changes);
  const seats = new Seats(centre);
  const endAt = startAt + days * DAY_MS;
  const sweeps = sweepTimes(scenario);
  const trueIdOf = new Map<string, number>();
  const firstShownAt = new Map<number, number>();
  let longestQueue = 0;
  let next = 0;
  let sweep = 0;
  for (;;) {
    const happening = scenario.happenings[next];
    const happensAt = happening?.at ?? Infinity;
    const sweepAt = sweeps[sweep] ?? Infinity;
    const now = Math.min(happensAt, sweepAt, centre.nextTimerAt, seats.nextAt);
    if (now >= endAt) break;
    if (happening !== undefined && happensAt === now) {
      next++;
      if (happening.kind === 'says') {
        const alarm = centre.say(happening);
        const { trueId, active } = happening;
        if (trueId !== undefined && active && alarm !== undefined && centre.waiting.has(alarm.id)) {
          trueIdOf.set(alarm.id, trueId);
          if (!firstShownAt.has(trueId)) firstShownAt.set(trueId, now);
        }
      } else if (happening.kind === 'goesQuiet') centre.quieten(happening.deviceIds, now);
      else centre.hearAgain(happening.deviceIds, now);
    }
    if (sweepAt === now) {
      sweep++;
      centre.sweep(now);
    }
    if (centre.nextTimerAt <= now) centre.fireTimers(now);
    seats.act(now);
    longestQueue = Math.max(longestQueue, centre.waiting.size);
  }
  const ownedAt = new Map<number, number>();
  for (const { alarmIds, at } of seats.taken) {
    for (const alarmId of alarmIds) {
      const id = trueIdOf.get(alarmId);
      const shownAt = id === undefined ? undefined : firstShownAt.get(id);
      if (id !== undefined && shownAt !== undefined && at >= shownAt && !ownedAt.has(id)) ownedAt.set(id, at);
    }
  }
  const owned = scenario.trueEvents.map(({ id, what, at }): Owned => {
    const takenAt = ownedAt.get(id);
    return {
      what,
      isFire: what === 'fire',
      isMasked: !firstShownAt.has(id),
      ...(takenAt !== undefined && { afterMs: takenAt - Math.floor(at) }),
    };
  });
  const { rows, entryCount } = centre;
  return { startAt, days, rows, taken: seats.taken, owned, longestQueue, entryCount };
}

/** When devices that went quiet are found silent, and when they are found to speak again. */
function sweepTimes({ happenings }: Scenario): readonly number[] {
  const times = happenings.flatMap(({ kind, at }) =>
    kind === 'says' ? [] : (kind === 'goesQuiet' ? FOUND_AFTER_MS : HEARD_AFTER_MS).map((afterMs) => at + afterMs),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}
