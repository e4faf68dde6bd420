import { levels, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { venueClasses } from './registry.ts';
import { Instant, oneOf } from './schema.ts';

/** `tried` has its figure, `reviewed` has been looked at by another than its author, `on` watches. */
export const ruleStates = ['draft', 'tried', 'reviewed', 'on', 'retired'] as const;
export type RuleState = (typeof ruleStates)[number];

const Ids = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 200 });
const Words = Type.Object(
  { zh: Type.String({ minLength: 1, maxLength: 300 }), en: Type.String({ minLength: 1, maxLength: 300 }) },
  { additionalProperties: false },
);
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });

const LimitTest = Type.Object(
  {
    kind: Type.Literal('limit'),
    point: Type.String({ maxLength: 128, description: 'point id, or a pattern with one *' }),
    direction: oneOf(['above', 'below']),
    threshold: Type.Number({ description: 'in the unit of the point' }),
    deadband: Type.Number({ minimum: 0 }),
    onDelayMs: Type.Integer({ minimum: 0 }),
    offDelayMs: Type.Integer({ minimum: 0 }),
    ignoreBelow: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);
const RateTest = Type.Object(
  {
    kind: Type.Literal('rate'),
    point: Type.String({ maxLength: 128, description: 'point id, or a pattern with one *' }),
    riseAtLeast: Type.Number({ exclusiveMinimum: 0, description: 'over the lowest value of the window' }),
    windowMs: Type.Integer({ exclusiveMinimum: 0 }),
    endsBelow: Type.Number({ exclusiveMinimum: 0, description: 'over when the rise within the window is less' }),
  },
  { additionalProperties: false },
);
const PointTest = Type.Union([LimitTest, RateTest]);
const CombinationTest = Type.Object(
  {
    kind: Type.Literal('combination'),
    operator: oneOf(['and', 'or']),
    of: Type.Array(PointTest, { minItems: 2, maxItems: 8, description: 'of points of one device, without *' }),
  },
  { additionalProperties: false },
);
const SequenceTest = Type.Object(
  {
    kind: Type.Literal('sequence'),
    first: PointTest,
    then: PointTest,
    withinMs: Type.Integer({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false, description: '`then` is entered at most `withinMs` after `first` was' },
);
const CountTest = Type.Object(
  {
    kind: Type.Literal('count'),
    of: PointTest,
    atLeast: Type.Integer({ minimum: 2, maximum: 100 }),
    windowMs: Type.Integer({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false, description: '`of` was entered so often in any `windowMs`' },
);
const Schedule = Type.Object(
  {
    speaks: oneOf(['within', 'outside']),
    utcOffsetMin: Type.Optional(
      Type.Integer({
        minimum: -840,
        maximum: 840,
        description: 'of local time; 480 in China; absent in a draft: that of site.timeZone on the day it is written',
      }),
    ),
    windows: Type.Array(
      Type.Object(
        {
          days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
            minItems: 1,
            maxItems: 7,
            description: '1 = Monday: the days on which it begins',
          }),
          fromMin: Type.Integer({ minimum: 0, maximum: 1439, description: 'minutes since midnight' }),
          toMin: Type.Integer({ minimum: 0, maximum: 1439, description: 'at or before `fromMin`: on the next day' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
  },
  { additionalProperties: false, description: 'hours at which it speaks; absent = always' },
);
const OffTest = Type.Object(
  { kind: Type.Literal('off') },
  { additionalProperties: false, description: 'says nothing where it is in force' },
);

const draft = {
  kind: Type.String({ minLength: 1, maxLength: 64, description: 'kind of the alarm; the same for all versions' }),
  level: oneOf(levels),
  priority: Type.Optional(oneOf(priorities, 'of its alarms; absent = as kind and level are classified')),
  scope: Type.Object(
    {
      models: Type.Optional(Ids),
      venueClasses: Type.Optional(Type.Array(oneOf(venueClasses), { minItems: 1 })),
      jurisdictions: Type.Optional(Ids),
    },
    {
      additionalProperties: false,
      description: 'who is in every list there is; a jurisdiction is an organisation with all that is under it',
    },
  ),
  validFrom: Type.Optional(Day),
  validTo: Type.Optional(Day),
  test: Type.Union([LimitTest, RateTest, CombinationTest, SequenceTest, CountTest, OffTest]),
  schedule: Type.Optional(Schedule),
  consequence: Words,
  response: Words,
  timeAllowedS: Type.Number({ exclusiveMinimum: 0 }),
  source: Type.String({ minLength: 1, maxLength: 500, description: 'clause with its evidence mark, or ours' }),
};
const reason = Type.Optional(
  Type.String({
    maxLength: 500,
    description: 'asked for when a rule for smoke, heat, gas or manual alarms becomes less sensitive',
  }),
);

/** A new version of a rule. */
export const RuleDraft = Type.Object({ ...draft, reason }, { $id: 'RuleDraft', additionalProperties: false });
export type RuleDraft = Static<typeof RuleDraft>;

const Raised = Type.Object({
  raisedCount: Type.Integer({ description: 'times it would have been raised' }),
  deviceCount: Type.Integer({ description: 'devices at which it would' }),
});

/** What a version would have raised. */
export const RuleTrial = Type.Object(
  {
    at: Instant,
    by: Type.String(),
    from: Instant,
    days: Type.Integer(),
    deviceCount: Type.Integer({ description: 'devices in the scope' }),
    triedDeviceCount: Type.Integer({ description: 'fewer when there were more reports than a trial reads' }),
    reportCount: Type.Integer(),
    version: Raised,
    inForce: Type.Object({ ...Raised.properties }, { description: 'what is on now, at the same devices' }),
    examples: Type.Array(
      Type.Object({ deviceId: Type.String(), pointId: Type.String(), at: Instant, value: Type.Number() }),
      { description: 'the first 20; for callers who see every venue' },
    ),
  },
  { $id: 'RuleTrial' },
);
export type RuleTrial = Static<typeof RuleTrial>;

/** A version of a rule, and what was done to it. */
export const RuleVersion = Type.Object(
  {
    id: Type.String(),
    version: Type.Integer(),
    ...draft,
    reason,
    state: oneOf(ruleStates),
    isOfProduct: Type.Boolean({ description: 'in force wherever no other version is' }),
    isLifeSafety: Type.Boolean({ description: 'of smoke, heat, gas or manual alarms' }),
    isLessSensitive: Type.Boolean({ description: 'may stay silent where the rule of the product raises' }),
    author: Type.Optional(Type.String()),
    reviewer: Type.Optional(Type.String()),
    scheduledBy: Type.Optional(
      Type.String({ description: 'who has switched it on before its first day, on which it begins' }),
    ),
    trial: Type.Optional(RuleTrial),
    running: Type.Optional(
      Type.Object(
        { triedDeviceCount: Type.Integer(), deviceCount: Type.Integer(), reportCount: Type.Integer() },
        { description: 'a trial that goes on' },
      ),
    ),
    lines: Type.Array(
      Type.Object({
        at: Instant,
        by: Type.String(),
        to: oneOf([...ruleStates, 'scheduled']),
        note: Type.Optional(Type.String()),
      }),
    ),
  },
  { $id: 'RuleVersion' },
);
export type RuleVersion = Static<typeof RuleVersion>;
