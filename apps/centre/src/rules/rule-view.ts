import { isLessSensitive, isLifeSafety, isLowered, type Rule } from '@fengsui/alarm';
import type { RuleDraft, RuleVersion as RuleVersionView } from '@fengsui/protocol';
import type { RuleVersion } from './rule-book.ts';
import type { TrialProgress } from './try-rule.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** A rule of the product: on wherever no other version is. */
export function productRuleView(rule: Rule): RuleVersionView {
  return {
    ...contentOf(rule),
    state: 'on',
    isOfProduct: true,
    isLifeSafety: isLifeSafety(rule),
    isLessSensitive: false,
    lines: [],
  };
}

/** @param seesAll examples of a trial name devices of any venue. */
export function ruleVersionView(
  { rule, state, author, reason, reviewer, scheduledBy, trial, lines }: RuleVersion,
  ofProduct: Rule | undefined,
  running: TrialProgress | undefined,
  seesAll: boolean,
): RuleVersionView {
  return {
    ...contentOf(rule),
    state,
    isOfProduct: false,
    isLifeSafety: isLifeSafety(rule),
    isLessSensitive: isLowered(rule) || (ofProduct !== undefined && isLessSensitive(rule, ofProduct)),
    author,
    ...(reason !== undefined && { reason }),
    ...(reviewer !== undefined && { reviewer }),
    ...(state === 'reviewed' && scheduledBy !== undefined && { scheduledBy }),
    ...(trial !== undefined && {
      trial: {
        ...trial,
        at: iso(trial.at),
        from: iso(trial.from),
        examples: seesAll ? trial.examples.map((example) => ({ ...example, at: iso(example.at) })) : [],
      },
    }),
    ...(running !== undefined && { running }),
    lines: lines.map((line) => ({ ...line, at: iso(line.at) })),
  };
}

/** The schema of a draft has let in only what it has words for. */
const contentOf = (rule: Rule): Omit<RuleDraft, 'reason'> & { readonly id: string; readonly version: number } =>
  rule as Omit<RuleDraft, 'reason'> & { readonly id: string; readonly version: number };
