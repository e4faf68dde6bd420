import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegistryChange } from '../registry/registry-change.ts';
import { deviceRecord, fired, house, session, started, T0, telemetry } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const S = 1_000;
const sweep = (feed: SituationFeed, afterS: number) =>
  feed.alarm(fired('presenceSweep', T0 + afterS * S, { kind: 'presenceSweep' }));
const put = (id: string, change: Parameters<typeof deviceRecord>[1] = {}): RegistryChange => ({
  kind: 'devicePut',
  device: deviceRecord(id, change),
});
const reports = (deviceId: string, afterS: number) =>
  telemetry(deviceId, { values: { 'smoke.obscurationPctPerM': afterS } }, { receivedAt: T0 + afterS * S });
const silentDevices = (feed: SituationFeed) => feed.open('silent').map(({ deviceId }) => deviceId);

test('three missed intervals are a fault, which ends when the device is heard again', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), reports('D1', 0));
  sweep(feed, 30);
  assert.deepEqual(silentDevices(feed), []);
  sweep(feed, 30.001);
  const [fault] = feed.open('silent');
  assert.deepEqual(
    [fault?.deviceId, fault?.category, fault?.priority, fault?.state],
    ['D1', 'fault', 'P3', 'unacknowledged'],
  );
  sweep(feed, 35);
  feed.bulk(reports('D1', 36));
  sweep(feed, 40);
  assert.deepEqual(
    feed.open('silent').map(({ id, state, count }) => [id, state, count]),
    [[fault?.id, 'returnedUnacknowledged', 1]],
  );
});

test('a device whose connection was closed is silent by the same clock', () => {
  const feed = new SituationFeed();
  feed.bulk(reports('D1', 0), session('D1', 'opened', 1), session('D1', 'closed', 1, { receivedAt: T0 + S }));
  sweep(feed, 29);
  assert.deepEqual(silentDevices(feed), []);
  sweep(feed, 31);
  assert.deepEqual(silentDevices(feed), ['D1']);
});

test('a restart of the centre neither ends a silence nor begins one', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), session('D2', 'opened', 2));
  sweep(feed, 20);
  feed.bulk(reports('D2', 25));
  sweep(feed, 31);
  assert.deepEqual(silentDevices(feed), ['D1']);
  feed.alarm(started(T0 + 600 * S));
  sweep(feed, 605);
  assert.deepEqual(silentDevices(feed), ['D1'], 'D1 was not heard, D2 was not listened to');
  assert.deepEqual(
    feed.open('silent').map(({ state }) => state),
    ['unacknowledged'],
  );
  sweep(feed, 631);
  assert.deepEqual([...silentDevices(feed)].sort(), ['D1', 'D2']);
});

test('a device that is in stock, retired or under maintenance raises no fault', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), session('D2', 'opened', 2), session('D9', 'opened', 3));
  for (const [id, life] of [
    ['D1', 'inStock'],
    ['D2', 'maintenance'],
    ['D9', 'retired'],
  ] as const) {
    feed.situation.registry.apply(put(id, { life, ...(id === 'D9' && { venueId: 'V2' }) }));
  }
  sweep(feed, 120);
  assert.deepEqual(silentDevices(feed), []);
});

const gatewayHouse: readonly RegistryChange[] = [
  ...house,
  put('GW', { model: 'generic-gateway', reportingIntervalMs: 60_000 }),
  ...['K1', 'K2', 'K3'].map((id) => put(id, { model: 'generic-smoke', parentId: 'GW', reportingIntervalMs: 20_000 })),
];

test('a dead gateway is one fault with the number of its children, however they fall silent', () => {
  const feed = new SituationFeed(gatewayHouse);
  feed.bulk(session('GW', 'opened', 1), reports('K1', 0), reports('K2', 10), reports('K3', 20));
  feed.bulk(session('GW', 'closed', 1, { receivedAt: T0 + 21 * S }));
  sweep(feed, 61);
  const shown = () =>
    feed.open('silent').map(({ deviceId, value, measure, state }) => [deviceId, value, measure, state]);
  assert.deepEqual(shown(), [['GW', 1, 'silentChildren', 'unacknowledged']]);
  sweep(feed, 71);
  sweep(feed, 81);
  assert.deepEqual(shown(), [['GW', 3, 'silentChildren', 'unacknowledged']]);
  assert.equal(feed.situation.deviceStates.get('K2')?.online, false);
  // It comes back; one of its children does not.
  feed.bulk(session('GW', 'opened', 2, { receivedAt: T0 + 90 * S }), reports('K1', 92), reports('K2', 93));
  sweep(feed, 95);
  assert.deepEqual(
    shown().map(([id, , , state]) => [id, state]),
    [['GW', 'returnedUnacknowledged']],
  );
  feed.bulk(reports('K1', 140), reports('K2', 141));
  sweep(feed, 151);
  assert.deepEqual(
    feed
      .open('silent')
      .filter(({ state }) => state === 'unacknowledged')
      .map(({ deviceId }) => deviceId),
    ['K3'],
  );
});

test('a single dead detector behind a living gateway is its own fault', () => {
  const feed = new SituationFeed(gatewayHouse);
  feed.bulk(session('GW', 'opened', 1), reports('K1', 0), reports('K2', 0), reports('K3', 0));
  feed.bulk(reports('K1', 60), reports('K2', 60));
  sweep(feed, 61);
  assert.deepEqual(silentDevices(feed), ['K3']);
});

test('a gateway whose connection hangs unnoticed is found by the silence of all its children', () => {
  const feed = new SituationFeed(gatewayHouse);
  feed.bulk(session('GW', 'opened', 1), ...['K1', 'K2', 'K3'].map((id) => reports(id, 5)));
  sweep(feed, 66);
  assert.deepEqual(
    feed.open('silent').map(({ deviceId, value }) => [deviceId, value]),
    [['GW', 3]],
  );
});

test('5,000 devices that drop and return within 10 s raise nothing', () => {
  const ids = Array.from({ length: 5_000 }, (_, index) => `M${index}`);
  const feed = new SituationFeed([...house, ...ids.map((id) => put(id))]);
  feed.alarm(started(T0));
  // Each reports every 10 s, somewhere within its interval.
  const reported = (index: number): number => 30 + (index % 100) / 10;
  feed.bulk(...ids.map((id, index) => session(id, 'opened', index + 1, { receivedAt: T0 + S })));
  for (const round of [-20, -10, 0]) feed.bulk(...ids.map((id, index) => reports(id, round + reported(index))));
  for (let at = 5; at <= 40; at += 5) sweep(feed, at);
  feed.bulk(...ids.map((id, index) => session(id, 'closed', index + 1, { receivedAt: T0 + 41 * S })));
  for (const at of [42, 44, 46, 48, 50]) sweep(feed, at);
  assert.equal(feed.open().length, 0);
  feed.bulk(
    ...ids.map((id, index) => session(id, 'opened', 6_000 + index, { receivedAt: T0 + (41 + (index % 90) / 10) * S })),
  );
  sweep(feed, 51);
  feed.bulk(...ids.map((id, index) => reports(id, 22 + reported(index))));
  const startedAt = performance.now();
  for (let at = 55; at <= 80; at += 5) sweep(feed, at);
  const perSweepMs = (performance.now() - startedAt) / 6;
  assert.equal(feed.shown.size, 0, 'not one alarm was ever shown');
  assert.ok(perSweepMs < 500, `a sweep of 5,000 devices took ${perSweepMs} ms`);
  sweep(feed, 100);
  assert.equal(feed.open('silent').length, 5_000, 'and silence is still found');
});
