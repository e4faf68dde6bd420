import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { applyBatch, applySnapshot, emptyLiveState, valueKey } from './live-state.ts';

test('alarms replace by id and leave when they end, and their words are kept', () => {
  const raised = sampleAlarm();
  const acknowledged = sampleAlarm({ state: 'acknowledged' });
  const ended = sampleAlarm({ state: 'normal' });
  let state = applyBatch(emptyLiveState, { alarms: [raised] });
  state = applyBatch(state, { alarms: [acknowledged] });
  assert.deepEqual([...state.alarms.values()], [acknowledged]);
  state = applyBatch(state, { alarms: [ended] });
  assert.deepEqual([state.alarms.size, state.ended.get('a1')], [0, ended]);
  state = applyBatch(state, { alarms: [raised] });
  assert.deepEqual([state.alarms.get('a1'), state.ended.size], [raised, 0]);
});

test('a snapshot replaces everything; alarms it does not name count as ended', () => {
  const before = applyBatch(emptyLiveState, {
    alarms: [sampleAlarm({ id: 'a1' }), sampleAlarm({ id: 'a2' })],
    values: [['d1', 'c1.currentA', 10, 4]],
    presence: [['d1', true, 10]],
  });
  const after = applySnapshot(before, { alarms: [sampleAlarm({ id: 'a2' })], presence: [['d2', false, 20]] });
  assert.deepEqual([...after.alarms.keys()], ['a2']);
  assert.equal(after.ended.get('a1')?.state, 'normal');
  assert.equal(after.values.size, 0);
  assert.deepEqual([...after.presence], [['d2', { online: false, at: 20 }]]);
});

test('a value from the past does not replace a newer one', () => {
  const key = valueKey('d1', 'c1.currentA');
  let state = applyBatch(emptyLiveState, { values: [['d1', 'c1.currentA', 20, 5]] });
  state = applyBatch(state, { values: [['d1', 'c1.currentA', 10, 4]] });
  assert.deepEqual(state.values.get(key), { at: 20, value: 5 });
  state = applyBatch(state, { values: [['d1', 'c1.currentA', 20, 6]] });
  assert.deepEqual(state.values.get(key), { at: 20, value: 6 });
});

test('the memory of ended alarms is bounded and forgets the oldest first', () => {
  const alarms = Array.from({ length: 600 }, (_, i) => sampleAlarm({ id: `a${i}`, state: 'normal' }));
  const { ended } = applyBatch(emptyLiveState, { alarms });
  assert.equal(ended.size, 500);
  assert.ok(!ended.has('a99') && ended.has('a100') && ended.has('a599'));
});

test('parts a batch does not name keep their identity, so their readers are not drawn again', () => {
  const before = applyBatch(emptyLiveState, { alarms: [sampleAlarm()], presence: [['d1', true, 1]] });
  const after = applyBatch(before, { values: [['d1', 'c1.currentA', 10, 4]] });
  assert.equal(after.alarms, before.alarms);
  assert.equal(after.presence, before.presence);
});
