import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { isShelvable } from './shelvable.ts';

test('shelving is offered for what the centre would shelve: no fire, no P1, no act of a terminal', () => {
  assert.equal(isShelvable(sampleAlarm({ category: 'warning', priority: 'P2', kind: 'residualCurrent' })), true);
  assert.equal(isShelvable(sampleAlarm({ category: 'fire', priority: 'P2', kind: 'smoke' })), false);
  assert.equal(isShelvable(sampleAlarm({ category: 'warning', priority: 'P1', kind: 'gas' })), false);
  assert.equal(isShelvable(sampleAlarm({ category: 'warning', priority: 'P2', kind: 'localAction' })), false);
});

test('what stands shelved may be taken back whatever it is', () => {
  assert.equal(isShelvable(sampleAlarm({ category: 'fire', priority: 'P1', kind: 'smoke', state: 'shelved' })), true);
});
