import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { migrate } from '../../apps/centre/src/store/migrate.ts';
import { migrations } from '../../apps/centre/src/store/migrations/index.ts';
import { createPgliteStore } from '../../apps/centre/src/store/pglite-store.ts';
import { startNatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer } from '../../tools/servers/postgres-server.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { ReportingDevice } from '../harness/reporting-device.ts';

const DEVICES = 25;
/** 25 devices: 500 reports a second. */
const INTERVAL_MS = 50;
const EVENT_EVERY = 25;
const MAX_POINTS = 10_000;
const STEADY_FROM = 1_700_000_000_000;

/** A device whose messages are the same bytes whenever it sends them again. */
async function sendSteady(url: string, secret: string): Promise<void> {
  const client = await mqtt.connectAsync(url, { clientId: 'steady', username: 'steady', password: secret });
  try {
    for (let seq = 0; seq < 50; seq++) {
      const at = STEADY_FROM + seq * 1000;
      const isEvent = seq === 49;
      const message = isEvent
        ? { epoch: 's', seq, at, kind: 'smoke', point: 'c1', active: true, level: 'alarm' }
        : { epoch: 's', seq, at, values: { 'c1.activePowerW': seq } };
      const topic = `fengsui/v1/steady/${isEvent ? 'event' : 'telemetry'}`;
      await client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
    }
  } finally {
    await client.endAsync();
  }
}

type Engine = {
  readonly name: string;
  /** The environment of the first centre, that of the restored one, and what ends it all. */
  prepare(): Promise<{
    readonly from: Record<string, string>;
    readonly to: Record<string, string>;
    end: () => Promise<void>;
  }>;
};

async function twoDatabases() {
  const server = await startPostgresServer();
  const psql = path.join(server.binFolder, 'psql');
  const create = `CREATE DATABASE restored TEMPLATE template0`;
  await promisify(execFile)(psql, ['-XAt', '-c', create, server.url], { timeout: 60_000 });
  const restored = new URL(server.url);
  restored.pathname = '/restored';
  return { server, from: { FENGSUI_DATABASE_URL: server.url }, to: { FENGSUI_DATABASE_URL: restored.href } };
}

const engines: readonly Engine[] = [
  { name: 'the embedded store', prepare: async () => ({ from: {}, to: {}, end: async () => undefined }) },
  {
    name: 'PostgreSQL',
    async prepare() {
      const { from, to, server } = await twoDatabases();
      return { from, to, end: () => server.stop() };
    },
  },
  {
    name: 'PostgreSQL with the journal on NATS',
    async prepare() {
      const { from, to, server } = await twoDatabases();
      const [nats, natsOfRestored] = await Promise.all([startNatsServer(), startNatsServer()]);
      return {
        from: { ...from, FENGSUI_NATS_URL: nats.url },
        to: { ...to, FENGSUI_NATS_URL: natsOfRestored.url },
        end: async () => {
          for (const one of [nats, natsOfRestored, server]) await one.stop();
        },
      };
    },
  },
];

for (const engine of engines) {
  test(
    `${engine.name}: a backup made while 500 reports a second flow, restored elsewhere, has all that was acknowledged before it, once`,
    { timeout: 600_000 },
    async (t) => {
      const scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-backup-'));
      const file = path.join(scratch, 'backup.tar.gz');
      const { from, to, end } = await engine.prepare();
      const centre = await CentreProcess.start({ env: from });
      let restored: CentreProcess | undefined;
      const devices: ReportingDevice[] = [];
      let runs: Promise<void>[] = [];
      try {
        for (let n = 1; n <= DEVICES; n++) {
          const secret = await centre.createDevice(`b${n}`, 'generic-terminal', `v${n % 5}`);
          devices.push(new ReportingDevice(centre.mqttUrl, `b${n}`, secret));
        }
        const steadySecret = await centre.createDevice('steady', 'generic-terminal', 'v1');
        await sendSteady(centre.mqttUrl, steadySecret);
        const token = await centre.createToken('integrator');
        await centre.createUser('keeper', 'operator', 'correct horse battery staple');
        const keys = await callControlSocket(centre.folder, 'commandKeys', {});
        runs = devices.map((device) => device.run(INTERVAL_MS, EVENT_EVERY));
        const enough = Date.now() + 60_000;
        while (devices.some(({ raisedCount }) => raisedCount === 0)) {
          assert.ok(Date.now() < enough, 'not every device has raised its alarm within 60 s');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const before = devices.map(({ acknowledged }) => [...acknowledged]);
        const made = await fengsui(['backup', 'create', '--data', centre.folder, '--to', file, '--json']);
        assert.equal(made.code, 0, made.stderr);
        const after = devices.map(({ acknowledged }) => acknowledged.length);
        for (const device of devices) device.stop();
        await Promise.all(runs);
        await centre.kill9();
        assert.equal((await stat(file)).mode & 0o777, 0o600);

        const verified = await fengsui(['backup', 'verify', file, '--json']);
        assert.equal(verified.code, 0, verified.stderr);
        const folder = path.join(scratch, 'elsewhere');
        const done = await fengsui(['backup', 'restore', file, '--data', folder, '--json'], { env: to });
        assert.equal(done.code, 0, done.stderr);
        restored = await CentreProcess.start({ folder, env: to });
        const { webUrl, mqttUrl } = restored;
        const get = async <Body>(place: string): Promise<Body> => {
          const response = await fetch(webUrl + place, { headers: { authorization: `Bearer ${token}` } });
          assert.equal(response.status, 200, `${place}: ${response.status}`);
          return (await response.json()) as Body;
        };
        const stored = async (id: string): Promise<number[]> => {
          const query = `point=${id}/c1.activePowerW&from=${STEADY_FROM - 1}&to=${STEADY_FROM + 60_000}`;
          const span = id === 'steady' ? query : `point=${id}/c1.activePowerW&from=${Date.now() - 1_800_000}`;
          const { items } = await get<{ items: number[][] }>(`/api/v1/series?${span}&maxPoints=${MAX_POINTS}`);
          return items.map((row) => row[3] as number).sort((a, b) => a - b);
        };
        let there = 0;
        for (const [n, { id }] of devices.entries()) {
          const rows = await stored(id);
          assert.equal(new Set(rows).size, rows.length, `${id} has a report twice`);
          const missing = (before[n] ?? []).filter((seq) => !rows.includes(seq));
          assert.deepEqual(missing, [], `${id} lacks what was acknowledged before the backup`);
          there += rows.length;
        }
        // A device knows nothing of all this: it comes with its old secret and says everything again.
        await sendSteady(mqttUrl, steadySecret);
        assert.deepEqual(
          await stored('steady'),
          Array.from({ length: 49 }, (_, seq) => seq),
        );
        const { items: alarms } = await get<{ items: { deviceId: string; kind: string; count: number }[] }>(
          '/api/v1/alarms?limit=1000',
        );
        const smoke = alarms.filter(({ deviceId, kind }) => deviceId === 'steady' && kind === 'smoke');
        assert.deepEqual(
          smoke.map(({ count }) => count),
          [1],
        );
        for (const { id } of devices) {
          const own = alarms.filter(({ deviceId, kind }) => deviceId === id && kind === 'arc');
          assert.equal(own.length, 1, `${id} has ${own.length} alarms`);
        }
        assert.deepEqual(await callControlSocket(folder, 'commandKeys', {}), keys);
        const logIn = await fetch(`${webUrl}/api/v1/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: webUrl },
          body: JSON.stringify({ username: 'keeper', password: 'correct horse battery staple' }),
        });
        assert.ok(logIn.ok, `log-in: ${logIn.status}`);
        const during = after.reduce((sum, count, n) => sum + count - (before[n]?.length ?? 0), 0);
        t.diagnostic(`${during} reports acknowledged while the backup was made, ${there} of all in the restored store`);
        assert.ok(during > 0, 'nothing was acknowledged while the backup was made');
      } finally {
        for (const device of devices) device.stop();
        await restored?.dispose();
        await centre.dispose();
        await end();
        await rm(scratch, { recursive: true, force: true });
      }
    },
  );
}

test(
  'a newer version backs an existing store up before it changes it, and goes no further without',
  { timeout: 300_000 },
  async () => {
    const scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-migrated-'));
    const folder = path.join(scratch, 'data');
    const older = migrations.slice(0, -1);
    const newest = migrations.at(-1)?.version ?? 0;
    try {
      await mkdir(path.join(folder, 'journal'), { recursive: true });
      const store = await createPgliteStore({ folder: path.join(folder, 'store') });
      await migrate(store, older);
      await store.close();
      // A file where the folder of the backups should be.
      await writeFile(path.join(folder, 'backups'), '');
      const stopped = await fengsui(['db', 'migrate', '--data', folder]);
      assert.equal(stopped.code, 1);
      assert.match(stopped.stderr, /the backup that goes before failed: .*; nothing was changed/);
      await rm(path.join(folder, 'backups'));
      const migrated = await fengsui(['db', 'migrate', '--data', folder]);
      assert.equal(migrated.code, 0, migrated.stderr);
      const [name = ''] = (await readdir(path.join(folder, 'backups'))).filter((each) => each.endsWith('.tar.gz'));
      assert.match(name, new RegExp(`^before-schema-${older.at(-1)?.version}-to-${newest}-`));
      const file = path.join(folder, 'backups', name);
      const verified = await fengsui(['backup', 'verify', file, '--deep', '--json']);
      assert.equal(verified.code, 0, verified.stderr);
      const { schemaVersion, reason } = JSON.parse(verified.stdout) as { schemaVersion: number; reason: string };
      assert.deepEqual([schemaVersion, reason], [older.at(-1)?.version, 'beforeMigration']);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
);
