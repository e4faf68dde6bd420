import { categories, groupCauses, origins, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/**
 * Alarms with one cause as one line: what the caller sees of them, since the first was raised. An alarm in it has its
 * id as `parentId`.
 */
export const AlarmGroup = Type.Object(
  {
    id: Type.String(),
    cause: oneOf(groupCauses),
    since: Instant,
    childCount: Type.Integer({ minimum: 0, description: 'alarms that have not ended' }),
    unacknowledgedCount: Type.Integer({ minimum: 0 }),
    activeCount: Type.Integer({ minimum: 0, description: 'those whose condition is still there' }),
    priority: oneOf(priorities),
    category: oneOf(categories),
    origin: oneOf(origins),
    kinds: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer({ minimum: 1 }) }), {
      description: 'the most frequent first',
    }),
    venues: Type.Array(Type.Object({ venueId: Type.String(), count: Type.Integer({ minimum: 1 }) })),
  },
  { $id: 'AlarmGroup' },
);
export type AlarmGroup = Static<typeof AlarmGroup>;
