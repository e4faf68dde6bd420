import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventMessage } from '@fengsui/protocol';
import type { RegistryChange } from '../registry/registry-change.ts';
import { act, deviceRecord, event, registryChange, T0, type ReportOptions } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const arc: EventMessage = { at: T0, kind: 'arc', point: 'c1', active: true, level: 'warning' };

function raisedBy(message: EventMessage, options: ReportOptions = {}) {
  const feed = new SituationFeed();
  feed.alarm(event('D1', message, options));
  return feed.open();
}

test('kinds and levels have the category and priority of design.md 5.1', () => {
  const rows: readonly (readonly [kind: string, level: EventMessage['level'], category: string, priority: string])[] = [
    ['smoke', 'alarm', 'fire', 'P1'],
    ['heat', 'alarm', 'fire', 'P1'],
    ['manualAlarm', 'alarm', 'fire', 'P1'],
    ['gas', 'alarm', 'warning', 'P1'],
    ['smoke', 'warning', 'warning', 'P3'],
    ['arc', 'alarm', 'warning', 'P2'],
    ['overload', 'warning', 'warning', 'P3'],
    ['contactHeating', 'attention', 'warning', 'P4'],
    ['tamper', 'alarm', 'supervisory', 'P2'],
    ['waterPressure', 'warning', 'supervisory', 'P3'],
    ['fault', 'attention', 'fault', 'P4'],
  ];
  for (const [kind, level, category, priority] of rows) {
    const [alarm] = raisedBy({ ...arc, kind, ...(level !== undefined && { level }) });
    assert.deepEqual([alarm?.category, alarm?.priority, alarm?.unmapped], [category, priority, undefined], kind);
  }
});

test('an unknown kind or point raises all the same, as an unmapped warning', () => {
  for (const message of [
    { ...arc, kind: 'plasmaLeak' },
    { ...arc, point: 'c9' },
    { ...arc, point: 'c1.current' },
  ]) {
    const [alarm] = raisedBy(message);
    assert.deepEqual([alarm?.kind, alarm?.category, alarm?.unmapped], [message.kind, 'warning', true], message.point);
  }
  for (const point of ['c1', 'c1.currentA', 't8', ''])
    assert.equal(raisedBy({ ...arc, point })[0]?.unmapped, undefined);
});

test('loads that are switched are history, not alarms', () => {
  const feed = new SituationFeed();
  const effects = feed.bulk(event('D1', { at: T0, kind: 'loadOn', point: 'c1', confidence: 0.9 }));
  assert.deepEqual(feed.open(), []);
  assert.deepEqual(effects.events[0]?.slice(9, 14), ['loadOn', 'c1', null, 'alarm', 0.9]);
});

test('an event of a point and of its prefix are one condition, two kinds are two', () => {
  const feed = new SituationFeed();
  feed.alarm(event('D1', arc), event('D1', { ...arc, point: 'c1.currentA', at: T0 + 1 }));
  assert.equal(feed.open().length, 1);
  feed.alarm(event('D1', { ...arc, kind: 'overload' }), event('D2', arc), event('D1', { ...arc, point: 'c2' }));
  assert.equal(feed.open().length, 4);
});

test('a local action is latched: it ends by acknowledgement and a recorded inspection only', () => {
  const feed = new SituationFeed();
  feed.alarm(event('D1', { at: T0, kind: 'localAction', point: 'c1', level: 'alarm' }));
  const [alarm] = feed.open();
  assert.ok(alarm);
  assert.equal(alarm.state, 'latchedUnacknowledged');
  feed.alarm(event('D1', { at: T0 + 1, kind: 'localAction', point: 'c1', active: false, level: 'alarm' }));
  assert.equal(feed.open()[0]?.state, 'latchedUnacknowledged', 'a moment has no end');
  const refused = feed.alarm(act(alarm.id, { kind: 'inspect', note: 'looked at it' })).acts[0]?.outcome;
  assert.deepEqual([refused?.kind, refused?.kind === 'refused' && refused.code], ['refused', 'notAcknowledged']);
  feed.alarm(act(alarm.id, { kind: 'acknowledge' }));
  assert.equal(feed.open()[0]?.state, 'latchedAcknowledged');
  feed.alarm(act(alarm.id, { kind: 'inspect', note: 'terminal tightened' }, { actId: 'second' }));
  assert.deepEqual(feed.open(), []);
});

test('a late event raises, marked late; its late end never clears a newer state', () => {
  const feed = new SituationFeed();
  feed.alarm(event('D1', { ...arc, at: T0 - 60_000 }, { live: false }));
  assert.equal(feed.open()[0]?.late, true);
  feed.alarm(event('D1', { ...arc, at: T0 }));
  feed.alarm(event('D1', { ...arc, at: T0 - 30_000, active: false }, { live: false, receivedAt: T0 + 1 }));
  assert.equal(feed.open()[0]?.state, 'unacknowledged');
  feed.alarm(event('D1', { ...arc, at: T0 - 1, active: false }, { receivedAt: T0 + 2 }));
  assert.equal(feed.open()[0]?.state, 'returnedUnacknowledged', 'a live end counts, whatever its clock says');
});

test('what the device says of its evidence is on the alarm', () => {
  const [alarm] = raisedBy({
    ...arc,
    confidence: 0.97,
    captureId: 'cap-1',
    evidence: { value: 412.5, limit: 300, band: [1, 2] },
  });
  assert.deepEqual([alarm?.confidence, alarm?.captureId, alarm?.value, alarm?.limit], [0.97, 'cap-1', 412.5, 300]);
  const [words] = raisedBy({ ...arc, evidence: { value: 'high', limit: null } });
  assert.deepEqual([words?.value, words?.limit], [undefined, undefined]);
});

test('the row keeps the evidence, the flags and the identity', () => {
  const feed = new SituationFeed();
  const { events } = feed.alarm(
    event(
      'D1',
      { ...arc, epoch: 'e', seq: 4, kind: 'plasmaLeak', evidence: { k: [1] }, active: false },
      { live: false },
    ),
  );
  const row = events[0] ?? [];
  assert.deepEqual(row.slice(1, 6), ['V1', 'live', 'D1', 'e', 4]);
  assert.deepEqual(row.slice(9, 13), ['plasmaLeak', 'c1', false, 'warning']);
  assert.deepEqual([row[15], row[16], row[18]], [false, true, '{"k":[1]}']);
});

test('an event from a clock that cannot be believed raises at its receipt, beside a clock fault', () => {
  const found = raisedBy({ ...arc, at: T0 + 3_600_000 });
  assert.deepEqual(found.map(({ kind, raisedAt }) => [kind, raisedAt]).sort(), [
    ['arc', new Date(T0).toISOString()],
    ['clockSuspect', new Date(T0).toISOString()],
  ]);
});

test('a simulated device raises simulated alarms, whatever it claims', () => {
  const feed = new SituationFeed();
  const message = { ...arc, origin: 'live' } as EventMessage;
  feed.alarm(event('D1', message, { origin: 'simulated' }));
  assert.equal(feed.open()[0]?.origin, 'simulated');
});

test('what value and limit are is told with them, and does not outlive them', () => {
  const feed = new SituationFeed();
  const overload = { ...arc, kind: 'overload' };
  const thermal = { value: 0.9, limit: 0.8, measure: 'thermalStateRatio' };
  feed.alarm(event('D1', { ...overload, level: 'warning', evidence: thermal }));
  assert.equal(feed.open()[0]?.measure, 'thermalStateRatio');
  feed.alarm(event('D1', { ...overload, at: T0 + 1, level: 'alarm', evidence: { value: 31, limit: 23.2 } }));
  const [alarm] = feed.open();
  assert.deepEqual([alarm?.level, alarm?.value, alarm?.measure], ['alarm', 31, undefined]);
  feed.alarm(event('D1', { ...overload, kind: 'arc', evidence: { value: 10, limit: 10, measure: 'not a word' } }));
  assert.equal(feed.open().find(({ kind }) => kind === 'arc')?.measure, undefined);
});

test('what a retired device had on the way when it was retired ends when that is said again', () => {
  const feed = new SituationFeed();
  const retired: RegistryChange = { kind: 'devicePut', device: deviceRecord('D1', { life: 'retired' }) };
  feed.alarm(registryChange([retired], T0));
  feed.alarm(event('D1', { epoch: 'r', seq: 1, at: T0, kind: 'arc', point: 'c1', active: true, level: 'warning' }));
  assert.equal(feed.open('arc')[0]?.clearedAt, undefined);
  feed.alarm(registryChange([retired], T0 + 1_000));
  assert.notEqual(feed.open('arc')[0]?.clearedAt, undefined);
});
