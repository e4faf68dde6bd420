import { Type, type Static } from 'typebox';
import { EpochMs, oneOf } from './schema.ts';

/** What the wall shows of the caller's scope. Absent = not known, never 0. */
export const Overview = Type.Object(
  {
    at: EpochMs,
    origin: oneOf(['live', 'simulated', 'mixed'], 'mixed = live and simulated devices in one scope'),
    venueCount: Type.Integer(),
    families: Type.Array(
      Type.Object({
        family: Type.String(),
        deviceCount: Type.Integer(),
        onlineCount: Type.Integer(),
        alarmingCount: Type.Integer({ description: 'devices with an alarm that has not ended' }),
      }),
    ),
    blindSpotCount: Type.Integer({
      description: 'detectors of live venues that cannot raise an alarm: /api/v1/blind-spots',
    }),
    notLiveVenueCount: Type.Integer({ description: 'venues that are not live yet: they count as watched by nobody' }),
    newestReportAt: Type.Optional(EpochMs),
    reportsPerSecond: Type.Optional(
      Type.Number({ description: 'received in the last 10 s, whole centre; absent for who is bound to some venues' }),
    ),
    energyTodayKwh: Type.Optional(
      Type.Number({
        description: 'sum over circuits of energyKwh since local midnight; circuits without a reading left out',
      }),
    ),
    energyCircuitCount: Type.Integer({ description: 'circuits that energyTodayKwh counts' }),
  },
  { $id: 'Overview' },
);
export type Overview = Static<typeof Overview>;
