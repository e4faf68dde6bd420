import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MqttClient } from 'mqtt';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type Page, type Series } from '../contract/client/api-client.ts';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { OutsideBroker } from '../foreign/client/outside-broker.ts';
import { CentreProcess } from '../harness/centre-process.ts';

/** The link waits up to 60 s, and the machine is busy. */
const PATIENCE_MS = 120_000;

const mapping = {
  schemaVersion: 1,
  name: 'numbered readings',
  device: { path: '@topic[1]' },
  time: { path: 'at', format: 'epochMs' },
  key: ['number'],
  values: [{ path: 'temperature', point: 't1.temperatureC' }],
  conditions: [{ path: 'event', cases: { arc: { kind: 'arc', level: 'warning', point: 'c1' } } }],
};

let postgres: PostgresServer;
let nats: NatsServer;
let broker: OutsideBroker;
let one: CentreProcess;
let two: CentreProcess;
let vendor: MqttClient;
before(async () => {
  [postgres, nats, broker] = await Promise.all([startPostgresServer(), startNatsServer(), OutsideBroker.start()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  one = await CentreProcess.start({ env });
  two = await CentreProcess.start({ env, standsByFor: one });
  vendor = await broker.publisher();
});
after(async () => {
  vendor?.end(true);
  await one?.dispose();
  await two?.dispose();
  await broker?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

test(
  'the centre that leads is killed, paused or stopped while an outside broker speaks: what the broker took is stored once',
  { timeout: 600_000 },
  async (t) => {
    const [reader, integrator] = [await one.createToken('shiftLeader'), await one.createToken('integrator')];
    await one.createDevice('meter-1', 'generic-terminal', 'v0');
    let leader = new ApiClient(one.webUrl, integrator);
    const source = { id: 'outside', kind: 'mqttBroker', topics: ['vendor/+/data'] };
    const access = { url: broker.url, username: 'centre', password: 'right horse' };
    assert.equal((await leader.post('/api/v1/sources', { ...source, broker: access })).status, 201);
    assert.equal((await leader.call('PUT', '/api/v1/mappings/outside', mapping)).status, 200);
    const isLinked = async (): Promise<boolean> => {
      type Row = { readonly id: string; readonly link?: { readonly state: string } };
      const { items } = await leader.get<Page<Row>>('/api/v1/sources');
      return items.find(({ id }) => id === 'outside')?.link?.state === 'connected';
    };
    await eventually('the link', isLinked, PATIENCE_MS);

    const begin = Date.now() - 3_600_000;
    let number = 0;
    let isOver = false;
    /** Each is with the broker before the next. */
    const flow = (async () => {
      while (!isOver) {
        const event = number % 7 === 0 ? { event: 'arc' } : {};
        const message = { number, at: begin + number * 1_000, temperature: number, ...event };
        await vendor.publishAsync('vendor/meter-1/data', JSON.stringify(message), { qos: 1 });
        number++;
        await sleep(15);
      }
    })();
    const more = (count: number): Promise<unknown> => {
      const wanted = number + count;
      return eventually('messages on their way', async () => number >= wanted, PATIENCE_MS);
    };
    const takesOver = async (next: CentreProcess, how: string): Promise<void> => {
      const before = number;
      await eventually(
        'the other to lead',
        async () => (await fetch(`${next.webUrl}/readyz`)).status === 200,
        PATIENCE_MS,
      );
      leader = new ApiClient(next.webUrl, integrator);
      await eventually('its link', isLinked, PATIENCE_MS);
      t.diagnostic(`${how}: ${number - before} messages until the next centre has the link`);
      await more(40);
    };

    await more(60);
    await one.kill9();
    await takesOver(two, 'kill -9');
    await one.up({ standsBy: true });
    await more(20);
    two.pause();
    await takesOver(one, 'SIGSTOP');
    two.resume();
    await two.ended();
    await two.up({ standsBy: true });
    await more(20);
    await one.stop();
    await takesOver(two, 'a stop in order');
    isOver = true;
    await flow;

    const wanted = Array.from({ length: number }, (_, n) => n);
    const api = new ApiClient(two.webUrl, reader);
    const stored = async (): Promise<readonly number[]> => {
      const path = `/api/v1/series?point=meter-1/t1.temperatureC&from=${begin - 1}&to=${begin + number * 1_000}&maxPoints=10000`;
      const { items, downsampled } = await api.get<Series>(path);
      return downsampled <= 1 ? items.map(([, , , last]) => last) : [];
    };
    const values = await eventually(
      'all values',
      async () => {
        const found = await stored();
        return wanted.every((one) => found.includes(one)) ? found : undefined;
      },
      PATIENCE_MS,
    );
    assert.deepEqual(values, wanted);
    const { items } = await api.get<Page<unknown>>('/api/v1/events?deviceId=meter-1&kind=arc&limit=1000');
    assert.equal(items.length, wanted.filter((one) => one % 7 === 0).length);
    t.diagnostic(`${number} messages, each stored once`);
  },
);
