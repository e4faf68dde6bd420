import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { throttled } from './throttled.ts';

test('the first call acts at once, many within the time act once more at its end, and the last is never lost', () => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'] });
  try {
    const at: number[] = [];
    const { call, cancel } = throttled(60_000, () => at.push(Date.now()));
    call();
    for (let n = 0; n < 100; n++) {
      mock.timers.tick(100);
      call();
    }
    assert.deepEqual(at, [0]);
    mock.timers.tick(49_999);
    assert.deepEqual(at, [0]);
    mock.timers.tick(1);
    assert.deepEqual(at, [0, 60_000]);
    mock.timers.tick(200_000);
    call();
    assert.deepEqual(at, [0, 60_000, 260_000]);
    call();
    cancel();
    mock.timers.tick(200_000);
    assert.equal(at.length, 3);
  } finally {
    mock.timers.reset();
  }
});
