import type { LoadSpec } from '../load/load-spec.ts';

/** About a third of the rated current all the time, up to 0.75 of it when the kettle and the compressor meet. */
export function everydayLoads(fullW: number): readonly LoadSpec[] {
  return [
    { id: 'heater', kind: 'resistive', powerW: 0.15 * fullW },
    { id: 'electronics', kind: 'rectifier', powerW: 0.06 * fullW },
    { id: 'ledDriver', kind: 'rectifier', powerW: 0.02 * fullW },
    { id: 'fan', kind: 'motor', powerW: 0.03 * fullW, powerFactor: 0.7 },
    {
      id: 'compressor',
      kind: 'motor',
      powerW: 0.12 * fullW,
      powerFactor: 0.8,
      schedule: { kind: 'cycle', onMs: 9 * 60_000, offMs: 16 * 60_000 },
    },
    {
      id: 'kettle',
      kind: 'resistive',
      powerW: 0.25 * fullW,
      schedule: { kind: 'visits', perHour: 2, onMs: 180_000, hours: { from: 6, to: 23 } },
    },
  ];
}
