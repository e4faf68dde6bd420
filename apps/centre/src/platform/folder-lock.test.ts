import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import { FolderLockError, lockFolder } from './folder-lock.ts';
import type { LockFolderOptions } from './folder-lock.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'fengsui-lock-'));
after(() => rm(root, { recursive: true, force: true }));
let folders = 0;
const emptyFolder = (): string => path.join(root, String(folders++), 'data');

const inUseBy =
  (pid: number | undefined) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof FolderLockError && error.code === 'folderInUse', String(error));
    assert.match(error.message, new RegExp(`is in use by process ${pid}; `));
    return true;
  };

/** A process that holds the lock and lives until it is killed. */
async function lockInChild(folder: string, options: LockFolderOptions): Promise<ChildProcess> {
  const script = `
    import { lockFolder } from ${JSON.stringify(path.join(import.meta.dirname, 'folder-lock.ts'))};
    await lockFolder(${JSON.stringify(folder)}, ${JSON.stringify(options)});
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  assert.equal(String(first).trim(), 'locked');
  return child;
}

const methods: readonly LockFolderOptions[] =
  process.platform === 'linux' ? [{ method: 'socket' }, { method: 'pidFile' }] : [{ method: 'pidFile' }];

for (const options of methods) {
  describe(`folder lock by ${options.method}`, { timeout: 400_000 }, () => {
    test('the folder is made, its file names the owner, and release removes it', async () => {
      const folder = emptyFolder();
      const lock = await lockFolder(folder, options);
      assert.equal(await readFile(path.join(folder, 'pid'), 'utf8'), `${process.pid}\n`);
      await lock.release();
      await lock.release();
      assert.deepStrictEqual(await readdir(folder), []);
    });

    test('a second lock is refused, also through another path to the same folder', async () => {
      const folder = emptyFolder();
      const lock = await lockFolder(folder, options);
      const alias = `${folder}-alias`;
      await symlink(folder, alias);
      await assert.rejects(lockFolder(folder, options), inUseBy(process.pid));
      await assert.rejects(lockFolder(alias, options), inUseBy(process.pid));
      await lock.release();
      await (await lockFolder(alias, options)).release();
    });

    test('another process is named by its pid, and its kill -9 releases the folder', async () => {
      const folder = emptyFolder();
      const child = await lockInChild(folder, options);
      await assert.rejects(lockFolder(folder, options), inUseBy(child.pid));
      child.kill('SIGKILL');
      await once(child, 'exit');
      await (await lockFolder(folder, options)).release();
    });

    test('a place which cannot be written is named with the reason', async () => {
      const file = path.join(root, `file-${options.method}`);
      await writeFile(file, '');
      await assert.rejects(lockFolder(path.join(file, 'data'), options), {
        code: 'folderUnwritable',
        message: /cannot be written: ENOTDIR/,
      });
    });

    test('two folders are two locks', async () => {
      const locks = await Promise.all([lockFolder(emptyFolder(), options), lockFolder(emptyFolder(), options)]);
      for (const lock of locks) await lock.release();
    });
  });
}
