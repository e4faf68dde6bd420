import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LateHazard, Page } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';

const POINT = 't1.temperatureC';
const HOUR_MS = 3_600_000;

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const valued = (temperatureC: number): { values: Record<string, number> } => ({ values: { [POINT]: temperatureC } });

test('backlog fills the history and neither raises nor clears; what it exceeded is a late hazard', async () => {
  const device = await contract.device('backlog');
  const now = Date.now();
  const rowsFrom = (at0: number, value: number) => ({
    at0,
    periodMs: 1_000,
    points: [POINT],
    rows: Array.from({ length: 12 }, () => [value]),
  });
  await device.telemetry({ epoch: 'l', seq: 100, at: now, ...valued(30) });
  await device.telemetry({ epoch: 'l', seq: 50, ...rowsFrom(now - 600_000, 120) });
  await contract.settle(device);
  assert.equal(await contract.alarmOf('backlog', 'overTemperature'), undefined);
  assert.equal((await contract.valuesOf('backlog')).filter((value) => value === 120).length, 12);
  const { items } = await contract.api.get<Page<LateHazard>>('/api/v1/late-hazards?deviceId=backlog&limit=1000');
  assert.ok(items.length > 0);
  assert.ok(items.every(({ kind, point, value }) => kind === 'overTemperature' && point === POINT && value === 120));
  const points = await contract.api.get<Page<{ id: string; value?: number }>>('/api/v1/devices/backlog/points');
  assert.equal(points.items.find(({ id }) => id === POINT)?.value, 30, 'the last value is the live one');
  // Live: raises. Backlog after it, however cool: does not clear.
  await device.telemetry({ epoch: 'l', seq: 101, ...rowsFrom(now - 12_000, 120) });
  const hot = await contract.raised('backlog', 'overTemperature');
  await device.telemetry({ epoch: 'l', seq: 60, ...rowsFrom(now + 2_000, 20) });
  await contract.settle(device);
  assert.equal((await contract.api.alarm(hot.id)).state, 'unacknowledged');
});

test('the highest seq is live whatever its instant, and so is a report without seq', async () => {
  const device = await contract.device('live-old');
  const now = Date.now();
  const hot = (at0: number) => ({ at0, periodMs: 1_000, points: [POINT], rows: Array.from({ length: 6 }, () => [95]) });
  await device.telemetry({ epoch: 'l', seq: 1, at: now, ...valued(30) });
  // Newer by its number, older by its clock: evaluated all the same.
  await device.telemetry({ epoch: 'l', seq: 2, ...hot(now - HOUR_MS) });
  const alarmOfNumber = await contract.raised('live-old', 'overTemperature');
  assert.notEqual(alarmOfNumber.late, true);
  const other = await contract.device('live-none');
  await other.telemetry({ epoch: 'l', seq: 9, at: now, ...valued(30) });
  await other.telemetry(hot(now - 10_000));
  await contract.raised('live-none', 'overTemperature');
});

test('a report that repeats the highest seq with another body is live', async () => {
  const device = await contract.device('live-equal');
  const now = Date.now();
  await device.telemetry({ epoch: 'l', seq: 5, at: now - 20_000, ...valued(30) });
  // A counter that was restored from an old copy: its next number is one that was used.
  await device.telemetry({
    epoch: 'l',
    seq: 5,
    at0: now - 10_000,
    periodMs: 1_000,
    points: [POINT],
    rows: Array.from({ length: 6 }, () => [95]),
  });
  await contract.raised('live-equal', 'sequenceReset');
  await contract.raised('live-equal', 'overTemperature');
});

test('a late event raises, marked late, and a late end never clears a newer state', async () => {
  const device = await contract.device('late-event');
  const now = Date.now();
  const event = (seq: number, at: number, active: boolean, point = 'c1') => ({
    epoch: 'l',
    seq,
    at,
    kind: 'arc',
    point,
    active,
    level: 'alarm',
  });
  await device.telemetry({ epoch: 'l', seq: 10, at: now, ...valued(30) });
  await device.event(event(4, now - 60_000, true));
  assert.equal((await contract.raised('late-event', 'arc')).late, true);
  await device.event(event(11, now - 50_000, true, 'c2'));
  const live = await eventually('the alarm of c2', async () =>
    (await contract.api.alarmsOf('late-event')).find(({ pointId }) => pointId === 'c2'),
  );
  assert.notEqual(live.late, true);
  await device.event(event(5, now - 55_000, false, 'c2'));
  await contract.settle(device);
  assert.equal((await contract.api.alarm(live.id)).state, 'unacknowledged');
  await device.event(event(12, now, false, 'c2'));
  await eventually('the live end', async () => (await contract.api.alarm(live.id)).state === 'returnedUnacknowledged');
});

test('a gateway speaks for its children and for nobody else', async () => {
  const gateway = await contract.device('gw-1', { model: 'generic-gateway' });
  // Its model has no points of its own: nothing to store, nothing to break.
  await gateway.telemetry({ epoch: 'g', seq: 0, at: Date.now(), values: {} });
  await contract.register('gw-child', { model: 'generic-smoke', parentId: 'gw-1' });
  await contract.register('gw-stranger', { model: 'generic-smoke' });
  const child = await contract.device('gw-child');
  await gateway.send(
    'event',
    { epoch: 'g', seq: 1, at: Date.now(), kind: 'smoke', point: 'smoke', active: true, level: 'alarm' },
    { as: 'gw-child' },
  );
  const fire = await contract.raised('gw-child', 'smoke');
  assert.equal(fire.category, 'fire');
  await gateway.send(
    'telemetry',
    { epoch: 'g', seq: 2, at: Date.now(), values: { 'smoke.obscurationPctPerM': 1.5 } },
    { as: 'gw-child' },
  );
  await eventually('the value of the child', async () =>
    (await contract.valuesOf('gw-child', 'smoke.obscurationPctPerM')).includes(1.5),
  );
  await gateway.send(
    'telemetry',
    { epoch: 'g', seq: 3, at: Date.now(), values: { 'smoke.obscurationPctPerM': 1.7 } },
    { as: 'gw-stranger' },
  );
  await child.send('telemetry', { values: {} }, { as: 'gw-1' });
  assert.match((await contract.quarantined('gw-1', 1))[0]?.topic ?? '', /gw-stranger/);
  assert.match((await contract.quarantined('gw-child', 1))[0]?.topic ?? '', /gw-1/);
  assert.deepEqual(await contract.valuesOf('gw-stranger', 'smoke.obscurationPctPerM'), []);
});
