import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readJsonFile, writeWhole } from './json-file.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fengsui-json-file-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('no file is undefined, a file with null is null, and what is no JSON is refused by name', () => {
  const file = path.join(folder, 'd1.json');
  assert.equal(readJsonFile(file), undefined);
  writeFileSync(file, 'null');
  assert.equal(readJsonFile(file), null);
  writeFileSync(file, '{"half":');
  assert.throws(() => readJsonFile(file), /d1\.json: expected JSON as this program wrote it$/);
  assert.throws(() => readJsonFile(file, 'a calibration'), /d1\.json: expected a calibration$/);
  assert.throws(() => readJsonFile(folder), { code: 'EISDIR' });
});

test('a file is replaced whole, leaves nothing beside it, and a secret one is for its owner alone', () => {
  const file = path.join(folder, 'd2.json');
  writeWhole(file, '1', 0o600);
  writeWhole(file, '2', 0o600);
  assert.equal(readFileSync(file, 'utf8'), '2');
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('d2')),
    ['d2.json'],
  );
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
});
