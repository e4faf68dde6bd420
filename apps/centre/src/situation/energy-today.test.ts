import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import type { Row, Store } from '../store/store.ts';
import { Effects } from './effects.ts';
import { EnergyToday, startOfDay } from './energy-today.ts';
import { house } from './entries.fixture.ts';

const SHANGHAI = 'Asia/Shanghai';
/** 2025-11-21 00:00 in Shanghai. */
const MIDNIGHT = Date.UTC(2025, 10, 20, 16);
const HOUR_MS = 3_600_000;

const registry = new Registry();
for (const change of house) registry.apply(change);

const empty: Store = {
  engine: 'pglite',
  query: async () => [],
  commit: async () => [],
  close: async () => undefined,
};

async function begun(now = MIDNIGHT + HOUR_MS, store = empty): Promise<EnergyToday> {
  const energy = new EnergyToday(SHANGHAI);
  await energy.restore(store, registry, now);
  return energy;
}

function reading(at: number, kwh: number, point = 'c1.energyKwh', deviceId = 'D1', venueId = 'V1'): Effects {
  const effects = new Effects();
  effects.values.push({ venueId, deviceId, at, points: [point], values: [kwh] });
  return effects;
}

const all = (): boolean => true;

test('a day begins at local midnight', () => {
  assert.equal(startOfDay(MIDNIGHT, SHANGHAI), MIDNIGHT);
  assert.equal(startOfDay(MIDNIGHT + 24 * HOUR_MS - 1, SHANGHAI), MIDNIGHT);
  assert.equal(startOfDay(MIDNIGHT - 1, SHANGHAI), MIDNIGHT - 24 * HOUR_MS);
  assert.equal(startOfDay(Date.UTC(2025, 10, 21, 12, 30), 'UTC'), Date.UTC(2025, 10, 21));
  // Nepal is 5 h 45 min ahead.
  assert.equal(startOfDay(Date.UTC(2025, 10, 21), 'Asia/Kathmandu'), Date.UTC(2025, 10, 20, 18, 15));
});

test('the days on which clocks are changed begin at midnight too', () => {
  // Berlin: summer time ended on 2025-10-26 at 03:00 (a day of 25 h) and begins on 2026-03-29 at 02:00 (23 h).
  const longDay = Date.UTC(2025, 9, 25, 22);
  for (const hours of [0, 1, 3, 12, 24]) assert.equal(startOfDay(longDay + hours * HOUR_MS, 'Europe/Berlin'), longDay);
  assert.equal(startOfDay(longDay + 25 * HOUR_MS, 'Europe/Berlin'), longDay + 25 * HOUR_MS);
  const shortDay = Date.UTC(2026, 2, 28, 23);
  for (const hours of [0, 2, 22]) assert.equal(startOfDay(shortDay + hours * HOUR_MS, 'Europe/Berlin'), shortDay);
  assert.equal(startOfDay(shortDay + 23 * HOUR_MS, 'Europe/Berlin'), shortDay + 23 * HOUR_MS);
});

test('in Shanghai, whose clocks stand 8 h ahead since 1992, midnight is a matter of division', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1993), max: Date.UTC(2040) }), (at) => {
      const shift = 8 * HOUR_MS;
      assert.equal(startOfDay(at, SHANGHAI), Math.floor((at + shift) / 86_400_000) * 86_400_000 - shift);
    }),
    propertySettings(300),
  );
});

test('energy of the day is what the counter rose since its first reading', async () => {
  const energy = await begun();
  energy.update(reading(MIDNIGHT + HOUR_MS, 100));
  assert.deepEqual(energy.total(all), { kwh: 0, circuitCount: 1 });
  energy.update(reading(MIDNIGHT + 2 * HOUR_MS, 103.5));
  energy.update(reading(MIDNIGHT + 2 * HOUR_MS, 7, 'c2.energyKwh'));
  energy.update(reading(MIDNIGHT + 3 * HOUR_MS, 8, 'c2.energyKwh'));
  assert.deepEqual(energy.total(all), { kwh: 4.5, circuitCount: 2 });
});

test('other quantities are no energy', async () => {
  const energy = await begun();
  energy.update(reading(MIDNIGHT + HOUR_MS, 100, 'c1.activePowerW'));
  assert.deepEqual(energy.total(all), { kwh: 0, circuitCount: 0 });
});

test('a counter that was exchanged or reset goes on from there', async () => {
  const energy = await begun();
  for (const kwh of [100, 105, 0, 2, 3]) energy.update(reading(MIDNIGHT + HOUR_MS, kwh));
  assert.deepEqual(energy.total(all), { kwh: 8, circuitCount: 1 });
});

test('after midnight the day begins anew, and readings of yesterday count no more', async () => {
  const energy = await begun();
  energy.update(reading(MIDNIGHT + 23 * HOUR_MS, 100));
  energy.update(reading(MIDNIGHT + 24 * HOUR_MS - 1, 110));
  assert.equal(energy.total(all).kwh, 10);
  energy.update(reading(MIDNIGHT + 24 * HOUR_MS, 111));
  assert.deepEqual(energy.total(all), { kwh: 0, circuitCount: 1 });
  energy.update(reading(MIDNIGHT + 24 * HOUR_MS - 2, 50, 'c2.energyKwh'));
  energy.update(reading(MIDNIGHT + 25 * HOUR_MS, 114));
  assert.deepEqual(energy.total(all), { kwh: 3, circuitCount: 1 });
});

test('a scope counts its venues only', async () => {
  const energy = await begun();
  for (const [at, kwh] of [
    [1, 10],
    [2, 15],
  ] as const) {
    energy.update(reading(MIDNIGHT + at * HOUR_MS, kwh));
    energy.update(reading(MIDNIGHT + at * HOUR_MS, 10 * kwh, 'c1.energyKwh', 'D9', 'V2'));
  }
  assert.deepEqual(
    energy.total((venueId) => venueId === 'V2'),
    { kwh: 50, circuitCount: 1 },
  );
  assert.deepEqual(
    energy.total(() => false),
    { kwh: 0, circuitCount: 0 },
  );
});

/** What the store answers: the first and the last row of the day of D1. */
const stored = (first: number, last: number): Store => {
  const values = (kwh: number): (number | null)[] =>
    (registry.model('generic-terminal')?.points ?? []).map(({ id }) => (id === 'c1.energyKwh' ? kwh : null));
  return {
    ...empty,
    query: async (): Promise<Row[]> => [{ id: 'D1', first: values(first), last: values(last) }],
  };
};

test('a restart keeps the energy of the day, also of a circuit that reports no more', async () => {
  const energy = await begun(MIDNIGHT + 10 * HOUR_MS, stored(100, 112));
  assert.deepEqual(energy.total(all), { kwh: 12, circuitCount: 1 });
  energy.update(reading(MIDNIGHT + 11 * HOUR_MS, 113));
  assert.equal(energy.total(all).kwh, 13);
});

test('of a counter that was reset before the restart at least the reading since counts', async () => {
  const energy = await begun(MIDNIGHT + 10 * HOUR_MS, stored(100, 4));
  assert.equal(energy.total(all).kwh, 4);
  energy.update(reading(MIDNIGHT + 11 * HOUR_MS, 6));
  assert.equal(energy.total(all).kwh, 6);
});
