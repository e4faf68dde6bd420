import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWindowCount } from './window-count.ts';

test('counts the marked half-cycles among the newest, as a list kept whole does', () => {
  const window = createWindowCount(7);
  const all: boolean[] = [];
  for (let n = 0; n < 100; n++) {
    const has = (n * n) % 5 < 2;
    all.push(has);
    window.add(has);
    assert.equal(window.count(), all.slice(-7).filter(Boolean).length, `after ${n + 1}`);
  }
});

test('cleared, it knows of none and counts on', () => {
  const window = createWindowCount(3);
  window.add(true);
  window.clear();
  assert.equal(window.count(), 0);
  for (const has of [true, true, false, false]) window.add(has);
  assert.equal(window.count(), 1);
});
