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
