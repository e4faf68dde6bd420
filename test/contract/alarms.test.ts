import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { EventSender, raise, repeated } from './client/event-sender.ts';

const POINT = 't1.temperatureC';

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

test('a temperature above 85 °C for 3 s raises overTemperature; for less, or at 70 °C, it does not', async () => {
  const sender = await EventSender.of(contract, 'limit-1');
  const at0 = Date.now() - 60_000;
  await sender.rows(at0, 500, [...repeated(86, 6), 60, ...repeated(70, 12)]);
  await sender.settle();
  assert.deepEqual(await contract.api.alarmsOf('limit-1'), []);
  await sender.rows(at0 + 20_000, 500, repeated(86, 7));
  const found = await contract.raised('limit-1', 'overTemperature');
  const shown = {
    category: found.category,
    priority: found.priority,
    level: found.level,
    state: found.state,
    pointId: found.pointId,
    count: found.count,
  };
  assert.deepEqual(shown, {
    category: 'warning',
    priority: 'P2',
    level: 'alarm',
    state: 'unacknowledged',
    pointId: POINT,
    count: 1,
  });
  assert.equal(found.venueId, 'V1');
  assert.equal(found.origin, 'live');
  const raisedAt = Date.parse(found.raisedAt) - at0;
  assert.ok(raisedAt >= 20_000 && raisedAt <= 23_000, `raised ${raisedAt} ms after the first row`);
  await sender.rows(at0 + 24_000, 500, repeated(95, 8));
  await sender.settle();
  assert.equal((await contract.api.alarmsOf('limit-1')).length, 1, 'hotter still is the same alarm');
  await sender.rows(at0 + 30_000, 500, repeated(20, 60));
  const cleared = await contract.until(found.id, 'returnedUnacknowledged');
  assert.ok(cleared.clearedAt !== undefined && Date.parse(cleared.clearedAt) - at0 >= 30_000);
});

test('one hot sample and silence after it raise when the 3 s are over, not before', async () => {
  const sender = await EventSender.of(contract, 'limit-silence');
  const startedAt = Date.now();
  await sender.value(95, startedAt);
  await contract.raised('limit-silence', 'overTemperature');
  const after = Date.now() - startedAt;
  assert.ok(after >= 3_000, `raised after ${after.toFixed(0)} ms`);
});

const fireKinds = ['smoke', 'heat', 'manualAlarm'];
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
  'manualAlarm',
  'tamper',
  'fault',
];
const levels = ['attention', 'warning', 'alarm'] as const;

/** The defaults of the device wire, written down once more. */
function expectedClass(kind: string, level: (typeof levels)[number]): string {
  if (level === 'alarm' && fireKinds.includes(kind)) return 'fire P1';
  if (level === 'alarm' && kind === 'gas') return 'warning P1';
  const priority = { alarm: 'P2', warning: 'P3', attention: 'P4' }[level];
  if (kind === 'tamper' || kind === 'waterPressure') return `supervisory ${priority}`;
  return `${kind === 'fault' ? 'fault' : 'warning'} ${priority}`;
}

test('every kind at every level has its category and priority', async () => {
  const sender = await EventSender.of(contract, 'kinds');
  const wanted: string[] = [];
  for (const kind of kinds) {
    for (const [index, level] of levels.entries()) {
      const point = `t${index + 1}`;
      await sender.event(kind, { point, level });
      wanted.push(`${kind} ${point} ${level} ${expectedClass(kind, level)} unacknowledged 1`);
    }
  }
  const found = await eventually('54 alarms', async () => {
    const alarms = await contract.api.alarmsOf('kinds');
    return alarms.length >= wanted.length ? alarms : undefined;
  });
  const shown = found.map(
    ({ kind, pointId, level, category, priority, state, count }) =>
      `${kind} ${pointId} ${level} ${category} ${priority} ${state} ${count}`,
  );
  assert.deepEqual(shown.sort(), wanted.sort());
  assert.ok(found.every(({ unmapped }) => unmapped !== true));
});

test('an unknown kind raises, category warning, marked unmapped', async () => {
  const sender = await EventSender.of(contract, 'unknown-kind');
  for (const [index, kind] of ['frobnication', 'constructor', 'toString', '火灾'].entries()) {
    await sender.event(kind, { point: `c${index + 1}`, level: 'alarm' });
    const found = await contract.raised('unknown-kind', kind);
    assert.deepEqual([found.category, found.unmapped, found.pointId], ['warning', true, `c${index + 1}`]);
  }
});

test('an event on an unknown point raises all the same, marked unmapped', async () => {
  const sender = await EventSender.of(contract, 'unknown-point');
  await sender.event('overload', { point: 'c77', level: 'alarm' });
  const found = await contract.raised('unknown-point', 'overload');
  assert.deepEqual([found.category, found.unmapped, found.pointId], ['warning', true, 'c77']);
});

test('a switched load is history, not an alarm', async () => {
  const sender = await EventSender.of(contract, 'momentary');
  await sender.event('loadOn', { active: undefined, level: undefined });
  await sender.event('loadOff', { active: undefined, level: undefined });
  await sender.settle();
  assert.deepEqual(await contract.api.alarmsOf('momentary'), []);
});

test('the capture and the point that an event names are on its alarm', async () => {
  const { alarm: found } = await raise(contract, 'named', 'arc', {
    point: 'c3.currentA',
    level: 'alarm',
    captureId: 'cap-7',
    confidence: 0.97,
  });
  assert.deepEqual([found.pointId, found.captureId], ['c3.currentA', 'cap-7']);
});

test('t1 and t1.temperatureC are one condition, active while the device or the rule says so', async () => {
  const sender = await EventSender.of(contract, 'one-condition');
  const at0 = Date.now() - 120_000;
  await sender.event('overTemperature', { point: 't1', level: 'warning', at: at0 });
  const { id } = await contract.raised('one-condition', 'overTemperature');
  await sender.rows(at0 + 1_000, 500, repeated(90, 10));
  const both = await eventually('the rule joined', async () => {
    const found = await contract.api.alarm(id);
    return found.level === 'alarm' ? found : undefined;
  });
  assert.equal(both.priority, 'P2');
  assert.equal((await contract.api.alarmsOf('one-condition')).length, 1);
  // The device ends its own source only.
  await sender.event('overTemperature', { point: 't1', active: false, at: at0 + 10_000 });
  await sender.settle();
  assert.equal((await contract.api.alarm(id)).state, 'unacknowledged');
  await sender.rows(at0 + 12_000, 500, repeated(20, 40));
  await contract.until(id, 'returnedUnacknowledged');
  // And the other way round: the rule is content, the device is not.
  await sender.event('overTemperature', { point: 't1.temperatureC', level: 'warning', at: at0 + 40_000 });
  await contract.until(id, 'unacknowledged');
  await sender.rows(at0 + 41_000, 500, [...repeated(90, 10), ...repeated(20, 40)]);
  await sender.settle();
  assert.equal((await contract.api.alarm(id)).state, 'unacknowledged');
  assert.equal((await contract.api.alarmsOf('one-condition')).length, 1);
  await sender.event('overTemperature', { point: 't1', active: false, at: at0 + 80_000 });
  await contract.until(id, 'returnedUnacknowledged');
});

test('a higher level of an acknowledged alarm is unacknowledged again, the same or a lower one is not', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise(contract, 'escalation', 'arc', { level: 'attention' });
  assert.equal((await contract.act(id, 'acknowledge')).status, 200);
  await sender.event('arc', { level: 'attention' });
  await sender.settle();
  assert.equal((await contract.api.alarm(id)).state, 'acknowledged');
  await sender.event('arc', { level: 'warning' });
  const higher = await contract.until(id, 'unacknowledged');
  assert.deepEqual([higher.level, higher.priority, higher.acknowledgedAt], ['warning', 'P3', undefined]);
  await contract.act(id, 'acknowledge');
  await sender.event('arc', { level: 'alarm' });
  assert.equal((await contract.until(id, 'unacknowledged')).priority, 'P2');
  await contract.act(id, 'acknowledge');
  await sender.event('arc', { level: 'attention' });
  await sender.settle();
  assert.equal((await contract.api.alarm(id)).state, 'acknowledged');
});

test('a second detector is an alarm of its own, although the first is acknowledged', async () => {
  const first = await raise(contract, 'detector-1', 'smoke', { point: 'smoke', level: 'alarm' });
  await contract.act(first.alarm.id, 'acknowledge');
  const second = await raise(contract, 'detector-2', 'smoke', { point: 'smoke', level: 'alarm' });
  assert.equal(second.alarm.state, 'unacknowledged');
  assert.notEqual(second.alarm.id, first.alarm.id);
});

test('an alarm returns, comes again and is counted, and ends acknowledged and clear', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise(contract, 'life');
  await sender.event('overload', { active: false });
  const returned = await contract.until(id, 'returnedUnacknowledged');
  assert.ok(returned.clearedAt !== undefined);
  await sender.event('overload');
  const again = await contract.until(id, 'unacknowledged');
  assert.deepEqual([again.count, again.clearedAt], [2, undefined]);
  const acknowledged = (await contract.act(id, 'acknowledge', { note: 'seen' })).body as AlarmRow;
  assert.equal(acknowledged.state, 'acknowledged');
  assert.ok(acknowledged.acknowledgedAt !== undefined && acknowledged.acknowledgedBy !== undefined);
  await sender.event('overload', { active: false });
  const ended = await contract.until(id, 'normal');
  assert.ok(ended.clearedAt !== undefined);
  assert.deepEqual(await contract.api.alarmsOf('life'), []);
  const history = await contract.historyOf(id);
  assert.deepEqual(
    history.slice(0, 5).map(({ kind }) => kind),
    ['raised', 'returned', 'reraised', 'acknowledged', 'returned'],
  );
  assert.equal(history.at(-1)?.to, 'normal');
  assert.equal(history.find(({ kind }) => kind === 'acknowledged')?.note, 'seen');
  for (const [index, change] of history.entries()) if (index > 0) assert.equal(change.from, history[index - 1]?.to);
  await sender.event('overload');
  const next = await contract.raised('life', 'overload');
  assert.notEqual(next.id, id);
  assert.equal(next.count, 1);
});

test('acknowledging a returned alarm ends it; the answer is the whole alarm', async () => {
  const { sender, alarm: found } = await raise(contract, 'returned');
  await sender.event('overload', { active: false });
  await contract.until(found.id, 'returnedUnacknowledged');
  const { status, body } = await contract.act(found.id, 'acknowledge');
  assert.equal(status, 200);
  const answered = body as AlarmRow;
  assert.deepEqual(
    [answered.state, answered.venueId, answered.deviceId, answered.origin],
    ['normal', 'V1', 'returned', 'live'],
  );
  assert.deepEqual(answered, await contract.api.alarm(found.id));
});
