import assert from 'node:assert/strict';
import test from 'node:test';
import type { GbPartRecord } from '@fengsui/protocol';
import { abnormalFlags, flagWord, orderParts } from './part-words.ts';

const part = (point: string, flags: string[]): GbPartRecord => ({
  point,
  flags,
  values: [],
  receivedAt: '2026-11-22T00:00:00+08:00',
});

test('a part that runs, is started or reports back is calm; fire is named before anything else', () => {
  assert.deepEqual(abnormalFlags(part('s1', ['normal', 'started', 'feedback'])), []);
  assert.deepEqual(abnormalFlags(part('s1', ['normal', 'fault', 'fire'])), ['fire', 'fault']);
});

test('fires come first, then faults, then what is shielded, then the rest by address', () => {
  const parts = [part('a', ['normal']), part('b', ['shielded']), part('c', ['mainsFault']), part('d', ['fire'])];
  assert.deepEqual(
    orderParts(parts).map(({ point }) => point),
    ['d', 'c', 'b', 'a'],
  );
});

test('bits speak the words of the standard in both languages', () => {
  assert.deepEqual([flagWord('fire', 'zh'), flagWord('fire', 'en'), flagWord('own', 'zh')], ['火警', 'fire', 'own']);
});
