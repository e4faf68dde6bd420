import { alarmChangeKinds, alarmStates, categories, levels, origins, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** An alarm as API and live feed show it: always whole, replaced by id. design.md 5.3. */
export const Alarm = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ description: 'arc, overload, smoke … or a kind of the device model; unknown kinds are kept' }),
    category: oneOf(categories),
    priority: oneOf(priorities),
    level: oneOf(levels),
    state: oneOf(alarmStates),
    deviceId: Type.String(),
    pointId: Type.String({ description: 'point id or its prefix, as the source that raised it named it' }),
    venueId: Type.String(),
    origin: oneOf(origins),
    raisedAt: Instant,
    receivedAt: Instant,
    acknowledgedAt: Type.Optional(Instant),
    acknowledgedBy: Type.Optional(Type.String()),
    clearedAt: Type.Optional(Instant),
    escalatedAt: Type.Optional(Instant),
    shelvedUntil: Type.Optional(Instant),
    late: Type.Optional(Type.Boolean({ description: 'raised by a report that arrived behind newer ones' })),
    unmapped: Type.Optional(Type.Boolean({ description: 'kind or point unknown to the device model' })),
    maintenance: Type.Optional(
      Type.Boolean({ description: 'the device is under maintenance; the alarm counts all the same' }),
    ),
    identitySuspect: Type.Optional(
      Type.Boolean({ description: 'raised while the credential of the device may have been in two hands' }),
    ),
    captureId: Type.Optional(Type.String()),
    value: Type.Optional(Type.Number({ description: 'value at the raising, in the unit of the point' })),
    limit: Type.Optional(Type.Number({ description: 'limit that was exceeded, in the unit of the point' })),
    measure: Type.Optional(
      Type.String({ description: 'what value and limit are when not the quantity of the point: thermalStateRatio' }),
    ),
    ruleId: Type.Optional(
      Type.String({ description: 'rule of the centre that raised it, or escalated it last; absent: the device did' }),
    ),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    contributions: Type.Optional(
      Type.Array(
        Type.Object({
          from: Type.String({ description: 'device/point, device/circuit, or an area' }),
          modality: Type.String({ description: 'smoke, heat, gas, co; arc and its like; neighbour' }),
          likelihoodRatio: Type.Number({ description: 'by how much it made the conclusion likelier; 1 = not at all' }),
          since: Type.Optional(Instant),
        }),
        { description: 'what it was concluded from, at its raising or latest escalation' },
      ),
    ),
    parentId: Type.Optional(
      Type.String({
        description: 'group of alarms with one cause that it is in, /api/v1/alarm-groups; never of a fire',
      }),
    ),
    chatter: Type.Optional(
      Type.Integer({ minimum: 3, description: 'the condition chatters: times it became active within 10 minutes' }),
    ),
    count: Type.Integer({ minimum: 1, description: 'times the condition became active since raisedAt' }),
  },
  { $id: 'Alarm' },
);
export type Alarm = Static<typeof Alarm>;

/** One step in the life of an alarm. */
export const AlarmChange = Type.Object(
  {
    at: Instant,
    kind: oneOf(alarmChangeKinds),
    from: oneOf(alarmStates),
    to: oneOf(alarmStates),
    level: Type.Optional(oneOf(levels)),
    by: Type.Optional(Type.String()),
    note: Type.Optional(Type.String()),
  },
  { $id: 'AlarmChange' },
);
export type AlarmChange = Static<typeof AlarmChange>;

const Words = Type.Object({ zh: Type.String(), en: Type.String() });

/** What an alarm leads to, and what has to be done until when. */
export const AlarmResponse = Type.Object(
  {
    ruleId: Type.Optional(
      Type.String({ description: 'rule that says so; absent: the product, of alarms of this kind' }),
    ),
    version: Type.Optional(Type.Integer()),
    consequence: Words,
    response: Words,
    timeAllowedS: Type.Number(),
    dueAt: Instant,
  },
  { $id: 'AlarmResponse' },
);
export type AlarmResponse = Static<typeof AlarmResponse>;
