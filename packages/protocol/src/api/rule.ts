import { levels } from '@fengsui/alarm';
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
const OffTest = Type.Object(
  { kind: Type.Literal('off') },
  { additionalProperties: false, description: 'says nothing where it is in force' },
);

const draft = {
  kind: Type.String({ minLength: 1, maxLength: 64, description: 'kind of the alarm; the same for all versions' }),
  level: oneOf(levels),
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
  test: Type.Union([LimitTest, OffTest]),
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
        to: oneOf(ruleStates),
        note: Type.Optional(Type.String()),
      }),
    ),
  },
  { $id: 'RuleVersion' },
);
export type RuleVersion = Static<typeof RuleVersion>;
