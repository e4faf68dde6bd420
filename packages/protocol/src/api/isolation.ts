import { categories } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** `isolated`: alarms are kept on record and not on the queue. `onTest`: they are on the queue, marked test, and ring nobody. */
export const isolationKinds = ['isolated', 'onTest'] as const;
export type IsolationKind = (typeof isolationKinds)[number];

/** 申请中 → 生效 → 结束; asked and never begun: lapsed by its time, or withdrawn by a person. */
export const isolationStates = ['asked', 'active', 'ended', 'lapsed', 'withdrawn'] as const;
export type IsolationState = (typeof isolationStates)[number];

/** Longest of each kind, hours; longer only by asking again. */
export const longestIsolationH: Readonly<Record<IsolationKind, number>> = { isolated: 24, onTest: 8 };

/** Who watches on site while detectors are blind. */
export const FireWatch = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
    phone: Type.Optional(Type.String({ minLength: 3, maxLength: 32, pattern: '^[+0-9() -]+$' })),
  },
  { additionalProperties: false },
);
export type FireWatch = Static<typeof FireWatch>;

/** A venue, an area with everything below it, or one device, whose alarms ring nobody for a bounded time. */
export const Isolation = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String(),
    areaId: Type.Optional(Type.String({ description: 'with everything below it' })),
    deviceId: Type.Optional(Type.String()),
    kind: oneOf(isolationKinds),
    categories: Type.Optional(Type.Array(oneOf(categories), { description: 'absent = all' })),
    reason: Type.String(),
    state: oneOf(isolationStates),
    needsApproval: Type.Boolean({ description: 'it holds detectors that lives depend on: two people' }),
    askedAt: Instant,
    askedBy: Type.String(),
    approvedBy: Type.Optional(Type.String()),
    beganAt: Type.Optional(Instant),
    until: Type.String({ format: 'date-time', description: 'it ends by itself then' }),
    isEndingSoon: Type.Boolean({ description: 'the warning before the end has been given' }),
    endedAt: Type.Optional(Instant),
    endedBy: Type.Optional(Type.String({ description: 'absent = its time was up' })),
    fireWatch: Type.Optional(
      Type.Object({
        name: Type.String(),
        phone: Type.Optional(Type.String({ description: 'for who may read contacts' })),
      }),
    ),
    detectorCount: Type.Integer({ description: 'devices it reaches now' }),
    lifeSafetyCount: Type.Integer({ description: 'of those, lives depend on' }),
    hiddenNow: Type.Integer({ description: 'alarms it keeps from the queue at this moment, or marks as a test' }),
    hiddenFireNow: Type.Integer({ description: 'of those, fire' }),
    suppressedCount: Type.Integer({ description: 'times one was raised since it began' }),
    suppressedFireCount: Type.Integer({ description: 'of those, fire' }),
    fireShownAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'two detectors told of fire: it hides no fire any more' }),
    ),
  },
  { $id: 'Isolation' },
);
export type Isolation = Static<typeof Isolation>;

/** What an isolation of a target would reach, before it is asked for. */
export const IsolationReach = Type.Object(
  {
    detectorCount: Type.Integer(),
    lifeSafetyCount: Type.Integer({ description: 'more than 0: two people, and a fire watch' }),
  },
  { $id: 'IsolationReach' },
);
export type IsolationReach = Static<typeof IsolationReach>;
