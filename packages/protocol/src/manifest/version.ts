/** One to four numbers between dots, without leading zeros: `2`, `1.4.0`. */
export const versionPattern = '^(0|[1-9][0-9]{0,8})([.](0|[1-9][0-9]{0,8})){0,3}$';

const expression = new RegExp(versionPattern);

/**
 * Less than, equal to or greater than 0, as one version is older than, as old as, or newer than the other. A part that
 * is not there counts as 0: `1.2` and `1.2.0` are equal.
 *
 * @throws RangeError naming what is no version.
 */
export function compareVersions(one: string, other: string): number {
  const left = partsOf(one);
  const right = partsOf(other);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function partsOf(version: string): readonly number[] {
  if (!expression.test(version)) throw new RangeError(`version is ${JSON.stringify(version)}, expected such as 1.4.0`);
  return version.split('.').map(Number);
}
