import { unitOf } from '@fengsui/protocol';

/** How many of the point's own unit one of the given unit is. */
const factors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  A: { A: 1, mA: 1e-3 },
  mA: { mA: 1, A: 1e3 },
  V: { V: 1, mV: 1e-3, kV: 1e3 },
  W: { W: 1, kW: 1e3, MW: 1e6 },
  var: { var: 1, kvar: 1e3 },
  kWh: { kWh: 1, Wh: 1e-3, MWh: 1e3 },
  '°C': { '°C': 1 },
  Hz: { Hz: 1 },
};
/** Quantities without a unit, and those whose unit is part of their name. */
const plain: Readonly<Record<string, readonly string[]>> = { powerFactor: ['', '1'], thdCurrentPct: ['%'] };

/**
 * What a value in `unit` is multiplied with to be one of `point`; undefined when it cannot be.
 *
 * @example conversionOf('c1.activePowerW', 'kW') // 1000
 */
export function conversionOf(point: string, unit: string): number | undefined {
  const quantity = point.slice(point.indexOf('.') + 1);
  const words = plain[quantity];
  if (words !== undefined) return words.includes(unit) ? 1 : undefined;
  return factors[unitOf(point)]?.[unit];
}
