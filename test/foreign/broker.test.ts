import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { MqttClient } from 'mqtt';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { OutsideBroker } from './client/outside-broker.ts';

/** The link waits up to 60 s, and the machine is busy. */
const PATIENCE_MS = 90_000;
const PASSWORD = 'right horse';

type Row = {
  readonly id: string;
  readonly broker?: Record<string, unknown>;
  readonly lastMessageAt?: string;
  readonly link?: {
    readonly state: string;
    readonly since: string;
    readonly error?: string;
    readonly isFault: boolean;
  };
};

const mapping = {
  schemaVersion: 1,
  name: 'numbered readings',
  device: { path: '@topic[1]' },
  time: { path: 'at', format: 'epochMs' },
  key: ['number'],
  values: [{ path: 'temperature', point: 't1.temperatureC' }],
  conditions: [{ path: 'event', cases: { arc: { kind: 'arc', level: 'warning', point: 'c1' } } }],
};

let contract: ContractCentre;
let broker: OutsideBroker;
let integrator: ApiClient;
let vendor: MqttClient;

const sourceOf = async (id: string): Promise<Row> => {
  const found = (await integrator.get<{ items: Row[] }>('/api/v1/sources')).items.find((row) => row.id === id);
  assert.ok(found);
  return found;
};
const linked = (id: string, state: string): Promise<Row> =>
  eventually(
    `${id} to be ${state}`,
    async () => ((await sourceOf(id)).link?.state === state ? sourceOf(id) : undefined),
    PATIENCE_MS,
  );
const create = async (document: object): Promise<void> => {
  const created = await integrator.post('/api/v1/sources', document);
  assert.equal(created.status, 201, created.text);
  assert.equal((created.body as { secret?: string }).secret, undefined, 'an outside broker has no secret of ours');
};

const begin = Date.now() - 3_600_000;
let number = 0;
const acknowledged = new Set<number>();
/** Resolves when the broker has it. */
async function publishNext(): Promise<void> {
  const mine = number++;
  const message = {
    number: mine,
    at: begin + mine * 1_000,
    temperature: mine,
    ...(mine % 7 === 0 && { event: 'arc' }),
  };
  await vendor.publishAsync('vendor/meter-1/data', JSON.stringify(message), { qos: 1 });
  acknowledged.add(mine);
}
/** Everything the broker has taken is there, and nothing twice. */
async function assertAllOnce(): Promise<void> {
  const wanted = [...acknowledged].sort((a, b) => a - b);
  const missing = (values: readonly number[]): number[] => wanted.filter((one) => !values.includes(one));
  const values = await eventually(
    'all values',
    async () => {
      const found = await contract.valuesOf('meter-1');
      return missing(found).length === 0 ? found : undefined;
    },
    PATIENCE_MS,
  );
  assert.deepEqual(values, wanted);
  const { items } = await contract.api.get<{ items: readonly { kind: string }[] }>(
    '/api/v1/events?deviceId=meter-1&limit=1000',
  );
  assert.equal(items.filter(({ kind }) => kind === 'arc').length, wanted.filter((one) => one % 7 === 0).length);
}

before(async () => {
  contract = await ContractCentre.start();
  broker = await OutsideBroker.start();
  await contract.register('meter-1');
  integrator = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator'));
  vendor = await broker.publisher();
  await create({
    id: 'outside',
    kind: 'mqttBroker',
    topics: ['vendor/+/data'],
    broker: { url: broker.url, username: 'centre', password: PASSWORD },
    awayFaultMinutes: 1,
  });
  assert.equal((await integrator.call('PUT', '/api/v1/mappings/outside', mapping)).status, 200);
  await linked('outside', 'connected');
});
after(async () => {
  vendor?.end(true);
  await contract?.dispose();
  await broker?.dispose();
});

test('what the broker passes on becomes reports; other topics are not subscribed', async () => {
  for (let i = 0; i < 20; i++) await publishNext();
  await vendor.publishAsync('vendor/meter-1/other', '{"x":1}', { qos: 1 });
  await assertAllOnce();
  await contract.raised('meter-1', 'arc');
  const { broker: shown, link, lastMessageAt } = await sourceOf('outside');
  assert.match(String(shown?.['clientId']), /^fengsui-outside-[0-9a-f]{8}$/);
  assert.deepEqual(
    { ...shown, clientId: '' },
    { url: broker.url, clientId: '', username: 'centre', hasPassword: true, hasCa: false },
  );
  assert.deepEqual([link?.state, link?.isFault, link?.error], ['connected', false, undefined]);
  assert.ok(lastMessageAt !== undefined);
  assert.deepEqual((await integrator.get<{ items: unknown[] }>('/api/v1/inbox?source=outside')).items, []);
});

test('kill -9 of the centre while messages flow: 0 lost, 0 doubled', async () => {
  for (let kill = 0; kill < 2; kill++) {
    let isUp = true;
    const flow = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (isUp) {
          await publishNext();
          await sleep(10);
        }
      }),
    );
    const sent = number;
    await eventually('messages on their way', () => number >= sent + 60 + 17 * kill);
    await contract.process.kill9();
    // The broker takes on while nobody fetches.
    await eventually('messages that wait', () => number >= sent + 90 + 17 * kill);
    isUp = false;
    await flow;
    await contract.process.up();
  }
  assert.ok(acknowledged.size > 100, `only ${acknowledged.size} messages`);
  await linked('outside', 'connected');
  await assertAllOnce();
});

test('the broker ends and comes back: the link follows, and what it kept arrives once', async () => {
  await broker.down('SIGKILL');
  const away = await linked('outside', 'away');
  assert.ok(away.link?.error !== undefined && away.link.error.length > 0, 'why it is away');
  await broker.up();
  await linked('outside', 'connected');
  // mosquitto keeps sessions over SIGTERM: what it takes while we are away waits there.
  await contract.process.stop();
  for (let i = 0; i < 50; i++) await publishNext();
  await broker.down('SIGTERM');
  await contract.process.up();
  await linked('outside', 'away');
  await broker.up();
  await linked('outside', 'connected');
  await eventually('the vendor to be back', () => vendor.connected, PATIENCE_MS);
  await publishNext();
  await assertAllOnce();
});

test('a broker that cannot be reached is named with its reason; its address can be changed, and it can be ended', async () => {
  const unreachable = { url: 'mqtt://127.0.0.1:1', username: 'centre', password: PASSWORD };
  await create({ id: 'gone', kind: 'mqttBroker', topics: ['a/#'], venueIds: ['V1'], broker: unreachable });
  const away = await eventually(
    'the reason',
    async () => {
      const { link } = await sourceOf('gone');
      return link?.error === undefined ? undefined : link;
    },
    PATIENCE_MS,
  );
  assert.deepEqual([away.state, away.isFault], ['away', false]);
  assert.match(away.error ?? '', /ECONNREFUSED/);
  const changed = await integrator.call('PUT', '/api/v1/sources/gone', {
    broker: { url: broker.url, username: 'centre' },
  });
  assert.equal(changed.status, 200, changed.text);
  await linked('gone', 'connected');
  assert.equal((await integrator.post('/api/v1/sources/gone/revoke', {})).status, 200);
  await eventually('the link to end', async () => (await sourceOf('gone')).link === undefined, PATIENCE_MS);
});

test('retained messages, repeated with every subscription, count once; oversized ones wait and hold up nothing', async () => {
  await contract.register('heat-1', { model: 'generic-heat' });
  const retained = {
    schemaVersion: 1,
    name: 'retained',
    device: { path: '@topic[1]' },
    values: [{ path: 't', point: 'heat.temperatureC' }],
  };
  const values = () => contract.valuesOf('heat-1', 'heat.temperatureC');
  const waiting = async () => (await integrator.get<{ items: unknown[] }>('/api/v1/inbox?source=kept')).items.length;
  await vendor.publishAsync('kept/heat-1', '{"t":19.25}', { qos: 1, retain: true });
  await create({
    id: 'kept',
    kind: 'mqttBroker',
    topics: ['kept/#'],
    broker: { url: broker.url, username: 'centre', password: PASSWORD },
  });
  // It waits until there is a mapping, and comes again with the next subscription.
  await eventually('the retained message', async () => (await waiting()) === 1, PATIENCE_MS);
  await integrator.call('PUT', '/api/v1/mappings/kept', retained);
  await integrator.post('/api/v1/inbox/replay', { source: 'kept' });
  await eventually('the retained value', async () => (await values()).includes(19.25));
  await contract.process.kill9();
  await contract.process.up();
  await linked('kept', 'connected');
  await vendor.publishAsync('kept/heat-1', `{"t":1,"fill":"${'x'.repeat(600_000)}"}`, { qos: 1 });
  await vendor.publishAsync('kept/heat-1', '{"t":20.5}', { qos: 1 });
  await eventually('the next value', async () => (await values()).includes(20.5), PATIENCE_MS);
  assert.deepEqual(await values(), [19.25, 20.5]);
  const { items } = await integrator.get<{ items: { bytes: number; unmapped: { reason: string }[] }[] }>(
    '/api/v1/inbox?source=kept',
  );
  assert.ok(
    items.some(({ unmapped }) => unmapped[0]?.reason === 'messageTooLarge'),
    JSON.stringify(items),
  );
});

test('over TLS only with the authority that is registered', async () => {
  const secure = await OutsideBroker.start({ tls: true });
  try {
    const access = { url: secure.url, username: 'centre', password: PASSWORD };
    await create({ id: 'secure', kind: 'mqttBroker', topics: ['s/#'], broker: access });
    const refused = await eventually(
      'the refusal',
      async () => {
        const { link } = await sourceOf('secure');
        return link?.error === undefined ? undefined : link;
      },
      PATIENCE_MS,
    );
    assert.equal(refused.state, 'away');
    assert.match(refused.error ?? '', /certificate/i);
    const ca = await readFile(path.join(secure.folder, 'ca.crt'), 'utf8');
    const changed = await integrator.call('PUT', '/api/v1/sources/secure', {
      broker: { ...access, password: undefined, ca },
    });
    assert.equal(changed.status, 200, changed.text);
    await linked('secure', 'connected');
    const wrong = await integrator.call('PUT', '/api/v1/sources/secure', {
      broker: { ...access, ca, password: 'wrong' },
    });
    assert.equal(wrong.status, 200);
    await eventually(
      'the password to be refused',
      async () => /not authori[sz]ed|refused/i.test((await sourceOf('secure')).link?.error ?? ''),
      PATIENCE_MS,
    );
  } finally {
    await integrator.post('/api/v1/sources/secure/revoke', {});
    await secure.dispose();
  }
});

test('the password is in no answer, no log and no OpenAPI example', async () => {
  assert.ok(!`${contract.process.stdout}${contract.process.stderr}`.includes(PASSWORD));
  const everything = await Promise.all(
    ['/api/v1/sources', '/api/v1/inbox?limit=1000', '/api/v1/mappings/outside'].map((address) =>
      integrator.call('GET', address),
    ),
  );
  for (const { text } of everything) assert.ok(!text.includes(PASSWORD));
  const bad = await integrator.post('/api/v1/sources', {
    id: 'x',
    kind: 'mqttBroker',
    topics: ['a'],
    broker: { url: `mqtt://centre:${PASSWORD.replace(' ', '%20')}@127.0.0.1:1` },
  });
  assert.deepEqual([bad.status, (bad.body as { code: string }).code], [422, 'invalidSource'], bad.text);
});
