import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, acknowledge, after, inactive, inspect, refusal, service } from '../test/condition-acts.ts';

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
