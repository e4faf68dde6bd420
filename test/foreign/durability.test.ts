import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { PushingPlatform } from './client/pushing-platform.ts';

const KILLS = 3;
const ALARM_EVERY = 7;

/** Readings with a number each; every seventh also tells of an alarm of its own point. */
const mapping = {
  schemaVersion: 1,
  name: 'numbered readings',
  device: { path: 'device' },
  time: { path: 'at', format: 'epochMs' },
  key: ['number'],
  values: [{ path: 'temperature', point: 't1.temperatureC' }],
  conditions: [{ path: 'event', cases: { arc: { kind: 'arc', level: 'warning', point: 'c1' } } }],
};

let contract: ContractCentre;
let cloud: PushingPlatform;
let integrator: ApiClient;

before(async () => {
  contract = await ContractCentre.start();
  await contract.register('meter-1');
  const answer = await callControlSocket(contract.process.folder, 'createSource', { id: 'cloud' });
  assert.ok(answer !== undefined && 'result' in answer);
  cloud = new PushingPlatform(contract.process.webUrl, 'cloud', (answer.result as { secret: string }).secret);
  integrator = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator'));
  assert.equal((await integrator.call('PUT', '/api/v1/mappings/cloud', mapping)).status, 200);
});
after(() => contract.dispose());

test('kill -9 at any instant: what was acknowledged is there, and nothing is there twice', async () => {
  const begin = Date.now() - 3_600_000;
  const messageOf = (number: number) => ({
    device: 'meter-1',
    number,
    at: begin + number * 1_000,
    temperature: number,
    ...(number % ALARM_EVERY === 0 && { event: 'arc' }),
  });
  const strangeOf = (number: number) => ({ number, words: 'of no device' });
  const acknowledged = new Set<number>();
  const pushBoth = async (number: number): Promise<void> => {
    const [plain, strange] = await Promise.all([cloud.push(messageOf(number)), cloud.push(strangeOf(number))]);
    assert.deepEqual([plain.status, strange.status], [202, 202], JSON.stringify([plain.body, strange.body]));
    acknowledged.add(number);
  };
  let number = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    let isUp = true;
    const pushing = Array.from({ length: 4 }, async () => {
      while (isUp) await pushBoth(number++).catch((error: unknown) => assert.ok(!isUp, String(error)));
    });
    const wanted = number + 20 + 13 * kill;
    await eventually('messages on their way', () => number >= wanted);
    isUp = false;
    await contract.process.kill9();
    await Promise.all(pushing);
    await contract.process.up();
    // The platform knows nothing of ours: it sends everything of the last minute again, signed anew.
    for (let again = 0; again < number; again += 8)
      await Promise.all(Array.from({ length: Math.min(8, number - again) }, (_, i) => pushBoth(again + i)));
  }
  assert.ok(number > 30, `only ${number} messages`);
  const wanted = Array.from({ length: number }, (_, i) => i);
  const values = await eventually('all values', async () => {
    const found = await contract.valuesOf('meter-1');
    return found.length >= number ? found : undefined;
  });
  assert.deepEqual(values, wanted);
  const { items: events } = await contract.api.get<{ items: readonly { kind: string }[] }>(
    '/api/v1/events?deviceId=meter-1&limit=1000',
  );
  assert.equal(events.filter(({ kind }) => kind === 'arc').length, Math.ceil(number / ALARM_EVERY));
  await contract.raised('meter-1', 'arc');
  const inbox = await integrator.get<{ items: readonly { count: number }[] }>('/api/v1/inbox?limit=1000');
  assert.equal(inbox.items.length, Math.min(number, 500), 'each strange message waits once');
});
