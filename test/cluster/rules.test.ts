import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type AlarmStep, type Page, type Series } from '../contract/client/api-client.ts';
import { CookieClient } from '../contract/client/cookie-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { Provision } from '../contract/client/provision.ts';
import { CentreProcess } from '../harness/centre-process.ts';

const PASSWORD = 'quartz-lamp 58 violet';
/** Of several shards: both workers have some of them. */
const DEVICES = 8;

let postgres: PostgresServer;
let nats: NatsServer;
let centre: CentreProcess;
let gateway: CentreProcess;
let workers: readonly CentreProcess[] = [];
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  const start = (roles: string) => CentreProcess.start({ env, args: ['--roles', roles] });
  centre = await start('worker,api');
  gateway = await start('gateway');
  workers = [await start('worker'), await start('worker')];
});
after(async () => {
  for (const one of [...workers, gateway, centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

const shards = async (of: CentreProcess): Promise<number> => {
  const text = await (await fetch(`${of.webUrl}/metrics`)).text();
  return Number(/^fengsui_worker_shards (.*)$/m.exec(text)?.[1]);
};

const heat = { point: 'heat.temperatureC' } as const;
const above40 = { ...heat, kind: 'limit', direction: 'above', threshold: 40, deadband: 0, onDelayMs: 0, offDelayMs: 0 };
const rules = {
  'heat-rises': { kind: 'rate', ...heat, riseAtLeast: 26, windowMs: 3_600_000, endsBelow: 6 },
  'heat-again': { kind: 'count', of: above40, atLeast: 2, windowMs: 3_600_000 },
};

test(
  'a rise and a count go on where the next worker has their venue: each raised once, whichever worker is killed between the readings',
  { timeout: 400_000 },
  async () => {
    const provision = new Provision(centre);
    const api = new ApiClient(centre.webUrl, await centre.createToken('shiftLeader'));
    const people: CookieClient[] = [];
    for (const username of ['zhang', 'wang']) {
      await provision.user(username, PASSWORD, 'shiftLeader');
      const person = new CookieClient(centre.webUrl);
      assert.equal((await person.post('/login', { username, password: PASSWORD })).status, 200);
      people.push(person);
    }
    const [zhang, wang] = people as [CookieClient, CookieClient];

    const devices: DeviceClient[] = [];
    for (let n = 0; n < DEVICES; n++) {
      const secret = await centre.createDevice(`h${n}`, 'generic-heat', `v${n}`);
      devices.push(await eventually('it to be let in', () => DeviceClient.connect(gateway.mqttUrl, `h${n}`, secret)));
    }
    const stored = async (device: string): Promise<number> => {
      const path = `/api/v1/series?point=${device}/heat.temperatureC&from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`;
      return (await api.get<Series>(path)).items.length;
    };
    let seq = 0;
    const read = async (celsius: number): Promise<void> => {
      for (const device of devices)
        await device.telemetry({ epoch: 'r', seq, at: Date.now(), values: { 'heat.temperatureC': celsius } });
      seq++;
      for (let n = 0; n < DEVICES; n++)
        await eventually(`reading ${seq} of h${n}`, async () => (await stored(`h${n}`)) >= seq);
    };
    await read(20);
    for (const [id, ruleTest] of Object.entries(rules)) {
      const path = `/rules/${id}/versions`;
      const said = { zh: '热', en: 'heat' };
      const draft = {
        ...{ kind: id === 'heat-rises' ? 'heat' : 'overTemperature', level: 'warning', scope: {}, test: ruleTest },
        ...{ consequence: said, response: said, timeAllowedS: 60, source: 'ours', priority: 'P2', reason: 'a trial' },
      };
      const drafted = await zhang.post(path, draft);
      assert.equal(drafted.status, 201, drafted.text);
      assert.equal((await zhang.post(`${path}/1/trial`, { days: 1 })).status, 202);
      await eventually('the figure of the trial', async () => {
        const { trial, running } = (await zhang.call('GET', `${path}/1`)).body as { trial?: object; running?: object };
        return trial !== undefined && running === undefined;
      });
      for (const [person, step] of [
        [wang, 'review'],
        [zhang, 'on'],
      ] as const) {
        const answer = await person.post(`${path}/1/${step}`, {});
        assert.equal(answer.status, 200, answer.text);
      }
    }
    await eventually('the shards to be dealt', async () => (await shards(workers[0] as CentreProcess)) === 7);
    assert.equal(await shards(workers[1] as CentreProcess), 7);

    // A rule remembers from when it was switched on.
    await read(20);
    await read(45);
    for (let n = 0; n < DEVICES; n++) assert.deepEqual(await api.alarmsOf(`h${n}`), []);
    // A rise of 25 K, one too few; and once above 40. What is missing comes behind the kills.
    for (const worker of workers) {
      await worker.kill9();
      const other = workers.find((one) => one !== worker) as CentreProcess;
      await eventually('its shards to go on elsewhere', async () => (await shards(other)) === 14);
      await worker.up();
      await eventually('the shards to be dealt again', async () => (await shards(worker)) === 7);
    }
    await read(32);
    await read(46);
    for (let n = 0; n < DEVICES; n++) {
      const alarms = await eventually(`both alarms of h${n}`, async () => {
        const found = await api.alarmsOf(`h${n}`);
        return found.length >= 2 ? found : undefined;
      });
      assert.deepEqual(alarms.map(({ kind }) => kind).sort(), ['heat', 'overTemperature'], `h${n}`);
      for (const { id, kind } of alarms) {
        const { items } = await api.get<Page<AlarmStep>>(`/api/v1/alarms/${id}/history`);
        assert.equal(
          items.filter((step) => step.kind === 'raised').length,
          1,
          `${kind} of h${n}: ${JSON.stringify(items)}`,
        );
      }
    }
    for (const device of devices) device.mqtt.end(true);
  },
);
