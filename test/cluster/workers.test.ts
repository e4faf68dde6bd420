import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type AlarmRow, type Page } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { LiveClient } from '../contract/client/live-client.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { createReadingUser } from '../harness/reading-user.ts';
import { ReportingFleet } from '../harness/reporting-fleet.ts';

/** Longer than a worker may say nothing before its shards are taken. */
const AWAY_MS = 6_000;

let postgres: PostgresServer;
let nats: NatsServer;
let env: Readonly<Record<string, string>>;
let centre: CentreProcess;
let gateway: CentreProcess;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url, FENGSUI_CANARY_EVERYS: '2' };
  centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
  const reader = await createReadingUser(postgres.url);
  gateway = await CentreProcess.start({ env: { ...env, FENGSUI_DATABASE_URL: reader }, args: ['--roles', 'gateway'] });
});
after(async () => {
  for (const one of [gateway, centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

async function startWorker(t: TestContext): Promise<CentreProcess> {
  const worker = await CentreProcess.start({ env, args: ['--roles', 'worker'] });
  t.after(async () => {
    t.diagnostic(worker.stderr);
    await worker.dispose();
  });
  return worker;
}

async function metric(of: CentreProcess, name: string): Promise<number> {
  const text = await (await fetch(`${of.webUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

const shards = (of: CentreProcess): Promise<number> => metric(of, 'fengsui_worker_shards');

test(
  'two workers share the venues: kill -9 of a worker and of the centre, a worker that hangs for longer than it is waited for, a third that comes and one that leaves, lose and double nothing',
  { timeout: 600_000 },
  async (t) => {
    const token = await centre.createToken('integrator');
    const fleet = await ReportingFleet.start(centre, {
      count: 12,
      prefix: 'w',
      intervalMs: 100,
      eventEvery: 15,
      mqttUrls: [gateway.mqttUrl],
    });
    t.after(() => fleet.cut());
    await fleet.goesOn();

    const [one, other] = [await startWorker(t), await startWorker(t)];
    const areDealt = (): Promise<unknown> =>
      eventually('the shards to be dealt', async () => (await shards(one)) === 7 && (await shards(other)) === 7);
    await areDealt();
    await fleet.goesOn();

    await one.kill9();
    await fleet.goesOn();
    await eventually('its shards to go on elsewhere', async () => (await shards(other)) === 14);
    await one.up();
    await areDealt();
    await fleet.goesOn();

    other.pause();
    await eventually('the shards of the one that hangs to be taken over', async () => (await shards(one)) === 14);
    await fleet.goesOn();
    other.resume();
    assert.equal(await other.ended(), 1, 'what it had is another one’s by now: it begins anew');
    await other.up();
    await areDealt();

    await centre.kill9();
    await fleet.goesOn();
    await centre.up();
    await fleet.goesOn();
    await areDealt();

    const third = await startWorker(t);
    await eventually('the third to have its share', async () => (await shards(third)) === 4);
    await fleet.goesOn();
    assert.equal(await third.stop(), 0, third.stderr);
    await areDealt();
    await fleet.goesOn();

    nats.pause();
    await eventually('a worker to say so', async () => (await fetch(`${one.webUrl}/readyz`)).status === 503);
    nats.resume();
    await fleet.goesOn();

    await fleet.stop();
    t.diagnostic(await fleet.assertNothingLost(centre.webUrl, token));
  },
);

test(
  'what a worker applies is the centre’s to show and to act on: an alarm on the feed and its acknowledgement, a value, presence; a limit whose delay runs out where nobody but the worker counts it, also when that one is killed meanwhile; a command and its reply',
  { timeout: 300_000 },
  async (t) => {
    const [one, other] = [await startWorker(t), await startWorker(t)];
    await eventually('the shards to be dealt', async () => (await shards(one)) + (await shards(other)) === 14);
    const token = await centre.createToken('operator');
    const api = new ApiClient(centre.webUrl, token);
    // Of a venue whose shard is not the centre's own.
    const secret = await centre.createDevice('s1', 'generic-terminal', 'v1');
    const live = await LiveClient.open(centre.webUrl, token);
    t.after(() => live.close());
    live.subscribe();
    await live.snapshot();
    const device = await eventually('s1 to be let in', () => DeviceClient.connect(gateway.mqttUrl, 's1', secret));
    t.after(() => device.mqtt.end(true));
    await live.frame('presence', ({ presence = [] }) => presence.some(([id, online]) => id === 's1' && online));

    await device.event({ epoch: 'a', seq: 0, at: Date.now(), kind: 'arc', point: 'c1', active: true, level: 'alarm' });
    await device.telemetry({ epoch: 'a', seq: 1, at: Date.now(), values: { 'c1.currentA': 4.25 } });
    await live.frame('the value', ({ values = [] }) => values.some(([id, , , value]) => id === 's1' && value === 4.25));
    await live.frame('the alarm', ({ alarms = [] }) =>
      alarms.some(({ deviceId, kind }) => deviceId === 's1' && kind === 'arc'),
    );
    const [alarm] = await api.alarmsOf('s1');
    assert.ok(alarm !== undefined);
    const acknowledged = await api.post(`/api/v1/alarms/${alarm.id}/acknowledge`, { note: 'seen' });
    assert.equal(acknowledged.status, 200, acknowledged.text);
    assert.equal((await api.alarm(alarm.id)).state, 'acknowledged');

    await device.mqtt.subscribeAsync('fengsui/v1/s1/command', { qos: 1 });
    device.mqtt.on('message', (_topic, payload) => {
      const { id } = JSON.parse(payload.toString('utf8')) as { id: string };
      void device.send('reply', { id, ok: true, result: { passed: true }, at: Date.now() });
    });
    const technician = new ApiClient(centre.webUrl, await centre.createToken('technician'));
    await eventually('a command to be taken', async () => {
      const { status } = await technician.post('/api/v1/devices/s1/commands', { name: 'selfTest', reason: 'test' });
      return status === 202;
    });
    await eventually('its answer to arrive', async () => {
      const { items } = await technician.get<Page<{ state: string }>>('/api/v1/devices/s1/commands');
      return items[0]?.state === 'done';
    });

    // Above the limit by one report, and no other comes: only its timer can raise it.
    await device.telemetry({ epoch: 'a', seq: 2, at: Date.now(), values: { 't1.temperatureC': 91 } });
    await live.frame('the value', ({ values = [] }) => values.some(([id, , , value]) => id === 's1' && value === 91));
    await one.kill9();
    await other.kill9();
    const isHot = ({ deviceId, kind }: AlarmRow): boolean => deviceId === 's1' && kind === 'overTemperature';
    // What they said last may be lost: who watches is told to look anew.
    await live.frame('resync', ({ type }) => type === 'resync');
    await eventually('the limit', async () => (await api.alarmsOf('s1')).some(isHot));
    assert.equal((await api.alarmsOf('s1')).filter(isHot).length, 1);
    assert.equal((await api.alarm(alarm.id)).state, 'acknowledged', 'the centre has what the workers had');
  },
);

test(
  'PostgreSQL that is killed, and NATS that is killed, and both back after longer than a dead worker is waited for: nobody is buried, nothing is lost or doubled',
  { timeout: 300_000 },
  async (t) => {
    const token = await centre.createToken('integrator');
    const [one, other] = [await startWorker(t), await startWorker(t)];
    const areDealt = (): Promise<unknown> =>
      eventually('the shards to be dealt', async () => (await shards(one)) === 7 && (await shards(other)) === 7);
    await areDealt();
    const fleet = await ReportingFleet.start(centre, {
      count: 10,
      prefix: 'x',
      intervalMs: 100,
      eventEvery: 15,
      mqttUrls: [gateway.mqttUrl],
    });
    t.after(() => fleet.cut());
    await fleet.goesOn();
    const saidBefore = centre.stderr.length;

    await postgres.kill9();
    await fleet.goesOn();
    await sleep(AWAY_MS);
    await postgres.restart();
    await fleet.goesOn();

    await nats.kill9();
    await sleep(AWAY_MS);
    await nats.restart();
    await fleet.goesOn();
    await areDealt();

    await fleet.stop();
    t.diagnostic(await fleet.assertNothingLost(centre.webUrl, token));
    assert.doesNotMatch(centre.stderr.slice(saidBefore), /a worker is gone/);
  },
);
