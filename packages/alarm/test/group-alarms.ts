import fc from 'fast-check';
import type { GroupableAlarm } from '../src/flood/kinship.ts';
import type { Category, Priority } from '../src/words.ts';

const kinds = [
  'underVoltage',
  'phaseLoss',
  'silent',
  'fault',
  'lineFault',
  'overTemperature',
  'overTemperature',
  'overload',
  'smoke',
  'gas',
];

const alarm = fc.record({
  kind: fc.constantFrom(...kinds),
  category: fc.constantFrom<Category>('warning', 'warning', 'warning', 'supervisory', 'fault', 'fault', 'fire'),
  priority: fc.constantFrom<Priority>('P1', 'P2', 'P2', 'P3', 'P3', 'P3', 'P3', 'P4'),
  origin: fc.constantFrom('live' as const, 'live' as const, 'live' as const, 'drill' as const),
  venueId: fc.constantFrom('v1', 'v1', 'v1', 'v2', 'v3'),
  deviceId: fc.constantFrom('d1', 'd2', 'd3', 'd4'),
  pointId: fc.constantFrom('c1', 'c2', 's1-1-p1', 's1-1-p2', 's1-1-p3', 's1-2'),
  // Near to one another, minutes apart, and on the edges of every gap.
  raisedAt: fc.oneof(
    fc.integer({ min: 0, max: 30 }).map((second) => second * 1_000),
    fc.constantFrom(10_001, 60_000, 60_001, 70_001, 900_000, 900_001, 960_000, 2_000_000),
  ),
});

/** The same trouble at several devices, or at several parts of one, one after another. */
const burst = fc
  .record({
    one: alarm,
    count: fc.constantFrom(1, 1, 2, 3, 12),
    stepMs: fc.constantFrom(0, 1_000, 10_000, 10_001, 50_000, 60_000, 60_001),
  })
  .map(({ one, count, stepMs }) =>
    Array.from({ length: count }, (_, i) => ({
      ...one,
      ...(one.pointId.startsWith('s') ? { pointId: `s1-1-p${i}` } : { deviceId: `d${i}` }),
      raisedAt: one.raisedAt + i * stepMs,
    })),
  );

/** At most 40 alarms, with ids of their own. */
export const groupableAlarms = fc.array(burst, { maxLength: 15, size: 'max' }).map((bursts) =>
  bursts
    .flat()
    .slice(0, 40)
    .map((one, index): GroupableAlarm => ({ ...one, id: `a${index}` })),
);

/** What happens to the alarms, each step naming one by its place: it is told (again), worse, or over. */
export const groupSteps = fc.array(
  fc.record({ index: fc.nat({ max: 39 }), what: fc.constantFrom('told', 'told', 'told', 'worse', 'end') }),
  { maxLength: 120, size: 'max' },
);
