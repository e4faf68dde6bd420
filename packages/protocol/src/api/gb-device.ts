import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

const Code = Type.Object({
  code: Type.Integer(),
  zh: Type.Optional(Type.String({ description: 'by GB/T 26875.3 or the profile of the make' })),
  en: Type.Optional(Type.String()),
});

export const GbPartValueRecord = Type.Object(
  {
    point: Type.String({ description: 's1-1-p03000d00.temperatureC' }),
    quantity: Type.String(),
    analogType: Type.Integer(),
    raw: Type.Integer(),
    value: Type.Number(),
    unit: Type.Optional(Type.String()),
    quality: Type.Optional(oneOf(['underRange', 'overRange'])),
    at: Instant,
  },
  { $id: 'GbPartValue' },
);

/** A component or a system behind a transmission device, or (point '') the device itself. */
export const GbPartRecord = Type.Object(
  {
    point: Type.String({ description: 's1-1-p03000c00 a component, s1-1 a system, empty the device itself' }),
    systemType: Type.Optional(Code),
    systemAddress: Type.Optional(Type.Integer()),
    partType: Type.Optional(Code),
    partAddress: Type.Optional(Type.String({ description: 'four bytes as hex in wire order' })),
    zone: Type.Optional(Type.Integer({ description: '区(回路)号, when the profile reads addresses so' })),
    number: Type.Optional(Type.Integer({ description: '位(部件)号, or the whole address as a number' })),
    description: Type.Optional(Type.String()),
    status: Type.Optional(Type.Integer({ description: 'the newest status word' })),
    flags: Type.Optional(Type.Array(Type.String(), { description: 'names of the bits that are set' })),
    statusAt: Type.Optional(Instant),
    values: Type.Array(GbPartValueRecord),
    software: Type.Optional(Type.String()),
    configuration: Type.Optional(Type.String()),
    clockOffsetMs: Type.Optional(Type.Integer({ description: 'its clock less ours, when last read' })),
    receivedAt: Instant,
  },
  { $id: 'GbPart' },
);
export type GbPartRecord = Static<typeof GbPartRecord>;

/** A frame as it came in, with what it says. */
export const GbFrameSeen = Type.Object(
  {
    receivedAt: Instant,
    hex: Type.String(),
    frame: Type.Optional(Type.Unknown({ description: 'as `fengsui gb26875 decode` prints it' })),
  },
  { $id: 'GbFrameSeen' },
);
export type GbFrameSeen = Static<typeof GbFrameSeen>;

/** 查岗. */
export const GbDutyCheckRecord = Type.Object(
  {
    id: Type.String(),
    deviceId: Type.String(),
    venueId: Type.Optional(Type.String({ description: 'in a round' })),
    by: Type.String(),
    askedAt: Instant,
    withinMin: Type.Integer(),
    dueAt: Instant,
    state: oneOf(['asked', 'delivered', 'answered', 'late', 'absent', 'notDelivered']),
    deliveredAt: Type.Optional(Instant),
    answeredAt: Type.Optional(Instant),
    answeredAfterS: Type.Optional(Type.Integer()),
    operator: Type.Optional(Type.Integer({ description: 'number of the person, as the venue numbers its people' })),
    roundId: Type.Optional(Type.String({ description: 'asked of several devices at once' })),
  },
  { $id: 'GbDutyCheck' },
);
export type GbDutyCheckRecord = Static<typeof GbDutyCheckRecord>;

/** One on-duty check of many devices. */
export const GbDutyRound = Type.Object(
  {
    id: Type.String(),
    by: Type.String(),
    askedAt: Instant,
    withinMin: Type.Integer(),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'checks by state' }),
    checks: Type.Optional(Type.Array(GbDutyCheckRecord, { description: 'of one round; not in the list' })),
    skipped: Type.Optional(
      Type.Array(
        Type.Object({
          deviceId: Type.String(),
          reason: oneOf(['relayListening', 'checkOpen', 'notInService', 'beyondLimit']),
        }),
        { description: 'who was not asked; in the answer to the order alone' },
      ),
    ),
  },
  { $id: 'GbDutyRound' },
);
export type GbDutyRound = Static<typeof GbDutyRound>;

export const GbTransactionRecord = Type.Object(
  {
    outcome: oneOf(['confirmed', 'answered']),
    transmissions: Type.Integer({ minimum: 1, maximum: 4 }),
    tookMs: Type.Integer(),
    frame: Type.Optional(Type.Unknown({ description: 'the response, as `fengsui gb26875 decode` prints it' })),
  },
  { $id: 'GbTransaction' },
);
export type GbTransactionRecord = Static<typeof GbTransactionRecord>;
