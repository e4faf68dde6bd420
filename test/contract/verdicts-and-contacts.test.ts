import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';

type Verdict = { readonly verdict: string; readonly cause?: string; readonly note?: string; readonly by: string };
type Contact = { readonly id: string; readonly name: string; readonly phone: string };

let contract: ContractCentre;
let operator: ApiClient;
let admin: ApiClient;
let alarmId: string;

before(async () => {
  contract = await ContractCentre.start();
  operator = new ApiClient(contract.process.webUrl, await contract.provision.token('operator'));
  admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  const device = await contract.device('kitchen-smoke', { venueId: 'V-KITCHEN', model: 'generic-smoke' });
  await device.event({
    epoch: 'e',
    seq: 1,
    at: Date.now(),
    kind: 'smoke',
    point: 'smoke',
    active: true,
    level: 'alarm',
  });
  alarmId = (await contract.raised('kitchen-smoke', 'smoke')).id;
});
after(() => contract.dispose());

test('a false alarm needs a cause of the list, a real one takes none', async () => {
  const judge = (body: object): Promise<{ readonly status: number }> =>
    operator.call('POST', `/api/v1/alarms/${alarmId}/verdicts`, body);
  assert.equal((await judge({ verdict: 'false' })).status, 400);
  assert.equal((await judge({ verdict: 'real', cause: 'cooking' })).status, 400);
  assert.equal((await judge({ verdict: 'false', cause: 'ghosts' })).status, 400);
  assert.equal((await operator.call('POST', '/api/v1/alarms/missing/verdicts', { verdict: 'real' })).status, 404);
  const before = await operator.get<Page<Verdict>>(`/api/v1/alarms/${alarmId}/verdicts`);
  assert.deepEqual(before.items, []);
});

test('verdicts stay, the newest last, by whom, and survive kill -9; the alarm itself is unchanged', async () => {
  const first = await operator.call('POST', `/api/v1/alarms/${alarmId}/verdicts`, { verdict: 'real' });
  assert.equal(first.status, 200, first.text);
  const body = { verdict: 'false', cause: 'cooking', note: ' wok ' };
  const second = await operator.call('POST', `/api/v1/alarms/${alarmId}/verdicts`, body);
  assert.equal(second.status, 200, second.text);
  await contract.process.kill9();
  await contract.process.up();
  const { items } = await operator.get<Page<Verdict>>(`/api/v1/alarms/${alarmId}/verdicts`);
  assert.deepEqual(
    items.map(({ verdict, cause, note }) => [verdict, cause, note]),
    [
      ['real', undefined, undefined],
      ['false', 'cooking', 'wok'],
    ],
  );
  for (const { by } of items) assert.notEqual(by, '');
  assert.equal((await contract.api.alarm(alarmId)).state, 'unacknowledged');
});

test('a contact is written, changed and erased by who manages the register, and by nobody else', async () => {
  const path = '/api/v1/venues/V-KITCHEN/contacts/night';
  const contact = { name: 'Night desk', role: 'duty', phone: '+86 000 0000', rank: 1 };
  assert.equal((await operator.call('PUT', path, contact)).status, 403);
  assert.equal((await admin.call('PUT', '/api/v1/venues/V-NONE/contacts/night', contact)).status, 404);
  const bad = await admin.call('PUT', path, { ...contact, phone: 'ask the porter' });
  assert.deepEqual([bad.status, (bad.body as { readonly code: string }).code], [422, 'invalidContact'], bad.text);
  const made = await admin.call('PUT', path, contact);
  assert.equal(made.status, 200, made.text);
  await admin.call('PUT', path, { ...contact, name: 'Porter' });
  const list = (): Promise<Page<Contact>> => operator.get<Page<Contact>>('/api/v1/contacts?venueId=V-KITCHEN');
  assert.deepEqual(
    (await list()).items.map(({ id, name }) => [id, name]),
    [['night', 'Porter']],
  );
  assert.equal((await operator.call('DELETE', path)).status, 403);
  assert.equal((await admin.call('DELETE', path)).status, 204);
  assert.deepEqual((await list()).items, []);
  assert.equal((await admin.call('DELETE', path)).status, 204, 'what is gone is gone');
  await contract.process.kill9();
  await contract.process.up();
  assert.deepEqual((await list()).items, [], 'and stays gone');
});
