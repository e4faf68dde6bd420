import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { DataFolderError, markInitialised, openDataFolder } from './data-folder.ts';

const root = await mkdtemp(path.join(tmpdir(), 'fengsui-data-'));
after(() => rm(root, { recursive: true, force: true }));

const moduleUrl = new URL('./data-folder.ts', import.meta.url).href;

let folders = 0;
const newFolder = (): string => path.join(root, String(++folders));

/** A folder as a centre leaves it. */
async function used(...names: readonly string[]): Promise<string> {
  const folder = newFolder();
  for (const name of names) await mkdir(path.join(folder, name), { recursive: true });
  await mkdir(folder, { recursive: true });
  await markInitialised(folder);
  return folder;
}

const refused = (code: DataFolderError['code'], words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof DataFolderError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, words);
  assert.doesNotMatch(error.message, /\n/, 'one line');
  return true;
};

test('a new folder is made, for its owner alone, and names its rooms', async () => {
  const folder = path.join(newFolder(), 'deep', 'data');
  const data = await openDataFolder(folder);
  assert.deepEqual(
    [data.folder, data.journal, data.store, data.tls],
    [folder, `${folder}/journal`, `${folder}/store`, `${folder}/tls`],
  );
  await data.release();
  await (await openDataFolder(folder)).release();
});

test('a folder in use by this or another process is refused, and free when that process is killed', async () => {
  const folder = newFolder();
  const own = await openDataFolder(folder);
  await assert.rejects(openDataFolder(folder), refused('folderInUse', new RegExp(`in use by process ${process.pid}`)));
  const link = path.join(root, 'link');
  await symlink(folder, link);
  await assert.rejects(openDataFolder(link), refused('folderInUse', /in use/));
  await own.release();
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(moduleUrl)});
    await openDataFolder(${JSON.stringify(folder)});
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(other.stdout, 'data');
  await assert.rejects(openDataFolder(folder), refused('folderInUse', new RegExp(`process ${other.pid};`)));
  other.kill('SIGKILL');
  await once(other, 'exit');
  await (await openDataFolder(folder)).release();
});

test('a file in place of the folder, or on the way to it, is refused', async () => {
  const file = newFolder();
  await writeFile(file, 'x');
  await assert.rejects(openDataFolder(file), refused('folderNotAFolder', /is a file, expected a folder/));
  await assert.rejects(openDataFolder(path.join(file, 'data')), refused('folderNotAFolder', /is a file/));
});

test('a folder that cannot be written is refused', async () => {
  const folder = newFolder();
  await mkdir(folder, { mode: 0o555 });
  await chmod(root, 0o755);
  // Root writes everywhere: it becomes somebody else once the module is loaded.
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(moduleUrl)});
    if (process.getuid() === 0) (process.setgid(65534), process.setuid(65534));
    await openDataFolder(${JSON.stringify(folder)}).catch(({ code, message }) => console.log(code, message));`;
  const args = ['--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await text(child.stdout);
  assert.match(said, /^folderUnwritable data folder .* cannot be written \(EACCES\); give this user the right/);
});

test('a place where no folder can be made is refused with the reason', async () => {
  await assert.rejects(
    openDataFolder('/proc/fengsui/data'),
    refused('folderUnwritable', /cannot be written \(ENOENT\)/),
  );
});

test('a used folder that is empty is a loss, whatever crumbs lie in it, until its note is deleted', async () => {
  for (const crumbs of [[], ['tls'], ['control.sock'], ['lost+found', 'something']]) {
    const folder = await used(...crumbs);
    await assert.rejects(openDataFolder(folder), refused('folderUnexpectedlyEmpty', /is a disk not mounted\?/));
    await rm(`${folder}.initialised`);
    await (await openDataFolder(folder)).release();
  }
});

test('a used folder that has lost its journal or its store is refused, and nothing in it is touched', async () => {
  for (const [kept, lost] of [
    ['store', 'journal'],
    ['journal', 'store'],
  ] as const) {
    const folder = await used(kept);
    await assert.rejects(openDataFolder(folder), refused('folderDamaged', new RegExp(`has lost its ${lost} folder`)));
    assert.deepEqual(await readdir(folder), [kept]);
  }
});

test('a first start that was killed halfway may be started again', async () => {
  const folder = newFolder();
  await mkdir(path.join(folder, 'store'), { recursive: true });
  await (await openDataFolder(folder)).release();
});

test('with PostgreSQL elsewhere the folder holds the journal alone', async () => {
  const folder = await used('journal');
  await (await openDataFolder(folder, 'server')).release();
  await rm(path.join(folder, 'journal'), { recursive: true });
  await assert.rejects(openDataFolder(folder, 'server'), refused('folderUnexpectedlyEmpty', /although it was in use/));
});

test('a refused folder is not locked', async () => {
  const folder = await used('store');
  await assert.rejects(openDataFolder(folder), refused('folderDamaged', /journal/));
  await mkdir(path.join(folder, 'journal'));
  await (await openDataFolder(folder)).release();
});
