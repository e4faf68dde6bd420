import { applianceClasses } from './appliance-classes.ts';
import { contactClasses } from './contact-classes.ts';
import type { NuisanceClass } from './nuisance-class.ts';
import { runningClasses } from './running-classes.ts';
import { supplyClasses } from './supply-classes.ts';
import { switchingClasses } from './switching-classes.ts';

/** Every class of everyday disturbance, each with what it varies. */
export const nuisanceClasses: readonly NuisanceClass[] = [
  ...switchingClasses,
  ...contactClasses,
  ...runningClasses,
  ...supplyClasses,
  ...applianceClasses,
];

/** Throws RangeError naming the id and the classes there are. */
export function nuisanceClass(id: string): NuisanceClass {
  const found = nuisanceClasses.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  throw new RangeError(
    `nuisance class is "${id}", expected one of ${nuisanceClasses.map((entry) => entry.id).join(', ')}`,
  );
}
