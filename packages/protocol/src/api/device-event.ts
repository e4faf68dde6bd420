import { levels, origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** One event as a device sent it. */
export const DeviceEventRecord = Type.Object(
  {
    deviceId: Type.String(),
    venueId: Type.String(),
    origin: oneOf(origins),
    kind: Type.String(),
    point: Type.String({ description: 'point id or its prefix; empty = the device as a whole' }),
    at: Instant,
    receivedAt: Instant,
    active: Type.Optional(Type.Boolean({ description: 'absent for momentary kinds' })),
    level: oneOf(levels),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    captureId: Type.Optional(Type.String({ description: '{deviceId}:{captureId}' })),
    late: Type.Optional(Type.Boolean()),
    identitySuspect: Type.Optional(
      Type.Boolean({ description: 'sent while the credential of the device may have been in two hands' }),
    ),
    evidence: Type.Optional(
      Type.Unknown({
        description: 'as sent: by its `schema` a LoadEvidence, ArcEvidence or HazardEvidence, or anything else',
      }),
    ),
  },
  { $id: 'DeviceEventRecord' },
);
export type DeviceEventRecord = Static<typeof DeviceEventRecord>;
