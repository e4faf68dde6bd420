import { origins, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

const Share = (description?: string) => Type.Number({ minimum: 0, maximum: 1, ...(description && { description }) });

/** What alarms ask of one seat that sees all of the scope, after ISA-18.2 and EEMUA 191. Shares of nothing are absent. */
export const AlarmFigures = Type.Object(
  {
    from: Instant,
    to: Instant,
    origin: oneOf(origins),
    alarmCount: Type.Integer({ minimum: 0, description: 'received in the time' }),
    lineCount: Type.Integer({ minimum: 0, description: 'rows that asked for somebody: alarms of one cause as one' }),
    linesPerTenMinutes: Type.Object({ mean: Type.Number(), most: Type.Integer(), latest: Type.Integer() }),
    floodShare: Share('of the time: from more than 10 lines in 10 min until fewer than 5'),
    isFlood: Type.Boolean(),
    staleCount: Type.Integer({
      minimum: 0,
      description: 'alarms whose condition has been there for more than 24 h now',
    }),
    chatteringCount: Type.Integer({ minimum: 0, description: 'alarms now whose condition chatters' }),
    priorities: Type.Array(
      Type.Object({
        priority: oneOf(priorities),
        count: Type.Integer({ minimum: 0 }),
        share: Type.Optional(Share()),
      }),
      { description: 'the most urgent first; wanted are about 5 % high, 15 % medium, 80 % low' },
    ),
    topTen: Type.Array(
      Type.Object({
        deviceId: Type.String(),
        pointId: Type.String(),
        kind: Type.String(),
        venueId: Type.String(),
        count: Type.Integer({ minimum: 1 }),
      }),
      { description: 'conditions with the most alarms' },
    ),
    topTenShare: Type.Optional(Share()),
  },
  { $id: 'AlarmFigures' },
);
export type AlarmFigures = Static<typeof AlarmFigures>;
