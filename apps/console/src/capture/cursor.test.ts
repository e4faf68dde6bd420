import assert from 'node:assert/strict';
import test from 'node:test';
import { captureRecordOf } from './capture-record.ts';
import { cursorAfterKey, cursorsOfSearch, initialCursors, sliceBetween } from './cursor.ts';
import { sampleCapture } from './sample-capture.ts';

const record = captureRecordOf(sampleCapture());
const key = (name: string, shift = false) => ({ key: name, shift });

test('the cursors start at the trigger and ten cycles behind it', () => {
  assert.deepEqual(initialCursors(record), { a: 1280, b: 2560 });
});

test('arrows move by a sample, with Shift by a cycle, Home to the trigger, and never off the recording', () => {
  assert.equal(cursorAfterKey(record, 100, key('ArrowRight')), 101);
  assert.equal(cursorAfterKey(record, 100, key('ArrowRight', true)), 228);
  assert.equal(cursorAfterKey(record, 100, key('ArrowLeft', true)), 0);
  assert.equal(cursorAfterKey(record, 3839, key('ArrowRight')), 3839);
  assert.equal(cursorAfterKey(record, 100, key('Home')), 1280);
  assert.equal(cursorAfterKey(record, 100, key('End')), 3839);
  assert.equal(cursorAfterKey(record, 100, key('Enter')), undefined);
});

test('cursors of an old link that lie outside the recording fall back', () => {
  assert.deepEqual(cursorsOfSearch(record, { a: '12', b: '99999' }), { a: 12, b: 2560 });
  assert.deepEqual(cursorsOfSearch(record, { a: '-1' }), { a: 1280, b: 2560 });
});

test('the slice between the cursors holds both, whichever is left', () => {
  assert.deepEqual(sliceBetween({ a: 7, b: 3 }), { from: 3, to: 8 });
});
