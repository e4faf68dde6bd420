import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestWord } from './nearest-word.ts';

test('the word with the fewest edits is meant', () => {
  const words = ['start', 'device', 'token', 'tls'];
  const rows = [
    ['strat', 'start'],
    ['devices', 'device'],
    ['TOKEN', 'token'],
    ['tsl', 'tls'],
    ['divice', 'device'],
    ['', 'tls'],
  ] as const;
  for (const [given, meant] of rows) assert.equal(nearestWord(given, words), meant, given);
});

test('of equally near ones the first, and nothing of nothing', () => {
  assert.equal(nearestWord('b', ['a', 'c']), 'a');
  assert.equal(nearestWord('a', []), '');
});
