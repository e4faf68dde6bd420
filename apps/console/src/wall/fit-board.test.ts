import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { fitBoard } from './fit-board.ts';

const entry = (id: string, alarmCount: number) =>
  [id, Array.from({ length: alarmCount }, (_, i) => sampleAlarm({ id: `${id}${i}` }))] as const;

// One alarm: 17 + 26·2 = 69 px; six alarms: name, four alarms and the count: 17 + 26·6 = 173 px.
test('only whole venues are shown, and the line that counts the rest has its place', () => {
  const entries = [entry('a', 1), entry('b', 6), entry('c', 1)];
  const ids = (height: number): [string[], number] => {
    const { shown, restCount } = fitBoard(entries, height);
    return [shown.map(([id]) => id), restCount];
  };
  assert.deepEqual(ids(69 + 173 + 69), [['a', 'b', 'c'], 0]);
  assert.deepEqual(ids(69 + 173 + 68), [['a', 'b'], 1]);
  assert.deepEqual(ids(69 + 173), [['a'], 2]);
  assert.deepEqual(ids(10), [[], 3]);
});
