/** Families of the PLAID types as the measures of the suite define them. */
const familyOfType: Readonly<Record<string, string>> = {
  Hairdryer: 'resistive',
  Heater: 'resistive',
  'Incandescent Light Bulb': 'resistive',
  'Air Conditioner': 'motor',
  Fan: 'motor',
  Fridge: 'motor',
  'Washing Machine': 'motor',
  Vacuum: 'motor',
  'Compact Fluorescent Lamp': 'electronic',
  Laptop: 'electronic',
  Microwave: 'microwave',
};

/** The family of a type; undefined for a type that has none assigned: its rows count for types only. */
export function plaidFamily(label: string): string | undefined {
  return Object.hasOwn(familyOfType, label) ? familyOfType[label] : undefined;
}
