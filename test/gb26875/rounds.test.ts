import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { deviceOperation, label } from './client/frame-bytes.ts';
import { bareComponentState } from './client/bare-component-state.ts';
import { GbCentre } from './client/gb-centre.ts';

/** A make whose component states have no description, and a private type with a word of its own. */
const profile = {
  id: 'late-1',
  name: 'Make whose profile came late',
  units: [bareComponentState],
};
const addressOf = (n: number): string => `00000000010${n}`;

let folder: string;
let centre: GbCentre;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-gb-'));
  centre = await GbCentre.start({ FENGSUI_GB26875_PROFILES: folder });
  for (const n of [1, 2, 3, 4, 5]) await centre.register(`D${n}`, addressOf(n), { venueId: n === 5 ? 'V2' : 'V1' });
});
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

type Check = { readonly deviceId: string; readonly state: string; readonly operator?: number };
type Round = { readonly id: string; readonly counts: Record<string, number>; readonly checks: readonly Check[] };
const statesOf = ({ checks }: Round): Record<string, string> =>
  Object.fromEntries(checks.map(({ deviceId, state }) => [deviceId, state]));

test('everybody of a group is asked at once; who answers, who does not, and who was not there is one table', async () => {
  // D1 answers, of D2 and D3 nobody has come yet, D4 and D5 are not connected.
  const [d1, d2, d3] = [
    await centre.client(addressOf(1)),
    await centre.client(addressOf(2)),
    await centre.client(addressOf(3)),
  ];
  for (const device of [d1, d2, d3]) await device.send(deviceOperation(0x10, 1));
  for (const device of [d1, d2, d3]) {
    device.confirm(await device.order(90));
    device.answer(await device.order(81), Buffer.concat([Buffer.from([21, 1, 1]), label(Date.now())]));
  }
  const asked = await centre.api.post('/api/v1/gb/duty-rounds', { venueIds: ['V1'], withinMin: 1 });
  assert.equal(asked.status, 201, asked.text);
  const { id } = asked.body as Round;
  const order = await d1.order(91);
  assert.equal(order.data[2], 1, 'within a minute');
  d1.confirm(order);
  await d1.send(deviceOperation(0x20, 42));
  d2.confirm(await d2.order(91));
  const found = await eventually('the answers', async () => {
    const round = await centre.api.get<Round>(`/api/v1/gb/duty-rounds/${id}`);
    const states = statesOf(round);
    return states['D1'] === 'answered' && states['D2'] === 'delivered' && states['D4'] === 'notDelivered' && round;
  });
  assert.equal(found.checks.find(({ deviceId }) => deviceId === 'D1')?.operator, 42);
  assert.equal(found.checks.length, 4, 'D5 is of another venue');
  const again = await centre.api.post('/api/v1/gb/duty-rounds', { deviceIds: ['D1', 'D2'], withinMin: 1 });
  const { skipped } = again.body as { skipped: object[] };
  assert.deepEqual(skipped, [{ deviceId: 'D2', reason: 'checkOpen' }]);
  const { items } = await centre.api.get<{ items: Round[] }>('/api/v1/gb/duty-rounds');
  const listed = items.find((round) => round.id === id)?.counts ?? {};
  assert.deepEqual([listed['answered'], listed['notDelivered']], [1, 1]);
  assert.equal(
    Object.values(listed).reduce((sum, n) => sum + n, 0),
    4,
  );
  for (const device of [d1, d2, d3]) device.close();
});

test('by chance only of those connected; the same request again is the same round; nobody of another venue is seen', async () => {
  const [d4, d5] = [await centre.client(addressOf(4)), await centre.client(addressOf(5))];
  for (const device of [d4, d5]) await device.send(deviceOperation(0x10, 1));
  await eventually('the others to be gone', async () => {
    const { status } = await centre.api.post('/api/v1/devices/D1/gb/on-duty-check');
    return status === 409;
  });
  const headers = { 'idempotency-key': 'round-1' };
  const one = await centre.api.post('/api/v1/gb/duty-rounds', { random: 1 }, headers);
  const same = await centre.api.post('/api/v1/gb/duty-rounds', { random: 1 }, headers);
  const [first, second] = [one.body as Round, same.body as Round];
  assert.deepEqual([first.checks.length, second.checks.length], [1, 1], one.text);
  assert.equal(second.checks[0]?.deviceId, first.checks[0]?.deviceId);
  assert.ok(['D4', 'D5'].includes(first.checks[0]?.deviceId ?? ''));
  const ofOthers = await centre.api.post('/api/v1/gb/duty-rounds', { venueIds: ['V1'] });
  const bound = new ApiClient(centre.process.webUrl, await centre.process.createToken('operator', ['V2']));
  assert.equal((await bound.call('GET', `/api/v1/gb/duty-rounds/${(ofOthers.body as Round).id}`)).status, 404);
  assert.equal((await bound.post('/api/v1/gb/duty-rounds', { venueIds: ['V1'] })).status, 422);
  for (const device of [d4, d5]) device.close();
});

test('frames that nobody could read are read again when the profile of their make is there', async () => {
  await centre.register('L1', '0000000001ff', { profile: 'late-1' });
  const device = await centre.client('0000000001ff');
  const short = (part: number, status: number): Buffer =>
    Buffer.concat([Buffer.from([2, 1, 1, 1, 40, part, 0, 1, 0, status, 0]), label(Date.now())]);
  assert.equal((await device.send(short(5, 2))).command, 3);
  assert.equal((await device.send(short(6, 1))).command, 3);
  assert.equal((await device.send(Buffer.from([130, 1, 7]))).command, 3, 'a private type nobody describes');
  await eventually('all in quarantine', async () => (await centre.api.quarantineOf('L1')).length === 3);
  assert.deepEqual(
    (await centre.api.alarmsOf('L1')).map(({ kind }) => kind).filter((kind) => kind === 'fire'),
    [],
  );
  device.close();
  await writeFile(path.join(folder, 'late-1.json'), JSON.stringify(profile));
  await centre.process.stop();
  await centre.process.up();
  const replay = '/api/v1/devices/L1/gb/quarantine/replay';
  assert.equal((await centre.api.post(replay)).status, 403, 'for those who work at devices');
  const technician = new ApiClient(centre.process.webUrl, await centre.process.createToken('technician'));
  const read = await technician.post(replay);
  assert.deepEqual(read.body, { readCount: 2, leftCount: 1 }, read.text);
  const fires = (await centre.api.alarmsOf('L1')).filter(({ kind }) => kind === 'fire');
  assert.deepEqual(
    fires.map(({ pointId, count }) => [pointId, count]),
    [['s1-1-p05000100', 1]],
  );
  assert.equal((await centre.api.quarantineOf('L1')).length, 1);
  assert.deepEqual((await technician.post(replay)).body, { readCount: 0, leftCount: 1 });
  assert.equal((await centre.api.alarmsOf('L1')).filter(({ kind }) => kind === 'fire').length, 1, 'once');
});
