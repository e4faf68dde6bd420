import assert from 'node:assert/strict';
import test from 'node:test';
import type { Coverage } from '@fengsui/protocol';
import { coverageTotals, orderCoverage } from './coverage-order.ts';

const venue = (venueId: string, able: number, covered: number): Coverage => ({
  venueId,
  life: 'live',
  detectorCount: 10,
  ableCount: able,
  areaCount: 4,
  coveredAreaCount: covered,
  blindAreas: [],
  families: [],
});

test('the venue with most missing, detectors and areas together, comes first', () => {
  const venues = [venue('A', 10, 4), venue('B', 9, 4), venue('C', 9, 1)];
  assert.deepEqual(
    orderCoverage(venues).map(({ venueId }) => venueId),
    ['C', 'B', 'A'],
  );
  assert.deepEqual(coverageTotals(venues), { detectorCount: 30, ableCount: 28, areaCount: 12, coveredAreaCount: 9 });
});
