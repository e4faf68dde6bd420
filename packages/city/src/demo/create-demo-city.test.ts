import assert from 'node:assert/strict';
import { test } from 'node:test';
import { venueClasses } from '@fengsui/protocol';
import { createBoard } from '../board/create-board.ts';
import { rms } from '../../test/measure.ts';
import { createDemoCity } from './create-demo-city.ts';

const city = createDemoCity(1);

test('the city is the same for the same seed, and its ids for every seed', () => {
  assert.deepEqual(createDemoCity(1), city);
  const other = createDemoCity(2);
  assert.notDeepEqual(other, city);
  assert.deepEqual(
    other.devices.map(({ id }) => id),
    city.devices.map(({ id }) => id),
  );
});

test('40 venues of all six classes, 400 devices, 12 of them on the waveform path in all six classes', () => {
  assert.equal(city.venues.length, 40);
  assert.deepEqual(new Set(city.venues.map((venue) => venue.class)), new Set(venueClasses));
  assert.equal(city.devices.length, 400);
  const boards = city.devices.filter((device) => device.simulation.waveform);
  assert.equal(boards.length, 12);
  const classOf = new Map(city.venues.map((venue) => [venue.id, venue.class]));
  assert.deepEqual(new Set(boards.map(({ venueId }) => classOf.get(venueId))), new Set(venueClasses));
  assert.ok(boards.every(({ model }) => model === 'generic-terminal'));
});

test('ids are unique, fit the wire, and refer to what exists', () => {
  const ids = [...city.organisations, ...city.venues, ...city.devices].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => /^[A-Za-z0-9._-]{1,64}$/.test(id)));
  const organisations = new Set(city.organisations.map(({ id }) => id));
  const venues = new Set(city.venues.map(({ id }) => id));
  assert.ok(city.venues.every(({ organisationId }) => organisations.has(organisationId)));
  assert.ok(city.organisations.every(({ parentId }) => parentId === undefined || organisations.has(parentId)));
  assert.ok(city.devices.every(({ venueId }) => venues.has(venueId)));
});

test('organisations: a committee, two platform companies, an operator, owners; parents come first', () => {
  const kinds = city.organisations.map(({ kind }) => kind);
  const count = (kind: string): number => kinds.filter((k) => k === kind).length;
  assert.deepEqual([count('committee'), count('platformCompany'), count('operator')], [1, 2, 1]);
  assert.ok(count('venueOwner') >= 6);
  const index = new Map(city.organisations.map(({ id }, i) => [id, i]));
  for (const [i, { parentId }] of city.organisations.entries()) {
    assert.ok(parentId === undefined || (index.get(parentId) ?? Infinity) < i);
  }
});

test('everything invented says so in both languages', () => {
  for (const item of [...city.organisations, ...city.venues]) {
    assert.equal(item.demo, true);
    assert.match(item.name, /（演示）$/);
    assert.match(item.nameEn ?? '', / \(demo\)$/);
  }
  assert.ok(city.venues.every(({ origin }) => origin === 'simulated'));
});

test('venues lie in the prefecture of Linfen', () => {
  for (const { longitude = NaN, latitude = NaN } of city.venues) {
    assert.ok(longitude > 110.3 && longitude < 112.6 && latitude > 35.3 && latitude < 37);
  }
});

test('every waveform board starts, draws current on both circuits, and stays below its rating by day and night', () => {
  for (const { id, simulation } of city.devices) {
    if (simulation.kind !== 'board') continue;
    for (const hour of [2, 11, 19.5]) {
      const block = createBoard(simulation.spec, 1, Date.UTC(2026, 10, 20, 16) + hour * 3_600_000).next(1280);
      for (const [index, { currentA }] of block.circuits.entries()) {
        const ratedA = simulation.circuits[index]?.ratedA ?? NaN;
        const ratio = rms(currentA) / ratedA;
        assert.ok(ratio > 0.02 && ratio < 0.95, `${id} c${index + 1} at ${hour} h: ${ratio} of ${ratedA} A`);
      }
    }
  }
});
