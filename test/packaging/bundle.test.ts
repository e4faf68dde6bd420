import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { findProgram } from '../../tools/servers/find-or-install.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;
const namespace = `fengsui-${process.pid}`;
const [WEB_PORT, MQTT_PORT] = ['8119', '1883'];

let folder = '';
let ip = '';
let centre: ChildProcess | undefined;

async function whyNot(): Promise<string | undefined> {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') return `the bundle of linux-x64 does not run on ${process.platform}-${process.arch}`; // prettier-ignore
  if (process.getuid?.() !== 0) return 'a network namespace needs root';
  const found = await findProgram('ip');
  if (found.path === undefined) return found.reason;
  ip = found.path;
  return run(ip, ['netns', 'add', namespace]).then(
    () => undefined,
    (error: unknown) => `no network namespace can be made here: ${String(error)}`,
  );
}
const skip = (await whyNot()) ?? false;

/** Runs it where there is no network but loopback. */
const cutOff = (program: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  run(ip, ['netns', 'exec', namespace, program, ...args], { timeout: TIMEOUT_MS, env: environment() });

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FENGSUI_|NODE_|npm_)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: folder,
    FENGSUI_GB26875_PORT: '0',
  };
}

const [prefix, data] = [() => path.join(folder, 'opt'), () => path.join(folder, 'data')];
const program = (): string => path.join(prefix(), 'current/bin/fengsui');
const install = (from: string, ...more: string[]): Promise<{ stdout: string; stderr: string }> =>
  cutOff('sh', path.join(from, 'install.sh'), ...more, '--prefix', prefix(), '--data', data(), '--no-service');

async function start(): Promise<void> {
  const args = ['start', '--no-demo', '--data', data(), '--web-port', WEB_PORT, '--mqtt-port', MQTT_PORT];
  const child = spawn(ip, ['netns', 'exec', namespace, program(), ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (words += piece.toString()));
  centre = child;
  await eventually('the installed centre to listen', () => {
    assert.equal(child.exitCode, null, words);
    return /^MQTT {3}/m.test(words);
  }, 120_000); // prettier-ignore
}

async function stop(): Promise<void> {
  const child = centre;
  centre = undefined;
  if (child === undefined) return;
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
}

async function ask(address: string): Promise<string> {
  const script = `fetch('http://127.0.0.1:${WEB_PORT}${address}').then(async (r) => console.log(r.status, await r.text()))`;
  return (await cutOff(path.join(prefix(), 'current/node/bin/node'), '-e', script)).stdout;
}

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bundle-'));
  await run(ip, ['-n', namespace, 'link', 'set', 'lo', 'up']);
});
after(async () => {
  centre?.kill('SIGKILL');
  if (ip !== '') await run(ip, ['netns', 'del', namespace]).catch(() => undefined);
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

/** The other bundle shares its files by hard links: a changed one is a new one. */
async function replaceIn(file: string, what: RegExp, by: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await rm(file);
  await writeFile(file, text.replace(what, by));
}

test(
  'a bundle is installed, started, upgraded and rolled back on a machine without a network',
  { skip, timeout: 2 * TIMEOUT_MS },
  async () => {
    const archive = path.join(folder, 'fengsui.tar.gz');
    const made = await fengsui(['bundle', '--platform', 'linux-x64', '--level', '1', '--to', archive], {
      timeoutMs: TIMEOUT_MS,
    });
    assert.equal(made.code, 0, made.stderr);
    const bundle = path.join(folder, 'first');
    await run('mkdir', [bundle]);
    await run('tar', ['--extract', '--file', archive, '--directory', bundle, '--strip-components', '1']);
    assert.match(await readFile(path.join(bundle, 'sbom.cdx.json'), 'utf8'), /"purl": "pkg:npm\/fastify@/);
    assert.equal((await run(ip, ['-n', namespace, 'route'])).stdout, '', 'there is no way out');

    assert.match((await install(bundle)).stdout, /installed 0\.[\d.]+-[0-9a-f]{8} in/);
    const first = await readlink(path.join(prefix(), 'current'));
    assert.match((await cutOff(program(), '--version')).stdout, /^\d+\.\d+\.\d+\n$/);
    await start();
    assert.match(await ask('/healthz'), /^200 .*"ok"/);
    assert.match(await ask('/'), /^200 <!doctype html>[^]*\/assets\//i, 'the console is in it');
    await cutOff(program(), 'device', 'create', '--id', 'kept', '--model', 'generic-smoke', '--venue', 'V1', '--data', data(), '--json'); // prettier-ignore
    await stop();
    assert.match((await install(bundle)).stdout, /is installed already/);

    // A file that was changed on the way: nothing is touched.
    const second = path.join(folder, 'second');
    await run('cp', ['--archive', '--link', bundle, second]);
    const about = path.join(second, 'bundle.json');
    await replaceIn(about, /"version": "[^"]+"/, '"version": "9.9.9"');
    await assert.rejects(install(second), /damaged/);
    assert.equal(await readlink(path.join(prefix(), 'current')), first);

    // The next version, as its maker would sum it up.
    const sum = (await run('sha256sum', [about])).stdout.split(' ')[0] ?? '';
    const sums = path.join(second, 'SHA256SUMS');
    await replaceIn(sums, /^\S+ {2}bundle\.json$/m, `${sum}  bundle.json`);
    const upgraded = await install(second);
    assert.match(upgraded.stdout, /backing up to .*\/backups\/before-9\.9\.9-/);
    assert.match(upgraded.stdout, /upgraded from 0\.\S+ to 9\.9\.9-/);
    assert.match(await readlink(path.join(prefix(), 'current')), /9\.9\.9-/);
    const backup = /backing up to (\S+)/.exec(upgraded.stdout)?.[1] ?? '';
    assert.match((await cutOff(program(), 'backup', 'verify', backup)).stdout, /./);
    await start();
    assert.match(await ask('/readyz'), /^200 /);
    const alive = (): Promise<string | undefined> =>
      cutOff(program(), 'alive', '--data', data()).then(({ stdout }) => stdout);
    assert.match(await eventually('a canary to come through', alive), /^alive: /);
    await stop();

    const back = await cutOff('sh', path.join(prefix(), 'current/install.sh'), 'rollback', '--prefix', prefix(), '--data', data(), '--no-service'); // prettier-ignore
    assert.match(back.stdout, /back from 9\.9\.9-\S+ to 0\./);
    assert.equal(await readlink(path.join(prefix(), 'current')), first);
    assert.match((await cutOff(program(), '--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  },
);

test('a bundle of the other platform is refused by this machine before anything is touched', { skip }, async () => {
  const about = path.join(folder, 'second/bundle.json');
  await replaceIn(about, /linux-x64/, 'linux-arm64');
  await assert.rejects(
    install(path.join(folder, 'second')),
    /this bundle is for linux-arm64, the machine is linux-x64/,
  );
});
