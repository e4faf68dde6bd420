import { classify } from '../classification.ts';
import { levels, priorities, type Priority } from '../words.ts';
import { partsOf, type PointTest, type Rule } from './rule.ts';

/** Kinds on which lives hang at once. */
const lifeSafetyKinds: ReadonlySet<string> = new Set(['smoke', 'heat', 'gas', 'manualAlarm']);

export const isLifeSafety = ({ kind }: Pick<Rule, 'kind'>): boolean => lifeSafetyKinds.has(kind);

/** Whether its alarms are less urgent than kind and level make them. */
export const isLowered = (rule: Rule): boolean =>
  isLess(rule.priority, classify(rule.kind, rule.level).classification.priority);

const isLess = (after: Priority | undefined, before: Priority): boolean =>
  after !== undefined && priorities.indexOf(after) > priorities.indexOf(before);

/**
 * Whether `after` may stay silent where `before` raises: off, a farther threshold, a longer delay, a lower level or
 * priority, hours of silence, another kind. What cannot be compared (a test of another form) counts as less: somebody has to say why.
 */
export function isLessSensitive(after: Rule, before: Rule): boolean {
  if (after.kind !== before.kind || levels.indexOf(after.level) < levels.indexOf(before.level)) return true;
  const usual = classify(after.kind, after.level).classification.priority;
  if (isLess(after.priority ?? usual, before.priority ?? usual)) return true;
  if (after.schedule !== undefined && JSON.stringify(after.schedule) !== JSON.stringify(before.schedule)) return true;
  if (after.test.kind !== before.test.kind) return before.test.kind !== 'off';
  if (after.test.kind !== 'limit' && after.test.kind !== 'rate')
    return JSON.stringify(after.test) !== JSON.stringify(before.test);
  const [now] = partsOf(after.test);
  const [then] = partsOf(before.test);
  return now !== undefined && then !== undefined && isDuller(now, then);
}

function isDuller(now: PointTest, then: PointTest): boolean {
  if (now.point !== then.point) return true;
  if (now.kind === 'rate')
    return then.kind !== 'rate' || now.riseAtLeast > then.riseAtLeast || now.windowMs < then.windowMs;
  if (then.kind !== 'limit' || now.direction !== then.direction) return true;
  const sign = now.direction === 'above' ? 1 : -1;
  const ignored = (part: typeof now): number => part.ignoreBelow ?? -Infinity;
  return sign * (now.threshold - then.threshold) > 0 || now.onDelayMs > then.onDelayMs || ignored(now) > ignored(then);
}
