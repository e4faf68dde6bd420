import assert from 'node:assert/strict';
import test from 'node:test';
import { cursorNear } from './cursor-drag.ts';

/** 10 px per ms. */
const plot = { valToPos: (ms: number) => ms * 10 };

test('the pointer takes the cursor it is on, the nearer of two, and none where none is', () => {
  const at = (leftPx: number) => cursorNear(plot, { a: 10, b: 11 }, leftPx);
  assert.deepEqual([at(96), at(104), at(106), at(116)], ['a', 'a', 'b', 'b']);
  assert.deepEqual([at(93), at(117)], [undefined, undefined]);
});

test('where both stand on one line, A is taken', () => {
  assert.equal(cursorNear(plot, { a: 5, b: 5 }, 51), 'a');
});
