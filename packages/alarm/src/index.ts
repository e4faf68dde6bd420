export { alarmChangeKinds, type AlarmChange, type AlarmChangeKind } from './change.ts';
export { alarmIdOf } from './alarm-id.ts';
export { alarmFigures, type CountedAlarm } from './flood/alarm-figures.ts';
export { AlarmGroups } from './flood/alarm-groups.ts';
export { Chatter } from './flood/chatter.ts';
export { readGroupId } from './flood/cluster.ts';
export {
  groupCauses,
  groupRows,
  isUnacknowledged,
  summariseGroup,
  type GroupCause,
  type GroupedAlarm,
  type GroupRow,
  type GroupSummary,
} from './flood/group-summary.ts';
export { groupLanes, kinshipOf, type GroupableAlarm, type GroupLane } from './flood/kinship.ts';
export {
  centreFaultKinds,
  classify,
  concludedKinds,
  eventKinds,
  facilityKinds,
  localActionKind,
  momentaryKinds,
  type Classification,
  type ClassificationTable,
  type EventKind,
} from './classification.ts';
export { defaultClassification } from './classification-table.ts';
export {
  isActive,
  normalCondition,
  type ActiveAlarm,
  type AlarmContribution,
  type Condition,
  type Refusal,
  type Step,
} from './condition.ts';
export type { ConditionEvent, OperatorAct, SourceActive, SourceInactive } from './condition-event.ts';
export { conditionId, conditionKeyOf, type ConditionKey } from './condition-key.ts';
export { defaultLimitRules, obscurationPctPerMOf } from './default-rules.ts';
export {
  isBeyondLimit,
  isExceeded,
  limitAtRest,
  limitDue,
  nextLimit,
  type LimitState,
  type LimitStep,
} from './limit.ts';
export { limitRuleProblems, matchesPoint, type LimitBand, type LimitRule } from './limit-rule.ts';
export {
  lifeCycle,
  lifeCycleEvents,
  refusalCodes,
  type LifeCycleEvent,
  type LifeCycleOutcome,
  type RefusalCode,
} from './life-cycle.ts';
export { kindName, kindWords } from './kind-words.ts';
export { next } from './next.ts';
export { longestShelvingMs } from './operator-act.ts';
export { isLessSensitive, isLifeSafety, isLowered } from './rule/is-less-sensitive.ts';
export { canHold } from './rule/can-hold.ts';
export { defaultResponses, type RuleWords } from './rule/default-response.ts';
export { nextRule, ruleAtRest, ruleDue, type RuleState, type RuleStep } from './rule/next-rule.ts';
export { ruleProblems } from './rule/rule-problems.ts';
export { nextTurn, speaksAt, type RuleSchedule, type WeekWindow } from './rule/rule-schedule.ts';
export {
  leadPointOf,
  limitOfRule,
  partsOf,
  ruleOfLimit,
  type PointTest,
  type Rule,
  type RuleScope,
  type RuleTest,
} from './rule/rule.ts';
export {
  alarmStates,
  categories,
  levels,
  origins,
  priorities,
  type AlarmState,
  type Category,
  type Level,
  type Origin,
  type Priority,
} from './words.ts';
