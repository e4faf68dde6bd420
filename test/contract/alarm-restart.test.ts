import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { EventSender, raise, repeated } from './client/event-sender.ts';
import { packetTypes, publishPacket, RawMqtt } from './client/raw-mqtt.ts';

const HOUR_MS = 3_600_000;
const POINT = 't1.temperatureC';

/** Fifteen kinds on eight circuits: 120 conditions. */
const kinds = [
  'arc',
  'overload',
  'contactHeating',
  'overTemperature',
  'residualCurrent',
  'overVoltage',
  'underVoltage',
  'phaseLoss',
  'neutralLoss',
  'imbalance',
  'prohibitedLoad',
  'smoke',
  'heat',
  'gas',
  'waterPressure',
];

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const iso = (at: number): string => new Date(at).toISOString();

test('every state survives kill -9, and goes on from there', async () => {
  const at = (id: string): Promise<{ sender: EventSender; alarm: AlarmRow }> => raise(contract, `restart-${id}`);
  const kept = new Map<string, { sender: EventSender; alarm: AlarmRow }>();
  for (const id of ['unacknowledged', 'acknowledged', 'returned', 'shelved', 'expiring', 'ended'])
    kept.set(id, await at(id));
  const idOf = (name: string): string => kept.get(name)?.alarm.id ?? '';
  const senderOf = (name: string): EventSender => kept.get(name)?.sender ?? assert.fail(name);
  for (const name of ['latched', 'inspectable']) {
    const sender = await EventSender.of(contract, `restart-${name}`);
    await sender.event('localAction', { active: undefined, level: 'alarm' });
    kept.set(name, { sender, alarm: await contract.raised(`restart-${name}`, 'localAction') });
  }
  for (const name of ['acknowledged', 'ended', 'inspectable']) await contract.act(idOf(name), 'acknowledge');
  for (const name of ['returned', 'ended']) await senderOf(name).event('overload', { active: false });
  await contract.until(idOf('returned'), 'returnedUnacknowledged');
  await contract.until(idOf('ended'), 'normal');
  await contract.act(idOf('shelved'), 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'r' });
  await contract.act(idOf('expiring'), 'shelve', { until: iso(Date.now() + 1_500), reason: 'r' });
  const names = [...kept.keys()].filter((name) => name !== 'expiring');
  const before = await Promise.all(names.map((name) => contract.api.alarm(idOf(name))));
  const historiesBefore = await Promise.all(names.map((name) => contract.historyOf(idOf(name))));
  assert.deepEqual(
    new Set(before.map(({ state }) => state)),
    new Set([
      'unacknowledged',
      'acknowledged',
      'returnedUnacknowledged',
      'shelved',
      'normal',
      'latchedUnacknowledged',
      'latchedAcknowledged',
    ]),
  );
  for (const way of ['kill9', 'stop'] as const) {
    await contract.process[way]();
    await contract.process.up();
    assert.deepEqual(await Promise.all(names.map((name) => contract.api.alarm(idOf(name)))), before, `after ${way}`);
    assert.deepEqual(await Promise.all(names.map((name) => contract.historyOf(idOf(name)))), historiesBefore);
  }
  await contract.until(idOf('expiring'), 'unacknowledged');
  assert.equal(((await contract.act(idOf('returned'), 'acknowledge')).body as AlarmRow).state, 'normal');
  assert.equal(
    ((await contract.act(idOf('inspectable'), 'inspect', { note: 'done' })).body as AlarmRow).state,
    'normal',
  );
  assert.equal(((await contract.act(idOf('latched'), 'acknowledge')).body as AlarmRow).state, 'latchedAcknowledged');
  const device = await contract.device('restart-acknowledged');
  await device.event({
    epoch: 'a',
    seq: 1_000,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: true,
    level: 'alarm',
  });
  assert.equal((await contract.until(idOf('acknowledged'), 'unacknowledged')).level, 'alarm');
  const unacknowledged = await contract.device('restart-unacknowledged');
  await unacknowledged.event({
    epoch: 'a',
    seq: 1_000,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: false,
    level: 'warning',
  });
  await contract.until(idOf('unacknowledged'), 'returnedUnacknowledged');
});

test('a limit that was entered before kill -9 raises after it, and one that is exceeded returns after it', async () => {
  const entering = await EventSender.of(contract, 'restart-entering');
  const exceeded = await EventSender.of(contract, 'restart-exceeded');
  const at0 = Date.now() - 30_000;
  await exceeded.rows(at0, 500, repeated(95, 8));
  const { id } = await contract.raised('restart-exceeded', 'overTemperature');
  await entering.value(95);
  await entering.settle();
  await contract.process.kill9();
  await contract.process.up();
  await contract.raised('restart-entering', 'overTemperature');
  const again = await contract.device('restart-exceeded');
  await again.telemetry({
    epoch: 'a',
    seq: 500,
    at0: at0 + 10_000,
    periodMs: 500,
    points: [POINT],
    rows: repeated(20, 40).map((value) => [value]),
  });
  await contract.until(id, 'returnedUnacknowledged');
  assert.equal((await contract.api.alarm(id)).count, 1);
});

test('a request with an Idempotency-Key gets its answer again after kill -9', async () => {
  const { sender, alarm } = await raise(contract, 'restart-key', 'arc', { level: 'attention' });
  const key = { 'idempotency-key': 'before the restart' };
  const first = await contract.act(alarm.id, 'acknowledge', { note: 'n' }, key);
  await sender.event('arc', { level: 'alarm' });
  await contract.until(alarm.id, 'unacknowledged');
  await contract.process.kill9();
  await contract.process.up();
  const second = await contract.act(alarm.id, 'acknowledge', { note: 'n' }, key);
  assert.deepEqual([second.status, second.body], [200, first.body]);
  assert.equal((await contract.api.alarm(alarm.id)).state, 'unacknowledged');
});

test('events resent after kill -9 in the middle of a burst raise one alarm each, raised once', async () => {
  const secret = await contract.register('burst');
  const at = Date.now();
  const events = Array.from({ length: 120 }, (_, index) =>
    publishPacket(
      'fengsui/v1/burst/event',
      JSON.stringify({
        epoch: 'r',
        seq: index + 1,
        at: at + index,
        kind: kinds[index % 15],
        point: `c${Math.floor(index / 15) + 1}`,
        active: true,
        level: 'alarm',
      }),
      { id: index + 1 },
    ),
  );
  const client = await RawMqtt.logIn(contract.process.mqttPort, 'burst', secret);
  for (const event of events) client.send(event);
  await eventually('the first acknowledgements', () => client.ofType(packetTypes.puback).length > 10);
  await contract.process.kill9();
  const acknowledged = client.ofType(packetTypes.puback).length;
  await contract.process.up();
  const survived = await eventually('the acknowledged ones', async () => {
    const found = await contract.api.alarmsOf('burst');
    return found.length >= acknowledged ? found : undefined;
  });
  const again = await RawMqtt.logIn(contract.process.mqttPort, 'burst', secret);
  for (const event of events) again.send(event);
  await eventually('all acknowledged', () => again.ofType(packetTypes.puback).length === events.length);
  const found = await eventually('all alarms', async () => {
    const alarms = await contract.api.alarmsOf('burst');
    return alarms.length >= events.length ? alarms : undefined;
  });
  again.destroy();
  assert.equal(found.length, events.length);
  assert.ok(found.every(({ count, state, late }) => count === 1 && state === 'unacknowledged' && late !== true));
  const ids = new Set(found.map(({ id }) => id));
  assert.ok(
    survived.every(({ id }) => ids.has(id)),
    'an alarm keeps its id',
  );
  for (const { id } of found.slice(0, 20))
    assert.deepEqual(
      (await contract.historyOf(id)).map(({ kind }) => kind),
      ['raised'],
    );
});
