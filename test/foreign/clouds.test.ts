import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';

const run = promisify(execFile);
const TOKEN = 'agreed-token-1';

let contract: ContractCentre;
let integrator: ApiClient;

/** base64 of MD5, by the program openssl. */
const signed = (...parts: readonly string[]): string =>
  execFileSync('openssl', ['dgst', '-md5', '-binary'], { input: parts.join('') }).toString('base64');

async function open(source: object, file: string): Promise<string> {
  const created = await integrator.post('/api/v1/sources', source);
  assert.equal(created.status, 201, created.text);
  const { sourceId, secret } = created.body as { sourceId: string; secret: string };
  const document = JSON.parse(
    await readFile(new URL(`../../docs/reference/mappings/${file}`, import.meta.url), 'utf8'),
  ) as object;
  const put = await integrator.call('PUT', `/api/v1/mappings/${sourceId}`, document);
  assert.equal(put.status, 200, put.text);
  return secret;
}

async function push(address: string, body: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${contract.process.webUrl}/api/v1/ingest/${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

before(async () => {
  contract = await ContractCentre.start();
  for (const id of ['2016617', '2d1f1a708b5d4cef880937d67b5e5842'])
    await contract.register(id, { model: 'generic-heat' });
  integrator = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator'));
});
after(() => contract.dispose());

test('OneNET: the address is verified, data points arrive, another signature is refused', async () => {
  await open({ id: 'onenet', scheme: 'oneNet', token: TOKEN }, 'onenet-nbiot.json');
  const verify = async (query: Record<string, string>, source = 'onenet') =>
    fetch(`${contract.process.webUrl}/api/v1/ingest/${source}?${new URLSearchParams(query).toString()}`);
  const query = { msg: 'echo me', nonce: 'n/+=1', signature: signed(TOKEN, 'n/+=1', 'echo me') };
  const verified = await verify(query);
  assert.deepEqual([verified.status, await verified.text()], [200, 'echo me']);
  assert.equal((await verify({ ...query, msg: 'other' })).status, 401);
  assert.equal((await verify(query, 'nobody')).status, 401);
  const at = Date.now() - 5_000;
  const point = (message: object, nonce: string): string => {
    const msg = JSON.stringify(message);
    return `{"msg":${msg},"msg_signature":"${signed(TOKEN, nonce, msg)}","nonce":"${nonce}"}`;
  };
  const temperature = point({ type: 1, dev_id: 2016617, ds_id: '3303_0_5700', at, value: 42.5 }, 'abcdefgh');
  assert.deepEqual(await push('onenet', temperature), { status: 200, body: { mapped: 1, waiting: 0 } });
  assert.deepEqual(await push('onenet', temperature), { status: 200, body: { mapped: 1, waiting: 0 } }, 'sent again');
  assert.equal((await push('onenet', temperature.replace('42.5', '43.5'))).status, 401);
  const inner = JSON.stringify({ type: 1, dev_id: 2016617, ds_id: '3200_0_5500', at, value: true });
  const asText = JSON.stringify({ msg: inner, nonce: 'n2', signature: signed(TOKEN, 'n2', inner), id: '7', time: at });
  assert.deepEqual((await push('onenet', asText)).body, { mapped: 1, waiting: 0 });
  assert.deepEqual((await push('onenet', point({ type: 2, dev_id: 2016617, status: 0, at }, 'n3'))).body, {
    mapped: 0,
    waiting: 0,
  });
  await contract.raised('2016617', 'smoke');
  await eventually(
    'the temperature',
    async () => (await contract.valuesOf('2016617', 'heat.temperatureC')).length === 1,
  );
  assert.deepEqual(await contract.valuesOf('2016617', 'heat.temperatureC'), [42.5]);
});

test('CTWing: data reports as objects and passed through arrive; without the token nothing does', async () => {
  const secret = await open({ id: 'ctwing', scheme: 'urlToken' }, 'ctwing-aep.json');
  const timestamp = Date.now() - 5_000;
  // The form of the platform's example, with fields of a detector.
  const report = (payload: object, more: object = {}): string =>
    JSON.stringify({
      deviceId: '2d1f1a708b5d4cef880937d67b5e5842',
      IMEI: '',
      IMSI: '',
      deviceType: '',
      tenantId: '1',
      productId: '1503',
      messageType: 'dataReport',
      topic: 'v1/up/ad',
      assocAssetId: '',
      timestamp,
      payload,
      upPacketSN: -1,
      upDataSN: -1,
      serviceId: '',
      protocol: 'tup',
      ...more,
    });
  const plain = report({ SignalPower: -792, temperature: 31.5 });
  for (const address of ['ctwing', 'ctwing?token=wrong', 'nobody?token=x'])
    assert.equal((await push(address, plain)).status, 401);
  const address = `ctwing?token=${encodeURIComponent(secret)}`;
  assert.deepEqual(await push(address, plain), { status: 200, body: { mapped: 1, waiting: 0 } });
  assert.equal((await push(address, plain)).status, 200, 'the platform tries up to three times more');
  const { stdout } = await run('sh', ['-c', `printf '{"smoke_state":1,"temperature":32}' | base64`]);
  assert.deepEqual((await push(address, report({ APPdata: stdout.trim() }, { timestamp: timestamp + 1 }))).body, {
    mapped: 2,
    waiting: 0,
  });
  assert.deepEqual((await push(address, report({}, { messageType: 'deviceOnlineOfflineReport', eventType: 1 }))).body, {
    mapped: 0,
    waiting: 0,
  });
  await contract.raised('2d1f1a708b5d4cef880937d67b5e5842', 'smoke');
  await eventually(
    'two temperatures',
    async () => (await contract.valuesOf('2d1f1a708b5d4cef880937d67b5e5842', 'heat.temperatureC')).length === 2,
  );
  assert.deepEqual(await contract.valuesOf('2d1f1a708b5d4cef880937d67b5e5842', 'heat.temperatureC'), [31.5, 32]);
  assert.ok(
    !`${contract.process.stdout}${contract.process.stderr}`.includes(secret),
    'the token in the address is in no log',
  );
});
