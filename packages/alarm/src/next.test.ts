import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alarmIdOf,
  conditionKeyOf,
  next,
  normalCondition,
  type Condition,
  type ConditionEvent,
  type Level,
  type SourceActive,
} from './index.ts';

const key = conditionKeyOf('d1', 't1.temperatureC', 'overTemperature');
const hourMs = 3_600_000;

const active = (at: number, more: Partial<SourceActive> = {}): SourceActive => {
  const level: Level = more.level ?? 'warning';
  const priority = { attention: 'P4', warning: 'P3', alarm: 'P2' } as const;
  return {
    kind: 'sourceActive',
    source: 'device',
    level,
    pointId: 't1',
    at,
    receivedAt: at + 50,
    entryId: `e${at}`,
    origin: 'live',
    classification: { category: 'warning', priority: priority[level] },
    ...more,
  };
};
const inactive = (at: number, source = 'device'): ConditionEvent => ({ kind: 'sourceInactive', source, at });
const acknowledge = (at: number): ConditionEvent => ({ kind: 'acknowledge', by: 'op1', at });
const shelve = (at: number, until = at + hourMs): ConditionEvent => ({
  kind: 'shelve',
  until,
  reason: 'welding',
  by: 'op1',
  at,
});
const service = (
  kind: 'suppress' | 'unsuppress' | 'removeFromService' | 'returnToService',
  at: number,
): ConditionEvent => ({ kind, by: 'tech1', reason: 'repair', at });
const inspect = (at: number): ConditionEvent => ({ kind: 'inspect', by: 'tech1', note: 'clamp tightened', at });

/** The condition after events that must all be done, and the kinds of its changes. */
function after(...events: readonly ConditionEvent[]): { condition: Condition; kinds: string[]; ended: string[] } {
  let condition = normalCondition(key);
  const kinds: string[] = [];
  const ended: string[] = [];
  for (const event of events) {
    const outcome = next(condition, event);
    if ('refused' in outcome) assert.fail(`${event.kind}: ${outcome.refused.detail}`);
    condition = outcome.condition;
    kinds.push(...outcome.changes.map((change) => change.kind));
    if (outcome.ended) ended.push(outcome.ended.id);
  }
  return { condition, kinds, ended };
}

function refusal(condition: Condition, event: ConditionEvent): { code: string; detail: string } {
  const outcome = next(condition, event);
  assert.ok('refused' in outcome, `${event.kind} must be refused`);
  return outcome.refused;
}

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

test('shelving is refused for fire, for P1, without a reason, and beyond 24 hours', () => {
  const fire = after(active(1_000, { classification: { category: 'fire', priority: 'P2' } })).condition;
  const p1 = after(active(1_000, { classification: { category: 'warning', priority: 'P1' } })).condition;
  const plain = after(active(1_000)).condition;
  const dayLater = 2_000 + 24 * hourMs;
  assert.match(refusal(fire, shelve(2_000)).detail, /fire is never shelved/);
  assert.match(refusal(p1, shelve(2_000)).detail, /P1 is never shelved/);
  assert.match(refusal(plain, { kind: 'shelve', until: 3_000, reason: ' ', by: 'op1', at: 2_000 }).detail, /reason/);
  assert.match(refusal(plain, shelve(2_000, 2_000)).detail, /until is 2000: expected an instant after 2000/);
  assert.match(refusal(plain, shelve(2_000, NaN)).detail, /until is NaN/);
  assert.match(refusal(plain, shelve(2_000, dayLater + 1)).detail, /at most 24 h/);
  for (const [condition, until] of [
    [fire, 3_000],
    [p1, 3_000],
    [plain, dayLater + 1],
  ] as const) {
    assert.equal(refusal(condition, shelve(2_000, until)).code, 'shelveRefused');
  }
  const step = next(plain, shelve(2_000, dayLater));
  assert.ok(!('refused' in step) && step.condition.state === 'shelved');
});

test('a shelving that ends while the condition is active sounds, whoever ended it and whoever acknowledged before', () => {
  const expiry: ConditionEvent = { kind: 'unshelve', at: 2_000 + hourMs };
  const byHand: ConditionEvent = { kind: 'unshelve', at: 3_000, by: 'op2' };
  for (const end of [expiry, byHand]) {
    const { condition, kinds } = after(active(1_000), acknowledge(1_500), shelve(2_000), end);
    assert.equal(kinds.at(-1), 'unshelved');
    assert.equal(condition.state, 'unacknowledged');
    assert.deepEqual([condition.alarm?.acknowledgedAt, condition.alarm?.shelvedUntil], [undefined, undefined]);
  }
});

test('a shelving that ends while the condition is inactive ends the alarm', () => {
  const { condition, kinds, ended } = after(active(1_000), shelve(2_000), inactive(3_000), {
    kind: 'unshelve',
    at: 2_000 + hourMs,
  });
  assert.deepEqual(kinds, ['raised', 'shelved', 'returned', 'unshelved', 'ended']);
  assert.equal(condition.state, 'normal');
  assert.equal(ended.length, 1);
});

test('the timer of an earlier shelving does not end a later one', () => {
  const { condition } = after(
    active(1_000),
    shelve(2_000, 10_000),
    { kind: 'unshelve', at: 3_000, by: 'op1' },
    shelve(4_000, 20_000),
    { kind: 'unshelve', at: 10_000 },
  );
  assert.equal(condition.state, 'shelved');
});

test('a shelved condition that clears and comes back stays shelved and is counted', () => {
  const { condition } = after(active(1_000), shelve(2_000), inactive(3_000), active(4_000));
  assert.equal(condition.state, 'shelved');
  assert.deepEqual([condition.alarm?.count, condition.alarm?.clearedAt], [2, undefined]);
});

test('suppressed by design, a condition raises out of view and sounds if it is still active afterwards', () => {
  const { condition } = after(service('suppress', 500), active(1_000));
  assert.equal(condition.state, 'suppressedByDesign');
  assert.equal(condition.alarm?.count, 1);
  const { condition: still } = after(service('suppress', 500), active(1_000), service('unsuppress', 2_000));
  assert.equal(still.state, 'unacknowledged');
  const over = after(service('suppress', 500), active(1_000), inactive(1_500), service('unsuppress', 2_000));
  assert.deepEqual(over.kinds, ['suppressed', 'raised', 'returned', 'unsuppressed', 'ended']);
});

test('an alarm nobody had acknowledged when it went out of service waits for that when it comes back inactive', () => {
  const events = [active(1_000), service('removeFromService', 2_000), inactive(3_000)];
  assert.equal(after(...events, service('returnToService', 4_000)).condition.state, 'returnedUnacknowledged');
  const seen = [active(1_000), acknowledge(1_500), service('removeFromService', 2_000), inactive(3_000)];
  assert.equal(after(...seen, service('returnToService', 4_000)).condition.state, 'normal');
  // Through both ways out of view the debt stays.
  const both = [active(1_000), service('suppress', 1_500), ...events.slice(1)];
  assert.equal(after(...both, service('returnToService', 4_000)).condition.state, 'returnedUnacknowledged');
});

test('going out of service and coming back need a reason', () => {
  const { condition } = after(active(1_000), service('removeFromService', 2_000));
  for (const kind of ['suppress', 'removeFromService'] as const) {
    assert.equal(refusal(after(active(1)).condition, { kind, by: 'x', reason: '', at: 2 }).code, 'reasonRequired');
  }
  assert.equal(refusal(condition, { kind: 'returnToService', by: 'x', reason: ' ', at: 3 }).code, 'reasonRequired');
});

test('a local act latches: clearing does nothing, and only acknowledgement and inspection end it', () => {
  const act = active(1_000, { level: 'alarm', latching: true });
  const { condition } = after(act, inactive(2_000));
  assert.equal(condition.state, 'latchedUnacknowledged');
  assert.equal(condition.alarm?.clearedAt, undefined);
  assert.equal(refusal(condition, inspect(3_000)).code, 'notAcknowledged');
  const done = after(act, acknowledge(2_000), inspect(3_000));
  assert.deepEqual(done.kinds, ['raised', 'acknowledged', 'inspected', 'ended']);
  assert.equal(done.condition.state, 'normal');
  assert.deepEqual(done.condition.sources, {});
});

test('an inspection needs a note', () => {
  const { condition } = after(active(1_000, { latching: true }), acknowledge(2_000));
  assert.equal(refusal(condition, { kind: 'inspect', by: 'x', note: ' ', at: 3_000 }).code, 'reasonRequired');
});

test('a second local act before the inspection sounds again, the same act reported twice does not', () => {
  const act = (at: number) => active(at, { latching: true, entryId: `e${at}` });
  const { condition, kinds } = after(act(1_000), acknowledge(2_000), act(1_000));
  assert.deepEqual([condition.state, kinds], ['latchedAcknowledged', ['raised', 'acknowledged']]);
  const again = after(act(1_000), acknowledge(2_000), act(3_000));
  assert.deepEqual([again.condition.state, again.kinds.at(-1)], ['latchedUnacknowledged', 'reraised']);
  assert.deepEqual([again.condition.alarm?.count, again.condition.alarm?.acknowledgedAt], [2, undefined]);
});

test('a local act upon an ordinary alarm latches it', () => {
  const { condition, kinds } = after(active(1_000), acknowledge(2_000), active(3_000, { latching: true }));
  assert.deepEqual([condition.state, kinds.at(-1)], ['latchedUnacknowledged', 'escalated']);
});

test('a latched alarm goes out of service and comes back latched', () => {
  const away = [service('removeFromService', 3_000), service('returnToService', 4_000)];
  const act = active(1_000, { latching: true });
  assert.equal(after(act, ...away).condition.state, 'latchedUnacknowledged');
  assert.equal(after(act, acknowledge(2_000), ...away).condition.state, 'latchedAcknowledged');
});

test('regression: a local act raised while suppressed and escalated into view is latched', () => {
  const { condition } = after(
    service('suppress', 0),
    active(1, { latching: true, level: 'attention' }),
    active(1, { latching: true, level: 'alarm' }),
  );
  assert.equal(condition.state, 'latchedUnacknowledged');
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
