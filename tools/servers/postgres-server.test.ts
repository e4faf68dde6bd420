import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startPostgresServer } from './postgres-server.ts';

const run = promisify(execFile);

test('the server answers with fsync on, survives kill -9 with its data, and is gone after stop', async () => {
  const server = await startPostgresServer();
  const psql = async (statement: string): Promise<string> => {
    const { stdout } = await run(path.join(server.binFolder, 'psql'), ['-XAt', '-c', statement, server.url], {
      timeout: 60_000,
    });
    return stdout.trim();
  };
  try {
    assert.equal(await psql('SHOW fsync'), 'on');
    await psql('CREATE TABLE t AS SELECT 42 AS answer');
    await server.kill9();
    await assert.rejects(psql('SELECT 1'));
    await server.restart();
    assert.equal(await psql('SELECT answer FROM t'), '42');
    const folder = path.dirname(await psql('SHOW data_directory'));
    await server.stop();
    await assert.rejects(access(folder), { code: 'ENOENT' });
  } finally {
    await server.stop();
  }
});

test('a test process that is killed leaves neither server nor folder behind', async () => {
  const script = `
    import { startPostgresServer } from ${JSON.stringify(path.join(import.meta.dirname, 'postgres-server.ts'))};
    const server = await startPostgresServer();
    console.log(JSON.stringify({ url: server.url, binFolder: server.binFolder }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  const { url, binFolder } = JSON.parse(String(line)) as { url: string; binFolder: string };
  const { stdout } = await run(path.join(binFolder, 'psql'), ['-XAt', '-c', 'SHOW data_directory', url], {
    timeout: 60_000,
  });
  const folder = path.dirname(stdout.trim());
  await access(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (const deadline = Date.now() + 60_000; await isThere(folder); await sleep(100)) {
    assert.ok(Date.now() < deadline, `${folder} is still there 60 s after its owner's death`);
  }
  await assert.rejects(run(path.join(binFolder, 'pg_isready'), ['-q', '-d', url], { timeout: 60_000 }));
});

async function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
