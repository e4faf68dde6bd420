import type { Alarm } from '@fengsui/protocol';

/** Units of the quantities of the generic models (design.md 5.5), by the name behind the dot of a point id. */
const unitOfQuantity: Record<string, string> = {
  voltageV: 'V',
  currentA: 'A',
  residualCurrentMa: 'mA',
  activePowerW: 'W',
  reactivePowerVar: 'var',
  apparentPowerVa: 'VA',
  powerFactor: '',
  frequencyHz: 'Hz',
  thdCurrentPct: '%',
  thdVoltagePct: '%',
  energyKwh: 'kWh',
  temperatureC: '℃',
  obscurationPctPerM: '%/m',
  lelPct: '%LEL',
};

/** Units of quantities that device models bring along. */
const broughtUnits = new Map<string, string>();

export function rememberUnits(units: Readonly<Record<string, string>>): void {
  for (const [quantity, unit] of Object.entries(units)) broughtUnits.set(quantity, unit);
}

/** Unit of a quantity; the product's own words go first. */
const unitOf = (quantity: string): string | undefined =>
  Object.hasOwn(unitOfQuantity, quantity) ? unitOfQuantity[quantity] : broughtUnits.get(quantity);

/** The quantity a kind watches, used when an alarm names only the prefix of a point (`t1` for `t1.temperatureC`). */
const quantityOfKind: Record<string, string> = {
  overload: 'currentA',
  residualCurrent: 'residualCurrentMa',
  overTemperature: 'temperatureC',
  contactHeating: 'temperatureC',
  heat: 'temperatureC',
  overVoltage: 'voltageV',
  underVoltage: 'voltageV',
  smoke: 'obscurationPctPerM',
  gas: 'lelPct',
};

/** `c1.currentA` → `currentA`; undefined when the id has no dot. */
export function quantityOfPoint(pointId: string): string | undefined {
  const dot = pointId.lastIndexOf('.');
  return dot === -1 ? undefined : pointId.slice(dot + 1);
}

/** `c1.currentA` → `c1`; the id itself when it has no dot. */
export function prefixOfPoint(pointId: string): string {
  const dot = pointId.lastIndexOf('.');
  return dot === -1 ? pointId : pointId.slice(0, dot);
}

/** Unit of a point by its name, `''` for a plain ratio, undefined when the name is not one of the generic models. */
export function unitOfPoint(pointId: string): string | undefined {
  const quantity = quantityOfPoint(pointId);
  return quantity === undefined ? undefined : unitOf(quantity);
}

/** The quantity of an alarm's value and limit; undefined for kinds that watch none (arc, tamper …). */
export function quantityOfAlarm(alarm: Pick<Alarm, 'kind' | 'pointId'>): string | undefined {
  const named = quantityOfPoint(alarm.pointId);
  return named !== undefined && unitOf(named) !== undefined ? named : quantityOfKind[alarm.kind];
}

/**
 * Unit of the quantity behind an alarm's value and limit; undefined when it is not known: then the number stands alone.
 * An alarm that names a `measure` has the unit of that instead (measure-words.ts).
 */
export function unitOfAlarm(alarm: Pick<Alarm, 'kind' | 'pointId' | 'measure'>): string | undefined {
  // What is measured is not the point's own quantity: without this θ = 1.02 would stand there as amperes.
  if (alarm.measure !== undefined) return undefined;
  const quantity = quantityOfAlarm(alarm);
  return quantity === undefined ? undefined : unitOf(quantity);
}
