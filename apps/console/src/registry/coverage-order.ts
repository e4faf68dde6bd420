import type { Coverage } from '@fengsui/protocol';

type Totals = Pick<Coverage, 'detectorCount' | 'ableCount' | 'areaCount' | 'coveredAreaCount'>;

const missing = ({ detectorCount, ableCount, areaCount, coveredAreaCount }: Totals): number =>
  detectorCount - ableCount + (areaCount - coveredAreaCount);

/** Venues where most is missing first. */
export function orderCoverage(venues: readonly Coverage[]): readonly Coverage[] {
  return [...venues].sort((a, b) => missing(b) - missing(a) || (a.venueId < b.venueId ? -1 : 1));
}

export function coverageTotals(venues: readonly Coverage[]): Totals {
  const totals = { detectorCount: 0, ableCount: 0, areaCount: 0, coveredAreaCount: 0 };
  for (const venue of venues) {
    totals.detectorCount += venue.detectorCount;
    totals.ableCount += venue.ableCount;
    totals.areaCount += venue.areaCount;
    totals.coveredAreaCount += venue.coveredAreaCount;
  }
  return totals;
}
