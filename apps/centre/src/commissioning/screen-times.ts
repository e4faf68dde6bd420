import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Effects } from '../situation/effects.ts';
import type { ScreenTimeMeta } from './commissioning-act.ts';

/** Points whose time is on its way into the journal; far more than are ticked within a second. */
const MOST_PENDING = 10_000;

/**
 * Told of every commit in the moment before its alarms go to the live feed: the clock is read here, where it is that
 * time, and the instant becomes a journal entry of its own. What was ticked before this process began is not measured.
 */
export function screenTimes(journal: Journal, clock: Clock): (effects: Effects) => void {
  const since = clock.now();
  const pending = new Set<string>();
  return ({ commissioningTests, alarms }) => {
    for (const { id: testId, place, points } of commissioningTests.values()) {
      const shownAt = clock.now();
      const shown = points.flatMap(({ deviceId, point, result }) => {
        if (result?.receivedAt === undefined || result.shownAt !== undefined || result.receivedAt < since) return [];
        if (!alarms.has(result.alarmId ?? '')) return [];
        const key = `${testId}/${deviceId}/${point}/${result.receivedAt}`;
        if (pending.has(key)) return [];
        if (pending.size >= MOST_PENDING) pending.clear();
        pending.add(key);
        return [{ deviceId, point, receivedAt: result.receivedAt }];
      });
      if (shown.length === 0) continue;
      const { partition, venueId } = place;
      const meta: ScreenTimeMeta = { isScreenTime: true, venueId, testId, shownAt, points: shown };
      // A closed journal: the time stays unmeasured, the tick stands.
      journal.append('alarm', [{ kind: 'operatorAct', partition, appendedAt: shownAt, meta }]).catch(() => undefined);
    }
  };
}
