import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Isolation } from '@fengsui/protocol';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { LiveClient } from '../contract/client/live-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { createReadingUser } from '../harness/reading-user.ts';

let postgres: PostgresServer;
let nats: NatsServer;
let centre: CentreProcess;
let gateway: CentreProcess;
let seat: CentreProcess;
let worker: CentreProcess;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
  const readerEnv = { ...env, FENGSUI_DATABASE_URL: await createReadingUser(postgres.url) };
  gateway = await CentreProcess.start({ env: readerEnv, args: ['--roles', 'gateway'] });
  seat = await CentreProcess.start({ env: readerEnv, args: ['--roles', 'api'] });
  worker = await CentreProcess.start({ env, args: ['--roles', 'worker'] });
});
after(async () => {
  for (const one of [worker, seat, gateway, centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

test(
  'isolated at a door for seats, applied by a worker: it hides the alarms of its venue and of no other, also when worker and leader have been killed meanwhile, and they ring at its end',
  { timeout: 300_000 },
  async (t) => {
    await eventually('the worker to have its shards', async () => {
      const text = await (await fetch(`${worker.webUrl}/metrics`)).text();
      return Number(/^fengsui_worker_shards (.*)$/m.exec(text)?.[1]) === 14;
    });
    const api = new ApiClient(seat.webUrl, await centre.createToken('shiftLeader'));
    const open = async (id: string, venueId: string): Promise<DeviceClient> => {
      const secret = await centre.createDevice(id, 'generic-terminal', venueId);
      const client = await eventually(`${id} to be let in`, () => DeviceClient.connect(gateway.mqttUrl, id, secret));
      t.after(() => client.mqtt.end(true));
      return client;
    };
    const [hidden, beside] = [await open('i1', 'v1'), await open('i2', 'v2')];
    const order = { venueId: 'v1', kind: 'isolated', until: new Date(Date.now() + 3_600_000).toISOString() };
    // The door hears of a venue after the leader: until then it is none.
    const asked = await eventually('the venue to be known and isolated', async () => {
      const answer = await api.post('/api/v1/isolations', { ...order, reason: 'works' });
      return answer.status < 300 && (answer.body as Isolation);
    });
    assert.equal(asked.state, 'active');
    const live = await LiveClient.open(seat.webUrl, await centre.createToken('operator'));
    t.after(() => live.close());
    live.subscribe({ topics: ['isolations'] });
    const standing = await live.frame('it at the door', ({ isolations = [] }) => isolations[0]?.id === asked.id);
    assert.equal(standing.isolations?.[0]?.state, 'active');
    const raise = (by: DeviceClient, kind: string): Promise<unknown> =>
      by.event({ at: Date.now(), kind, point: 'c1', active: true, level: 'alarm' });
    const states = async (deviceId: string): Promise<Record<string, string>> =>
      Object.fromEntries((await api.alarmsOf(deviceId)).map(({ kind, state }) => [kind, state]));
    const untilTold = (deviceId: string, expected: Record<string, string>): Promise<unknown> =>
      eventually(`${deviceId} to be ${JSON.stringify(expected)}`, async () => {
        const found = await states(deviceId).catch(() => ({}));
        return JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(expected).sort());
      });
    const hiddenNow = async (): Promise<number | undefined> =>
      (await api.get<Page<Isolation>>('/api/v1/isolations?open=true')).items[0]?.hiddenNow;

    await raise(hidden, 'arc');
    await raise(beside, 'arc');
    await untilTold('i2', { arc: 'unacknowledged' });
    await untilTold('i1', { arc: 'outOfService' });
    await eventually('the leader to count it', async () => (await hiddenNow()) === 1);
    await live.frame('what a worker hides', ({ isolations = [] }) => isolations[0]?.hiddenNow === 1);

    await worker.kill9();
    await raise(hidden, 'overload');
    await untilTold('i1', { arc: 'outOfService', overload: 'outOfService' });

    await worker.up();
    await centre.kill9();
    await raise(hidden, 'phaseLoss');
    await centre.up();
    const all = ['arc', 'overload', 'phaseLoss'];
    await untilTold('i1', Object.fromEntries(all.map((kind) => [kind, 'outOfService'])));
    await eventually('the next leader to count all', async () => (await hiddenNow().catch(() => 0)) === 3);

    await eventually('its end', async () => (await api.post(`/api/v1/isolations/${asked.id}/end`, {})).status === 200);
    await untilTold('i1', Object.fromEntries(all.map((kind) => [kind, 'unacknowledged'])));
    assert.deepEqual(await states('i2'), { arc: 'unacknowledged' });
  },
);
