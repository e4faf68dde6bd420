import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';
import { roles } from './session.ts';

/** Why somebody who does not belong to a venue looked at what was switched on there, and when. */
export const LoadHistoryReason = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String(),
    by: Type.String({ description: 'account or token' }),
    role: oneOf(roles),
    reason: Type.String(),
    at: Instant,
    until: Type.String({ format: 'date-time', description: 'he sees load histories of the venue until then' }),
  },
  { $id: 'LoadHistoryReason' },
);
export type LoadHistoryReason = Static<typeof LoadHistoryReason>;

export const LoadHistoryErasure = Type.Object(
  {
    eventCount: Type.Integer({ description: 'switchings deleted' }),
    captureCount: Type.Integer({ description: 'recordings of them deleted; those that an alarm names stay with it' }),
    isComplete: Type.Boolean({ description: 'false: it was too much for one request; ask again' }),
  },
  { $id: 'LoadHistoryErasure' },
);
export type LoadHistoryErasure = Static<typeof LoadHistoryErasure>;
