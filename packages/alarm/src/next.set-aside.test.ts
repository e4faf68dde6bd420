import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, acknowledge, after, hourMs, inactive, refusal, service, shelve } from '../test/condition-acts.ts';
import { next, type ConditionEvent } from './index.ts';

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

test('an act of a device on site is never shelved', () => {
  const { condition } = after(active(1_000));
  const acted = { ...condition, key: { ...condition.key, kind: 'localAction' } };
  assert.deepEqual(refusal(acted, shelve(2_000)), {
    code: 'shelveRefused',
    detail: 'an alarm of kind localAction is never shelved',
  });
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
