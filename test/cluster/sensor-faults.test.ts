import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { createReadingUser } from '../harness/reading-user.ts';

const READINGS = 80;
const VENUES = ['v1', 'v2', 'v3'];

let postgres: PostgresServer;
let nats: NatsServer;
let centre: CentreProcess;
let gateway: CentreProcess;
let worker: CentreProcess;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
  const readerEnv = { ...env, FENGSUI_DATABASE_URL: await createReadingUser(postgres.url) };
  gateway = await CentreProcess.start({ env: readerEnv, args: ['--roles', 'gateway'] });
  worker = await CentreProcess.start({ env, args: ['--roles', 'worker'] });
});
after(async () => {
  for (const one of [worker, gateway, centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

type Spot = { readonly deviceId: string; readonly reasons: readonly string[] };

test(
  'a sensor that grows noisy with a worker stands in the list of the centre that leads, and of the one that leads next',
  { timeout: 300_000 },
  async (t) => {
    await eventually('the worker to have its shards', async () => {
      const text = await (await fetch(`${worker.webUrl}/metrics`)).text();
      return Number(/^fengsui_worker_shards (.*)$/m.exec(text)?.[1]) === 14;
    });
    const api = new ApiClient(centre.webUrl, await centre.createToken('shiftLeader'));
    for (const venueId of VENUES) {
      const id = `noisy-${venueId}`;
      const secret = await centre.createDevice(id, 'generic-smoke', venueId);
      const device = await eventually(`${id} to be let in`, () => DeviceClient.connect(gateway.mqttUrl, id, secret));
      t.after(() => device.mqtt.end(true));
      const beganAt = Date.now() - READINGS * 1_000;
      for (let seq = 1; seq <= READINGS; seq++) {
        const values = { 'smoke.obscurationPctPerM': seq % 2 === 0 ? 0 : 4 };
        await device.telemetry({ epoch: 'f', seq, at: beganAt + seq * 1_000, values });
      }
    }
    const untilListed = (where: string): Promise<unknown> =>
      eventually(`all to be listed by ${where}`, async () => {
        const { items } = await api.get<Page<Spot>>('/api/v1/blind-spots').catch(() => ({ items: [] }));
        const noisy = items.filter(({ reasons }) => reasons.includes('sensorNoisy')).map(({ deviceId }) => deviceId);
        return VENUES.every((venueId) => noisy.includes(`noisy-${venueId}`));
      });
    await untilListed('the leader');
    await centre.kill9();
    await centre.up();
    await untilListed('the next leader');
  },
);
