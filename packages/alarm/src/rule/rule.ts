import type { LimitBand, LimitRule } from '../limit-rule.ts';
import { defaultResponses, type RuleWords } from './default-response.ts';
import type { RuleSchedule } from './rule-schedule.ts';
import type { Level, Priority } from '../words.ts';

/** What is asked of one point. */
export type PointTest = LimitTest | RateTest;

export type LimitTest = LimitBand & {
  readonly kind: 'limit';
  /** As in {@link LimitRule}: a pattern with one `*` is one test for each point that fits. */
  readonly point: string;
};

/** A rise, whatever the level it starts from: ≥ 10 K within 5 min. */
export type RateTest = {
  readonly kind: 'rate';
  readonly point: string;
  /** > 0, in the unit of the point: of a value over the lowest of the window. */
  readonly riseAtLeast: number;
  /** > 0. */
  readonly windowMs: number;
  /** 0 … `riseAtLeast`: it has ended when the rise within the window is less. */
  readonly endsBelow: number;
};

/**
 * What must hold. Those of several parts speak of points of one device.
 *
 * `off` never raises: a rule that is switched off for its scope is a version like any other, tried and reviewed.
 */
export type RuleTest =
  | PointTest
  | { readonly kind: 'combination'; readonly operator: 'and' | 'or'; readonly of: readonly PointTest[] }
  /** `then` is entered at most `withinMs` after `first` was; it ends with `then`. */
  | { readonly kind: 'sequence'; readonly first: PointTest; readonly then: PointTest; readonly withinMs: number }
  /** `of` was entered at least so often in any `windowMs`; it ends when that is no longer so. */
  | { readonly kind: 'count'; readonly of: PointTest; readonly atLeast: number; readonly windowMs: number }
  | { readonly kind: 'off' };

/** Whose devices a rule watches: who is in every list there is; an absent list means all. */
export type RuleScope = {
  readonly models?: readonly string[];
  readonly venueClasses?: readonly string[];
  readonly jurisdictions?: readonly string[];
};

/** One version of a rule, as data with its source. A later version of the same id takes its place within its own scope. */
export type Rule = {
  /** Unique among the rules of a centre; the source of the condition is `rule:<id>`. */
  readonly id: string;
  /** ≥ 1. */
  readonly version: number;
  readonly kind: string;
  readonly level: Level;
  /** Absent = as kind and level are classified. */
  readonly priority?: Priority;
  readonly scope: RuleScope;
  /** First and last day, `YYYY-MM-DD`; absent = no bound. */
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly test: RuleTest;
  readonly schedule?: RuleSchedule;
  /** What happens if nobody does anything. */
  readonly consequence: RuleWords;
  /** What somebody has to do. */
  readonly response: RuleWords;
  /** Until when, after the alarm. */
  readonly timeAllowedS: number;
  /** As in {@link LimitRule}. */
  readonly source: string;
};

/** The parts of a test that look at a point, in their order. */
export function partsOf(test: RuleTest): readonly PointTest[] {
  switch (test.kind) {
    case 'limit':
    case 'rate':
      return [test];
    case 'combination':
      return test.of;
    case 'sequence':
      return [test.first, test.then];
    case 'count':
      return [test.of];
    case 'off':
      return [];
  }
}

/**
 * The point that the alarm of a rule is at: of a sequence that of its second part, of several parts that of the first, of
 * one part each point that fits it.
 */
export function leadPointOf({ test }: Pick<Rule, 'test'>, sampledPoint: string): string {
  if (test.kind === 'sequence') return test.then.point;
  return test.kind === 'combination' ? (test.of[0]?.point ?? sampledPoint) : sampledPoint;
}

/** Of a kind that a device model brings, nothing is said but that somebody should look. */
const unsaid = {
  consequence: { zh: '设备超出限值', en: 'a limit of the device is exceeded' },
  response: { zh: '查看现场', en: 'have a look on site' },
  timeAllowedS: 3_600,
} as const;

/** A limit of the product is version 1 of itself, everywhere. */
export function ruleOfLimit(limit: LimitRule): Rule {
  const { id, kind, level, priority, source, ...band } = limit;
  return {
    id,
    version: 1,
    kind,
    level,
    ...(priority !== undefined && { priority }),
    scope: {},
    test: { kind: 'limit', ...band },
    ...(defaultResponses[kind] ?? unsaid),
    source,
  };
}

/** The rule as the watch of limits takes it; undefined when its test is another, or it speaks at certain hours only. */
export function limitOfRule({ id, kind, level, priority, test, schedule, source }: Rule): LimitRule | undefined {
  if (test.kind !== 'limit' || schedule !== undefined) return undefined;
  const { kind: _limit, ...band } = test;
  return { id, kind, level, ...(priority !== undefined && { priority }), ...band, source };
}
