import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SensorFaults } from './sensor-faults.ts';

const always = (): boolean => true;

test('a fault stands since the reading that showed it, until a reading is sound; another one begins anew', () => {
  const faults = new SensorFaults();
  faults.note('S1', 'smoke', undefined, 1);
  assert.deepEqual(faults.rows(always), []);
  for (const at of [2, 3]) faults.note('S1', 'smoke', 'noisy', at);
  faults.note('S1', 'heat', 'stuck', 4);
  assert.deepEqual(faults.of('S1', true), [
    ['S1', 'smoke', 'noisy', 2],
    ['S1', 'heat', 'stuck', 4],
  ]);
  faults.note('S1', 'smoke', 'drifting', 5);
  faults.note('S1', 'heat', undefined, 6);
  assert.deepEqual(faults.rows(always), [['S1', 'smoke', 'drifting', 5]]);
  assert.deepEqual(faults.rows((id) => id !== 'S1'), []); // prettier-ignore
});

test('what others found holds for what they apply, and is all that each of them said last', () => {
  const faults = new SensorFaults();
  faults.note('S1', 'smoke', 'noisy', 1);
  faults.hear('w1', [['S1', 'smoke', 'stuck', 2]]);
  faults.hear('w2', [['S2', 'heat', 'drifting', 3]]);
  assert.deepEqual(faults.of('S1', true), [['S1', 'smoke', 'noisy', 1]]);
  assert.deepEqual(faults.of('S1', false), [['S1', 'smoke', 'stuck', 2]]);
  faults.hear('w1', []);
  faults.forget('w2');
  assert.deepEqual([faults.of('S1', false), faults.of('S2', false)], [[], []]);
});
