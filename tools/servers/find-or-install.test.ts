import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { requireProgram } from './find-or-install.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'fengsui-programs-'));
after(() => rm(root, { recursive: true, force: true }));
const run = promisify(execFile);

test('a program found is an absolute path that runs', async () => {
  const program = await requireProgram('postgres');
  assert.ok(path.isAbsolute(program));
  const { stdout } = await run(program, ['--version'], { timeout: 60_000 });
  assert.ok(Number(/\d+/.exec(stdout)?.[0]) >= 15, stdout);
});

test('a program on PATH is taken before any other place', async () => {
  const folder = path.join(root, 'bin');
  await mkdir(folder);
  const program = path.join(folder, 'mosquitto_pub');
  await writeFile(program, '#!/bin/sh\n');
  await chmod(program, 0o755);
  const saved = process.env.PATH;
  try {
    process.env.PATH = `${folder}${path.delimiter}${saved ?? ''}`;
    assert.equal(await requireProgram('mosquitto_pub'), program);
  } finally {
    process.env.PATH = saved;
  }
});

test('a program that is absent and cannot be installed is an error with the command to run', async () => {
  // As another user, with nothing on PATH: apt is not for them.
  if (process.getuid?.() !== 0) {
    const saved = process.env.PATH;
    process.env.PATH = root;
    await assert.rejects(requireProgram('mosquitto_pub'), /mosquitto-clients/);
    process.env.PATH = saved;
    return;
  }
  const script = `
    const { requireProgram } = await import(${JSON.stringify(path.join(import.meta.dirname, 'find-or-install.ts'))});
    process.env.PATH = '/nowhere';
    // After the import: the clone may lie where only its owner reads.
    process.setuid(65534);
    await requireProgram('mosquitto_pub').catch((error) => console.log(error.message));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  assert.match(
    stdout,
    /^mosquitto_pub was not found\. (Run: sudo|Install it by .*:) apt-get install -y --no-install-recommends mosquitto-clients/,
  );
});
