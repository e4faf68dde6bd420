import { levels, type Level, type Priority } from './words.ts';

/**
 * A limit on a point, as data. Threshold and dead-band are in the unit of the point.
 *
 * Beyond = strictly above (or below) the threshold: "above 85" is not 85. Back inside = back by the dead-band, its edge
 * included. Between the two the limit keeps what it is.
 */
export type LimitRule = {
  /** Unique among the rules of a centre; the source of the condition is `rule:<id>`. */
  readonly id: string;
  readonly kind: string;
  readonly level: Level;
  /** Absent = as kind and level are classified. */
  readonly priority?: Priority;
  /** Exact point id, or a pattern with one `*` that stands for one or more characters without a dot: `t*.temperatureC`. */
  readonly point: string;
  readonly direction: 'above' | 'below';
  readonly threshold: number;
  /** ≥ 0. */
  readonly deadband: number;
  /** ≥ 0; how long a value must be beyond before the limit is entered, 0 = at once. */
  readonly onDelayMs: number;
  /** ≥ 0; how long a value must be back inside before the limit is left, 0 = at once. */
  readonly offDelayMs: number;
  /**
   * A value below it is no state of this quantity and counts as back inside: a circuit switched off has no
   * under-voltage. Without it every value counts.
   */
  readonly ignoreBelow?: number;
  /**
   * Where the number comes from: the clause with its evidence mark, or `ours`. [P] read in the standard · [S] read in a
   * public source · [C] computed · [M] remembered, not verified: an editable default, never a quotation.
   */
  readonly source: string;
};

/** What of a limit judges a value. */
export type LimitBand = Pick<
  LimitRule,
  'direction' | 'threshold' | 'deadband' | 'onDelayMs' | 'offDelayMs' | 'ignoreBelow'
>;

/** Whether the rule speaks of the point. */
export function matchesPoint(rule: Pick<LimitRule, 'point'>, pointId: string): boolean {
  const star = rule.point.indexOf('*');
  if (star < 0) return rule.point === pointId;
  const head = rule.point.slice(0, star);
  const tail = rule.point.slice(star + 1);
  if (!pointId.startsWith(head) || !pointId.endsWith(tail)) return false;
  const middle = pointId.slice(head.length, pointId.length - tail.length);
  return pointId.length > head.length + tail.length && !middle.includes('.');
}

/**
 * Everything that is wrong with a rule, each in a sentence with field, value and expectation; empty if it is sound.
 * For rules that come from a file or a person: {@link nextLimit} trusts them.
 */
export function limitRuleProblems(rule: LimitRule): readonly string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, field: keyof LimitRule, expectation: string): void => {
    if (!holds)
      problems.push(
        `limit rule ${JSON.stringify(rule.id)}: ${field} is ${String(rule[field])}: expected ${expectation}`,
      );
  };
  expect(rule.id.trim() !== '', 'id', 'a name');
  expect(rule.kind.trim() !== '', 'kind', 'a kind of event');
  expect(levels.includes(rule.level), 'level', `one of ${levels.join(', ')}`);
  expect(rule.point !== '' && rule.point.split('*').length <= 2, 'point', 'a point id, or a pattern with one *');
  expect(rule.direction === 'above' || rule.direction === 'below', 'direction', 'above or below');
  expect(Number.isFinite(rule.threshold), 'threshold', 'a number in the unit of the point');
  expect(isFromZero(rule.deadband), 'deadband', 'a number from 0');
  expect(isFromZero(rule.onDelayMs), 'onDelayMs', 'milliseconds from 0');
  expect(isFromZero(rule.offDelayMs), 'offDelayMs', 'milliseconds from 0');
  expect(rule.ignoreBelow === undefined || Number.isFinite(rule.ignoreBelow), 'ignoreBelow', 'a number, or nothing');
  expect(rule.source.trim() !== '', 'source', 'a clause with its evidence mark, or ours');
  return problems;
}

function isFromZero(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
