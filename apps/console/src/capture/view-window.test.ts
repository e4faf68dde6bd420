import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { windowAround, zoomWindow } from './view-window.ts';

const whole = { from: -200, to: 400 };

test('zooming keeps the instant under the pointer in its place', () => {
  assert.deepEqual(zoomWindow({ from: 0, to: 100 }, 25, 0.5, whole, 1), { from: 12.5, to: 62.5 });
});

test('zooming never leaves the recording nor goes below its least width', () => {
  assert.deepEqual(zoomWindow({ from: 0, to: 400 }, 300, 10, whole, 1), whole);
  fc.assert(
    fc.property(fc.integer({ min: -200, max: 400 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (at, factor) => {
      const { from, to } = zoomWindow({ from: -200, to: 400 }, at, factor, whole, 5);
      assert.ok(from >= -200 - 1e-9 && to <= 400 + 1e-9 && to - from >= 5 - 1e-9);
    }),
  );
});

test('a cursor that walks off the screen takes the window along', () => {
  const window = { from: 0, to: 100 };
  assert.equal(windowAround(window, 50, whole), window);
  assert.deepEqual(windowAround(window, 120, whole), { from: 30, to: 130 });
  assert.deepEqual(windowAround(window, -200, whole), { from: -200, to: -100 });
});
