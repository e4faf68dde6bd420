import { matchesPoint } from '../limit-rule.ts';
import { partsOf, type PointTest, type RuleTest } from './rule.ts';

/** Whether a device with these points could ever meet the test: what must all hold needs all of its points. */
export function canHold(test: RuleTest, points: readonly string[]): boolean {
  const isThere = (part: PointTest): boolean => points.some((point) => matchesPoint(part, point));
  const parts = partsOf(test);
  const needsAll = test.kind === 'sequence' || (test.kind === 'combination' && test.operator === 'and');
  return parts.length > 0 && (needsAll ? parts.every(isThere) : parts.some(isThere));
}
