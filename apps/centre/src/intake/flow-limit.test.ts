import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowLimit } from './flow-limit.ts';

const bounds = { perSecond: 10, burst: 5 };

test('a burst passes at once, and what follows waits as long as it takes at the steady rate', () => {
  const flow = new FlowLimit();
  const holds = Array.from({ length: 8 }, () => flow.admit('D1', bounds, 1_000));
  assert.deepEqual(holds, [0, 0, 0, 0, 0, 100, 200, 300]);
  assert.equal(flow.admit('D2', bounds, 1_000), 0, 'each device has its own bounds');
  assert.equal(flow.admit('D1', bounds, 1_400), 0, 'four messages of 100 ms later it is square');
});

test('a device at its steady rate is never held back, and a hold never exceeds a second', () => {
  const flow = new FlowLimit();
  for (let i = 0; i < 1_000; i++) assert.equal(flow.admit('D1', bounds, i * 100), 0);
  for (let i = 0; i < 1_000; i++) assert.ok(flow.admit('D2', bounds, 0) <= 1_000);
  assert.ok(flow.admit('D2', bounds, 1_200) < 1_000, 'the debt is bounded');
  assert.ok(flow.admit('D2', bounds, -5_000) <= 1_000, 'a clock that goes back holds nobody for ever');
});
