import assert from 'node:assert/strict';
import test from 'node:test';
import { blindReasons } from '@fengsui/protocol';
import { en } from '../locale/en.ts';
import { zh } from '../locale/zh.ts';

test('every reason to be blind has a word and a remedy in both languages', () => {
  for (const words of [zh, en]) {
    assert.deepEqual(
      blindReasons.filter((reason) => !Object.hasOwn(words.blind.reasons, reason)),
      [],
    );
    assert.deepEqual(
      blindReasons.filter((reason) => !Object.hasOwn(words.blind.todo, reason)),
      [],
    );
  }
});
