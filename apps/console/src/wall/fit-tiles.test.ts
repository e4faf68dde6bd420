import assert from 'node:assert/strict';
import test from 'node:test';
import type { Venue } from '@fengsui/protocol';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { alarmsByVenue } from '../venue/alarms-by-venue.ts';
import { fitTiles } from './fit-tiles.ts';

const venue = (id: string, kind: Venue['class'] = 'office'): Venue => ({
  id,
  name: id,
  class: kind,
  organisationId: 'o',
  origin: 'simulated',
});
const ids = (fit: ReturnType<typeof fitTiles>): string[] => fit.tiles.map(({ venue: v }) => v.id);
const byVenue = alarmsByVenue([
  sampleAlarm({ id: '1', venueId: 'c', priority: 'P3' }),
  sampleAlarm({ id: '2', venueId: 'd', category: 'fire', priority: 'P1' }),
  sampleAlarm({ id: '3', venueId: 'c', category: 'fault', priority: 'P4' }),
]);

test('venues that fit keep their place whether they alarm or not', () => {
  const venues = [venue('d'), venue('a'), venue('b', 'hospital'), venue('c')];
  assert.deepEqual(ids(fitTiles(venues, new Map(), 4)), ids(fitTiles(venues, byVenue, 4)));
  assert.deepEqual(ids(fitTiles(venues, byVenue, 4)), ['b', 'a', 'c', 'd']);
});

test('when they do not fit, alarms come first and the rest is counted', () => {
  const fit = fitTiles([venue('a'), venue('b'), venue('c'), venue('d')], byVenue, 3);
  assert.deepEqual(ids(fit), ['d', 'c']);
  assert.equal(fit.restCount, 2);
  assert.equal(fitTiles([venue('a')], byVenue, 0).restCount, 1);
});

test('a tile shows the worst of its alarms and how many there are', () => {
  const [tile] = fitTiles([venue('c')], byVenue, 5).tiles;
  assert.deepEqual([tile?.worst?.id, tile?.alarmCount], ['1', 2]);
});
