import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileSize } from './file-size.ts';

test('a size is read at a glance', () => {
  assert.deepEqual([fileSize(840), fileSize(12_300), fileSize(3_250_000)], ['840 B', '12 KiB', '3.1 MiB']);
});
