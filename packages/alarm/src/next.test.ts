import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, acknowledge, after, inactive, key, refusal, service, shelve } from '../test/condition-acts.ts';
import { alarmIdOf, next, normalCondition, type ConditionEvent } from './index.ts';

test('a source that says so raises an alarm with everything the source told', () => {
  const event = active(1_000, { value: 71.5, limit: 70, captureId: 'cap1', confidence: 0.9, unmapped: true });
  assert.deepEqual(next(normalCondition(key), event), {
    condition: {
      key: { deviceId: 'd1', prefix: 't1', kind: 'overTemperature' },
      state: 'unacknowledged',
      sources: { device: 'warning' },
      saidAt: { device: 1_000 },
      latching: false,
      alarm: {
        id: alarmIdOf(key, 'e1000'),
        kind: 'overTemperature',
        level: 'warning',
        category: 'warning',
        priority: 'P3',
        pointId: 't1',
        raisedAt: 1_000,
        receivedAt: 1_050,
        origin: 'live',
        unmapped: true,
        captureId: 'cap1',
        value: 71.5,
        limit: 70,
        confidence: 0.9,
        count: 1,
      },
    },
    changes: [
      {
        at: 1_000,
        kind: 'raised',
        from: 'normal',
        to: 'unacknowledged',
        alarmId: alarmIdOf(key, 'e1000'),
        level: 'warning',
      },
    ],
  });
});

test('a device that repeats itself changes nothing, but may hand in the capture', () => {
  const { condition } = after(active(1_000));
  const step = next(condition, active(2_000, { captureId: 'cap1', value: 99 }));
  assert.deepEqual(step, {
    condition: { ...condition, saidAt: { device: 2_000 }, alarm: { ...condition.alarm, captureId: 'cap1' } },
    changes: [],
  });
});

test('acknowledged and cleared, an alarm ends with the time it cleared', () => {
  const step = next(after(active(1_000), acknowledge(2_000)).condition, {
    kind: 'sourceInactive',
    source: 'device',
    at: 3_000,
  });
  assert.deepEqual(step.condition, {
    key,
    state: 'normal',
    sources: {},
    saidAt: { device: 3_000 },
    latching: false,
  });
  assert.deepEqual(
    step.changes.map(({ kind, from, to }) => [kind, from, to]),
    [
      ['returned', 'acknowledged', 'normal'],
      ['ended', 'normal', 'normal'],
    ],
  );
  assert.deepEqual(
    [step.ended?.clearedAt, step.ended?.acknowledgedAt, step.ended?.acknowledgedBy],
    [3_000, 2_000, 'op1'],
  );
});

test('cleared before anybody looked, an alarm waits for its acknowledgement', () => {
  const { condition } = after(active(1_000), inactive(2_000));
  assert.equal(condition.state, 'returnedUnacknowledged');
  assert.equal(condition.alarm?.clearedAt, 2_000);
  const done = after(active(1_000), inactive(2_000), acknowledge(3_000));
  assert.deepEqual(done.kinds, ['raised', 'returned', 'acknowledged', 'ended']);
  assert.deepEqual(done.ended, [alarmIdOf(key, 'e1000')]);
});

test('active again before the acknowledgement is the same alarm, counted', () => {
  const { condition, kinds } = after(active(1_000), inactive(2_000), active(3_000));
  assert.deepEqual(kinds, ['raised', 'returned', 'reraised']);
  assert.equal(condition.state, 'unacknowledged');
  assert.equal(condition.alarm?.id, alarmIdOf(key, 'e1000'));
  assert.equal(condition.alarm.count, 2);
  assert.equal(condition.alarm.clearedAt, undefined);
});

test('active again after the end is a new alarm', () => {
  const { condition } = after(active(1_000), acknowledge(2_000), inactive(3_000), active(4_000));
  assert.equal(condition.alarm?.id, alarmIdOf(key, 'e4000'));
  assert.equal(condition.alarm.count, 1);
});

test('a second source at the same level of an acknowledged alarm does not sound again, and keeps the alarm alive', () => {
  const rule = active(3_000, { source: 'rule:warm', pointId: 't1.temperatureC' });
  const { condition, kinds } = after(active(1_000), acknowledge(2_000), rule, inactive(4_000));
  assert.deepEqual(kinds, ['raised', 'acknowledged']);
  assert.equal(condition.state, 'acknowledged');
  assert.deepEqual(condition.sources, { 'rule:warm': 'warning' });
  assert.equal(condition.alarm?.pointId, 't1');
});

test('a higher level sounds again when the alarm was acknowledged, shelved or suppressed', () => {
  const hot = active(9_000, { level: 'alarm', source: 'rule:hot', value: 86, limit: 85 });
  for (const act of [acknowledge(2_000), shelve(2_000), service('suppress', 2_000)]) {
    const { condition, kinds } = after(active(1_000), act, hot);
    assert.equal(kinds.at(-1), 'escalated', act.kind);
    assert.equal(condition.state, 'unacknowledged', act.kind);
    const { alarm } = condition;
    assert.deepEqual(
      [alarm?.level, alarm?.priority, alarm?.value, alarm?.limit, alarm?.acknowledgedAt, alarm?.shelvedUntil],
      ['alarm', 'P2', 86, 85, undefined, undefined],
    );
  }
});

test('out of service, an escalation is recorded and does not sound', () => {
  const { condition, kinds } = after(
    active(1_000),
    service('removeFromService', 2_000),
    active(3_000, { level: 'alarm' }),
  );
  assert.equal(kinds.at(-1), 'escalated');
  assert.equal(condition.state, 'outOfService');
  assert.equal(condition.alarm?.level, 'alarm');
});

test('falling back to a lower level and returning to one that sounded before does not sound again', () => {
  const { condition, kinds } = after(
    active(1_000, { level: 'alarm' }),
    acknowledge(2_000),
    active(3_000, { level: 'warning' }),
    active(4_000, { level: 'alarm' }),
  );
  assert.deepEqual(kinds, ['raised', 'acknowledged']);
  assert.equal(condition.state, 'acknowledged');
  assert.deepEqual(condition.sources, { device: 'alarm' });
});

test('a live statement sounds again upon an acknowledged alarm of a drill and makes it live', () => {
  const { condition, kinds } = after(active(1_000, { origin: 'drill' }), acknowledge(2_000), active(3_000));
  assert.equal(kinds.at(-1), 'escalated');
  assert.equal(condition.state, 'unacknowledged');
  assert.equal(condition.alarm?.origin, 'live');
  const { condition: still } = after(active(1_000), acknowledge(2_000), active(3_000, { origin: 'drill' }));
  assert.equal(still.state, 'acknowledged');
});

test('an inactive statement older than the newest active one of its source is ignored', () => {
  const { condition } = after(active(5_000), inactive(4_000));
  assert.equal(condition.state, 'unacknowledged');
  const { condition: sameInstant } = after(active(5_000), inactive(5_000));
  assert.equal(sameInstant.state, 'returnedUnacknowledged');
});

test('a live inactive statement counts although the clock of the device went back', () => {
  const step = next(after(active(5_000)).condition, {
    kind: 'sourceInactive',
    source: 'device',
    at: 4_000,
    live: true,
  });
  assert.equal(step.condition.state, 'returnedUnacknowledged');
});

test('the order of one source says nothing about another', () => {
  const { condition } = after(active(1_000), active(9_000, { source: 'rule:warm' }), inactive(2_000));
  assert.deepEqual(condition.sources, { 'rule:warm': 'warning' });
});

test('a late active statement raises, marked late', () => {
  const { condition } = after(active(1_000, { late: true }));
  assert.equal(condition.state, 'unacknowledged');
  assert.equal(condition.alarm?.late, true);
});

test('a late active statement that its source has taken back since is raised as already returned', () => {
  const { condition, kinds } = after(inactive(5_000), active(1_000, { late: true }));
  assert.deepEqual(kinds, ['raised', 'returned']);
  assert.equal(condition.state, 'returnedUnacknowledged');
  assert.deepEqual([condition.alarm?.raisedAt, condition.alarm?.clearedAt], [1_000, 5_000]);
});

test('a late active statement at a higher level than a newer one escalates without becoming the present level', () => {
  const { condition, kinds } = after(active(5_000), acknowledge(6_000), active(1_000, { late: true, level: 'alarm' }));
  assert.equal(kinds.at(-1), 'escalated');
  assert.equal(condition.alarm?.level, 'alarm');
  assert.deepEqual(condition.sources, { device: 'warning' });
});

test('acknowledging twice is done once', () => {
  const { condition } = after(active(1_000), acknowledge(2_000));
  assert.deepEqual(next(condition, { kind: 'acknowledge', by: 'op2', at: 3_000 }), { condition, changes: [] });
});

test('an act on an alarm that is over is refused, also when another one is alive', () => {
  const first = alarmIdOf(key, 'e1000');
  const over = after(active(1_000), inactive(2_000), acknowledge(3_000)).condition;
  const successor = after(active(1_000), inactive(2_000), acknowledge(3_000), active(4_000)).condition;
  const late: ConditionEvent = { kind: 'acknowledge', by: 'op2', at: 5_000, alarmId: first };
  assert.deepEqual(refusal(over, late), { code: 'noAlarm', detail: `alarm ${first} is over; none is alive` });
  assert.equal(refusal(successor, late).code, 'otherAlarm');
  assert.equal(refusal(over, acknowledge(5_000)).code, 'noAlarm');
});

test('what an operator wrote is in the history, with the level it was about', () => {
  const step = next(after(active(1_000)).condition, { kind: 'acknowledge', by: 'op1', note: 'on my way', at: 2_000 });
  assert.ok(!('refused' in step));
  assert.deepEqual(step.changes, [
    {
      at: 2_000,
      kind: 'acknowledged',
      from: 'unacknowledged',
      to: 'acknowledged',
      alarmId: alarmIdOf(key, 'e1000'),
      level: 'warning',
      by: 'op1',
      note: 'on my way',
    },
  ]);
});

test('an instant that is not a number is the caller’s bug and throws', () => {
  assert.throws(() => next(normalCondition(key), active(NaN)), {
    name: 'RangeError',
    message: 'sourceActive: at is NaN: expected epoch milliseconds',
  });
});
