/**
 * Harmonics 1..40 in per cent of the fundamental, out of their rms by order (index 0 = dc); undefined for an order at or
 * above the Nyquist frequency. Undefined as a whole when there is no fundamental to compare with.
 */
export function harmonicShares(rms: ArrayLike<number>): (number | undefined)[] | undefined {
  const fundamental = rms[1];
  if (fundamental === undefined || !(fundamental > 0)) return undefined;
  return Array.from({ length: 40 }, (_, i) => {
    const value = rms[i + 1];
    return value === undefined || Number.isNaN(value) ? undefined : (100 * value) / fundamental;
  });
}

/** Top of the scale in per cent: 1, 2 or 5 times a power of ten above the largest harmonic but the first, at least 5 %. */
export function shareScale(shares: readonly (number | undefined)[]): number {
  const largest = Math.max(5, ...shares.slice(1).map((share) => share ?? 0));
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= largest) ?? largest;
}
