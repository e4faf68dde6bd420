import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../../../../tools/servers/free-port.ts';
import { CentreProcess, fengsui, type Finished } from '../../../../test/harness/centre-process.ts';

const TIMEOUT = { timeout: 400_000 };

let root: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fengsui-start-'));
});
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => path.join(root, String(++folders));

const start = (folder: string, ...args: readonly string[]): Promise<Finished> =>
  fengsui(['start', '--no-demo', '--data', folder, '--log-level', 'error', ...args]);

/** One line of words for the person who started it, nothing on stdout. */
function assertRefused({ code, stdout, stderr }: Finished, expectedCode: number, words: RegExp): void {
  assert.deepEqual([code, stdout], [expectedCode, ''], stderr);
  const [line = '', ...rest] = stderr.trimEnd().split('\n');
  assert.match(line, /^fengsui start: /);
  assert.match(line, words);
  if (expectedCode === 1) assert.deepEqual(rest, []);
}

test('roles other than all are refused on the embedded store, unknown ones by name', TIMEOUT, async () => {
  const folder = newFolder();
  assertRefused(
    await start(folder, '--roles', 'gateway,api'),
    2,
    /--roles gateway,api: expected all, gateway, api, worker, or worker,api/,
  );
  for (const roles of ['gateway', 'api', 'worker', 'worker,api'])
    assertRefused(
      await start(folder, '--roles', roles),
      1,
      /share database\.url and nats\.url; database\.url is not set/,
    );
  assertRefused(await start(folder, '--roles', 'api,wroker'), 2, /wroker is unknown, expected gateway, worker, api/);
  assert.equal(existsSync(folder), false, 'nothing was made');
});

test('beyond loopback only with TLS, whatever a name looks like', TIMEOUT, async () => {
  const folder = newFolder();
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'fire.example.com', '127.example.com'])
    assertRefused(await start(folder, '--web-host', host), 1, /beyond loopback without TLS; run "fengsui tls init"/);
  assertRefused(await start(folder, '--mqtt-host', '0.0.0.0'), 1, /mqtt\.host 0\.0\.0\.0 is beyond loopback/);
  assertRefused(await start(folder, '--lan'), 1, /tls init/);
  const file = { env: { FENGSUI_MQTT_HOST: '10.0.0.1' } };
  assertRefused(await fengsui(['start', '--no-demo', '--data', folder], file), 1, /mqtt\.host 10\.0\.0\.1 is beyond/);
});

test('a configuration that is wrong is said at once, with everything that is wrong', TIMEOUT, async () => {
  const folder = newFolder();
  await mkdir(folder);
  await writeFile(path.join(folder, 'config.json'), '{"web":{"prot":1},"mqtt":{"port":"x"}}');
  const refused = await start(folder, '--web-port', 'eighty');
  assertRefused(refused, 1, /did you mean web\.port\?.*mqtt\.port .*--web\.port is "eighty"/);
  assert.deepEqual(await readdir(folder), ['config.json']);
});

test('a folder that is a file, and a used folder that is empty, are refused', TIMEOUT, async () => {
  const file = newFolder();
  await writeFile(file, 'x');
  assertRefused(await start(file), 1, /is a file, expected a folder/);
  const folder = newFolder();
  await mkdir(folder);
  await writeFile(`${folder}.initialised`, '');
  assertRefused(await start(folder), 1, /is empty although it was in use; is a disk not mounted\?/);
  assert.deepEqual(await readdir(folder), []);
});

test('a port in use: one line, exit 1, and the folder can be started on another port', TIMEOUT, async () => {
  const folder = newFolder();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  assert.ok(typeof address === 'object' && address !== null);
  const [busy, free] = [String(address.port), String(await freePort())];
  assertRefused(
    await start(folder, '--web-port', busy, '--mqtt-port', free),
    1,
    new RegExp(`web: port ${busy} on 127\\.0\\.0\\.1 is in use by another process; stop it or choose another port`),
  );
  assertRefused(
    await start(folder, '--web-port', free, '--mqtt-port', busy),
    1,
    new RegExp(`MQTT: port ${busy} on 127\\.0\\.0\\.1 is in use`),
  );
  taken.close();
  const centre = await CentreProcess.start({ folder });
  assert.equal((await fetch(`${centre.webUrl}/readyz`)).status, 200);
  assert.equal(await centre.stop(), 0);
});

test('a folder in use is refused by the owner’s pid, and its centre does not notice', TIMEOUT, async () => {
  const centre = await CentreProcess.start();
  try {
    const refused = await start(centre.folder, '--web-port', '0', '--mqtt-port', '0');
    assertRefused(refused, 1, new RegExp(`is in use by process ${centre.pid}; stop it or name another folder`));
    const migrate = await fengsui(['db', 'migrate', '--data', centre.folder]);
    assert.equal(migrate.code, 1);
    assert.match(migrate.stderr, /^fengsui db: .*is in use by process/);
    assert.equal((await fetch(`${centre.webUrl}/readyz`)).status, 200);
    await centre.createDevice('D1', 'generic-terminal', 'V1');
  } finally {
    await centre.dispose();
  }
});

test('port 0 takes free ports and prints them; SIGTERM ends it with 0', TIMEOUT, async () => {
  const folder = newFolder();
  const centre = await CentreProcess.start({ folder, args: ['--web-port', '0', '--mqtt-port', '0'] });
  try {
    const [, web] = /^web {4}http:\/\/127\.0\.0\.1:(\d+)\/$/m.exec(centre.stdout) ?? [];
    const [, mqtt] = /^MQTT {3}mqtt:\/\/127\.0\.0\.1:(\d+)$/m.exec(centre.stdout) ?? [];
    assert.ok(Number(web) > 0 && Number(mqtt) > 0 && web !== mqtt, centre.stdout);
    assert.equal((await fetch(`http://127.0.0.1:${web}/healthz`)).status, 200);
    assert.match(centre.stdout, /^founder, once: http:\/\/127\.0\.0\.1:\d+\/founder#token=[A-Za-z0-9_-]{43}$/m);
    assert.equal(await centre.stop(), 0);
    assert.deepEqual(
      (await readdir(folder)).sort(),
      ['journal', 'keys', 'paper', 'store'],
      'neither pid nor socket is left behind',
    );
  } finally {
    await centre.dispose();
  }
});
