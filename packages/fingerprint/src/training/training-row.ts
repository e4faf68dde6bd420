import { FEATURES } from '../feature-vector.ts';
import type { LoadFamily } from '../load-family.ts';

/** One labelled switching to learn from. */
export type TrainingRow = {
  /** From `featureVector`. */
  readonly vector: Float64Array;
  readonly type: string;
  readonly family: LoadFamily;
  /** The device (house, recording): rows of one group never lie on both sides of a split. */
  readonly group: string;
};

/** Types of the rows in alphabetical order. Throws RangeError for rows that cannot be learned from, naming the row. */
export function typesOf(rows: readonly TrainingRow[]): { name: string; family: LoadFamily }[] {
  const families = new Map<string, LoadFamily>();
  rows.forEach(({ vector, type, family }, index) => {
    if (vector.length !== FEATURES.length) {
      throw new RangeError(`training row ${index}: ${vector.length} features; expected ${FEATURES.length}`);
    }
    FEATURES.forEach(({ name, canBeMissing }, place) => {
      const value = vector[place] as number;
      if (!Number.isFinite(value) && !(canBeMissing === true && Number.isNaN(value))) {
        throw new RangeError(`training row ${index}: ${name} is ${value}; expected a finite number`);
      }
    });
    const known = families.get(type);
    if (known !== undefined && known !== family) {
      throw new RangeError(
        `training row ${index}: type ${type} is ${family} here and ${known} before; expected one family`,
      );
    }
    families.set(type, family);
  });
  if (families.size < 2) throw new RangeError(`${families.size} types of load in the rows; expected at least 2`);
  return [...families].map(([name, family]) => ({ name, family })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
