import { levels, origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { EpochMs, Instant, oneOf } from './schema.ts';

/** A message, or a part of one, that could not be used; acknowledged, kept with its reason, newest 200 per device. */
export const QuarantinedMessage = Type.Object(
  {
    deviceId: Type.String(),
    venueId: Type.String(),
    origin: oneOf(origins),
    receivedAt: Instant,
    topic: Type.String(),
    reason: Type.String({ description: 'a stable code, then words' }),
    payloadBase64: Type.String({ description: 'first 4 KiB' }),
  },
  { $id: 'QuarantinedMessage' },
);
export type QuarantinedMessage = Static<typeof QuarantinedMessage>;

/** A limit that a report exceeded which arrived behind newer ones: too late to raise, listed because somebody should look. */
export const LateHazard = Type.Object(
  {
    deviceId: Type.String(),
    venueId: Type.String(),
    origin: oneOf(origins),
    point: Type.String(),
    kind: Type.String(),
    level: oneOf(levels),
    at: EpochMs,
    receivedAt: Instant,
    value: Type.Number(),
    threshold: Type.Number(),
  },
  { $id: 'LateHazard' },
);
export type LateHazard = Static<typeof LateHazard>;
