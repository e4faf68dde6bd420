import { isActive, levels, type SourceActive } from '@fengsui/alarm';
import type { Effects } from './effects.ts';
import type { KeptCondition } from './kept.ts';
import type { Situation } from './situation.ts';

/**
 * A test is over: what is still active and marked as one is told anew as what it is. Its alarm becomes live,
 * unacknowledged and audible.
 */
export function tellAsLive(
  situation: Situation,
  effects: Effects,
  { place, condition }: KeptCondition,
  at: number,
  entryId: string,
): void {
  const { alarm, sources } = condition;
  if (alarm?.origin !== 'test' || !isActive(condition)) return;
  const [source = 'device', level = alarm.level] = worstOf(sources);
  const { category, priority, pointId } = alarm;
  const statement: SourceActive = {
    kind: 'sourceActive',
    source,
    level,
    pointId,
    at,
    receivedAt: at,
    entryId,
    origin: place.origin,
    classification: { category, priority },
  };
  situation.tell(place, condition.key.deviceId, pointId, condition.key.kind, statement, effects);
}

function worstOf(sources: Readonly<Record<string, SourceActive['level']>>): [string?, SourceActive['level']?] {
  const sorted = Object.entries(sources).sort(([, a], [, b]) => levels.indexOf(b) - levels.indexOf(a));
  return sorted[0] ?? [];
}
