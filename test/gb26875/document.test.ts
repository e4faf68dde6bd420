import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { decodeGbFrame, gbFrameToJson, readGbProfile } from '@fengsui/protocol';

let page: string;
before(async () => {
  page = await readFile(path.resolve(import.meta.dirname, '../../docs/reference/gb26875.md'), 'utf8');
});

test('the profile on the page is one', () => {
  const [, json = ''] = /```json\n([^]*?)```/.exec(page) ?? [];
  const outcome = readGbProfile(JSON.parse(json));
  assert.equal(outcome.kind, 'profile', JSON.stringify(outcome));
});

test('the frames on the page are a fire and its confirm', () => {
  const [, block = ''] = /its confirm:\n\n```\n([^]*?)```/.exec(page) ?? [];
  const bytes = Buffer.from(block.replace(/\s/g, ''), 'hex');
  const first = decodeGbFrame(bytes.subarray(0, 78));
  const second = decodeGbFrame(bytes.subarray(78));
  assert.ok(first.kind === 'frame' && second.kind === 'frame');
  const { objects = [], serial } = gbFrameToJson(first.frame);
  assert.deepEqual([objects[0]?.['flags'], objects[0]?.['description']], [['normal', 'fire'], '三层配电间']);
  assert.deepEqual([second.frame.command, second.frame.serial], [3, serial]);
});
