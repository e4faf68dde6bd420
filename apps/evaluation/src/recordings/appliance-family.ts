import type { CurrentFingerprint, LoadFamily } from '@fengsui/fingerprint';

/** Words in a label, and the family of what they name; the first that occurs counts. */
const familyWords: readonly (readonly [string, LoadFamily])[] = [
  ['induction', 'inductionHob'],
  ['microwave', 'microwave'],
  ['charger', 'charger'],
  ['kettle', 'resistive'],
  ['heater', 'resistive'],
  ['rice_cooker', 'resistive'],
  ['iron', 'resistive'],
  ['oven', 'resistive'],
  ['hair', 'resistive'],
  ['vacuum', 'brushMotor'],
  ['blender', 'brushMotor'],
  ['computer', 'electronic'],
  ['laptop', 'electronic'],
  ['television', 'electronic'],
  ['tv', 'electronic'],
  ['lamp', 'electronic'],
  ['led', 'electronic'],
  ['refrigerator', 'motor'],
  ['fridge', 'motor'],
  ['hood', 'motor'],
  ['fan', 'motor'],
  ['washing', 'motor'],
  ['conditioner', 'motor'],
];

/**
 * Family of a recorded appliance by its label; of a label without a known word by its current: what a resistor on this
 * voltage would draw too is resistive, anything else electronic.
 */
export function applianceFamily(label: string, fingerprint: CurrentFingerprint): LoadFamily {
  const known = familyWords.find(([word]) => label.includes(word));
  if (known) return known[1];
  return fingerprint.nonresistiveRatio < 0.1 ? 'resistive' : 'electronic';
}
