import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createCluster, exists } from './pglite-cluster.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'fengsui-cluster-'));
after(() => rm(root, { recursive: true, force: true }));

test(
  'the first cluster is made by initdb and kept, the next is a copy of what was kept',
  { timeout: 400_000 },
  async () => {
    const template = path.join(root, 'cache/template');
    await createCluster(path.join(root, 'first'), template);
    assert.equal(await readFile(path.join(root, 'first/PG_VERSION'), 'utf8'), '18\n');
    assert.deepStrictEqual(await readdir(path.join(root, 'cache')), ['template']);
    // A mark shows where the second comes from.
    await writeFile(path.join(template, 'mark'), '');
    await createCluster(path.join(root, 'second'), template);
    assert.ok(await exists(path.join(root, 'second/mark')));
    assert.equal((await stat(path.join(root, 'second'))).mode & 0o077, 0);
  },
);

test('what a killed creation left is thrown away', { timeout: 400_000 }, async () => {
  const cluster = path.join(root, 'third');
  const template = path.join(root, 'small-template');
  await mkdir(template);
  await writeFile(path.join(template, 'PG_VERSION'), '18\n');
  await mkdir(`${cluster}.new`);
  await writeFile(path.join(`${cluster}.new`, 'half'), '');
  await createCluster(cluster, template);
  assert.deepStrictEqual(await readdir(cluster), ['PG_VERSION']);
  assert.equal(await exists(`${cluster}.new`), false);
});

test('a place for the template which cannot be written is no hindrance', { timeout: 400_000 }, async () => {
  const file = path.join(root, 'file');
  await writeFile(file, '');
  await createCluster(path.join(root, 'fourth'), path.join(file, 'template'));
  assert.ok(await exists(path.join(root, 'fourth/PG_VERSION')));
});
