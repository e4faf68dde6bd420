// Units in names (docs/glossary.md): the last word of a channel or point name tells the unit of its values.
const unitByQuantity: ReadonlyMap<string, string> = new Map([
  ['voltageV', 'V'],
  ['currentA', 'A'],
  ['residualCurrentMa', 'mA'],
  ['temperatureC', '°C'],
  ['activePowerW', 'W'],
  ['reactivePowerVar', 'var'],
  ['apparentPowerVa', 'VA'],
  ['frequencyHz', 'Hz'],
  ['energyKwh', 'kWh'],
]);

/** `currentA` of `c1.currentA`; undefined when the name does not end in a known quantity. */
export function quantityOf(name: string): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return unitByQuantity.has(last) ? last : undefined;
}

/** Unit that the name of a channel or point tells: `A` for `currentA` and `c1.currentA`; `""` when unknown. */
export function unitOf(name: string): string {
  return unitByQuantity.get(quantityOf(name) ?? '') ?? '';
}
