import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultList } from './fault-list.ts';
import { riseRatio } from './fault-time.ts';

const fault = (kind: string, atMs: number, durationMs: number) => ({ kind, atMs, durationMs });

test('a fault is active from its start to its end', () => {
  const list = new FaultList();
  list.add(fault('a', 100, 50));
  const active = [99, 100, 149, 150].map((nowMs) => list.activeAt(nowMs).length);
  assert.deepEqual(active, [0, 1, 1, 0]);
});

test('clearing by id ends one, by kind its kind, without a name all; what has not begun never does', () => {
  const list = new FaultList();
  const first = list.add(fault('a', 0, Infinity));
  list.add(fault('a', 0, Infinity));
  list.add(fault('b', 500, Infinity));
  list.add(fault('c', 0, Infinity));
  assert.equal(list.clear(first, 10), 1);
  assert.equal(list.clear('b', 10), 1);
  assert.deepEqual(
    list.activeAt(1000).map((entry) => entry.fault.kind),
    ['a', 'c'],
  );
  assert.equal(list.clear(undefined, 1000), 2);
  assert.equal(list.clear('unknown', 1000), 0);
});

test('a rise goes from 0 to 1 in its time and stays', () => {
  assert.deepEqual(
    [-1, 0, 250, 1000, 5000].map((elapsedMs) => riseRatio(elapsedMs, 1000)),
    [0, 0, 0.25, 1, 1],
  );
  assert.equal(riseRatio(0, 0), 1);
});
