import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type Page } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually } from './client/eventually.ts';
import { LiveClient } from './client/live-client.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let administrator: ApiClient;
let security: ApiClient;
const devices = new Map<string, DeviceClient>();

before(async () => {
  contract = await ContractCentre.start();
  administrator = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  security = new ApiClient(contract.process.webUrl, await contract.provision.token('securityAdmin'));
  for (const [id, parentId] of [['O-park'], ['O-mill', 'O-park'], ['O-shop', 'O-park'], ['O-other']])
    await put(`organisations/${id}`, { kind: 'venueOwner', name: id, ...(parentId !== undefined && { parentId }) });
  for (const [name, owner] of [
    ['mill', 'O-mill'],
    ['shop', 'O-shop'],
    ['other', 'O-other'],
  ] as const) {
    await contract.register(`D-${name}`, { venueId: `V-${name}`, model: 'generic-heat' });
    await give(`V-${name}`, owner);
    devices.set(name, await contract.device(`D-${name}`));
  }
});
after(() => contract.dispose());

async function put(path: string, body: object): Promise<void> {
  const { status, text } = await administrator.call('PUT', `/api/v1/${path}`, body);
  assert.ok(status < 300, `${path}: ${status} ${text}`);
}
const give = (venueId: string, organisationId: string): Promise<void> =>
  put(`venues/${venueId}`, { name: venueId, class: 'office', organisationId });

async function sit(username: string): Promise<{ readonly client: ApiClient; readonly cookie: string }> {
  const { webUrl } = contract.process;
  const answer: Answer = await new ApiClient(webUrl).post('/api/v1/login', { username, password: PASSWORD });
  assert.equal(answer.status, 200, answer.text);
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const { csrfToken } = answer.body as { readonly csrfToken: string };
  return { client: new ApiClient(webUrl, undefined, { cookie, 'x-csrf-token': csrfToken }), cookie };
}

const venuesOf = async (client: ApiClient): Promise<readonly string[]> =>
  (await client.get<Page<{ readonly id: string }>>('/api/v1/venues')).items.map(({ id }) => id).sort();

let seq = 0;
const heat = (name: string): Promise<void> =>
  devices
    .get(name)
    ?.event({ epoch: 'o', seq: ++seq, at: Date.now(), kind: 'heat', point: 'heat', active: true, level: 'alarm' }) ??
  Promise.reject(new Error(name));

test('an account of an organisation sees what that one and those below it own, cut to its venues where it has a list', async () => {
  await contract.provision.user('park', PASSWORD, 'venueManager', undefined, 'O-park');
  await contract.provision.user('mill', PASSWORD, 'operator', undefined, 'O-mill');
  await contract.provision.user('cut', PASSWORD, 'operator', ['V-shop', 'V-other'], 'O-park');
  assert.deepEqual(await venuesOf((await sit('park')).client), ['V-mill', 'V-shop']);
  assert.deepEqual(await venuesOf((await sit('mill')).client), ['V-mill']);
  const { client } = await sit('cut');
  assert.deepEqual(await venuesOf(client), ['V-shop']);
  for (const path of ['venues/V-mill', 'devices/D-mill', 'venues/V-other'])
    assert.equal((await client.call('GET', `/api/v1/${path}`)).status, 404, path);
  const token = await contract.provision.token('integrator', undefined, undefined, 'O-park');
  assert.deepEqual(await venuesOf(new ApiClient(contract.process.webUrl, token)), ['V-mill', 'V-shop']);
});

test('a venue that goes to another owner is seen by his people at once, on an open feed too, and no more by the others', async () => {
  const [mill, shop] = [await sit('mill'), await sit('cut')];
  const feed = await LiveClient.open(contract.process.webUrl, undefined, {
    cookie: mill.cookie,
    origin: contract.process.webUrl,
  });
  const subscribe = (): void => feed.send({ type: 'subscribe', topics: ['alarms'] });
  subscribe();
  // Rights that changed begin a feed anew; the console does the same.
  feed.ws.on('message', (data: Buffer) => {
    if ((JSON.parse(data.toString('utf8')) as { type: string }).type === 'resync') subscribe();
  });
  const told = (): string => JSON.stringify(feed.arrived.map(({ frame }) => frame));
  await heat('mill');
  await eventually('the own alarm', () => (told().includes('D-mill') ? true : undefined));
  await heat('shop');
  await contract.raised('D-shop', 'heat');
  assert.equal(told().includes('D-shop'), false);

  await give('V-shop', 'O-mill');
  assert.deepEqual(await venuesOf(mill.client), ['V-mill', 'V-shop']);
  await eventually('the alarm of the venue that came', () => (told().includes('D-shop') ? true : undefined));
  await give('V-shop', 'O-other');
  assert.deepEqual(await venuesOf(mill.client), ['V-mill']);
  assert.deepEqual(await venuesOf(shop.client), []);
  assert.equal((await mill.client.call('GET', '/api/v1/devices/D-shop')).status, 404);
  await put('organisations/O-other', { kind: 'venueOwner', name: 'O-other', parentId: 'O-mill' });
  assert.deepEqual(await venuesOf(mill.client), ['V-mill', 'V-other', 'V-shop'], 'a whole owner came below');
  feed.ws.terminate();
});

test('the security administrator chooses organisations and venues by name and sees nothing of them; what is not there is refused', async () => {
  const bounds = await security.get<{
    readonly organisations: readonly { readonly id: string; readonly venueCount: number }[];
    readonly venues: readonly { readonly id: string }[];
  }>('/api/v1/account-bounds');
  assert.ok(bounds.organisations.some(({ id, venueCount }) => id === 'O-mill' && venueCount > 0));
  assert.ok(bounds.venues.some(({ id }) => id === 'V-mill'));
  assert.equal((await security.call('GET', '/api/v1/venues')).status, 403);
  const account = { username: 'wu', password: PASSWORD, role: 'operator' };
  const refused = await security.post('/api/v1/users', { ...account, organisationId: 'O-nowhere' });
  assert.deepEqual([refused.status, (refused.body as { code?: string }).code], [422, 'invalidAccount']);
  assert.equal((await security.post('/api/v1/users', { ...account, organisationId: 'O-shop' })).status, 201);
  const { client } = await sit('wu');
  assert.deepEqual(await venuesOf(client), []);
  const changed = await security.call('PATCH', '/api/v1/users/wu', { organisationId: 'O-mill' });
  assert.equal((changed.body as { organisationId?: string }).organisationId, 'O-mill');
  assert.ok((await venuesOf(client)).includes('V-mill'), 'at once, in a log-in that is open');
  await contract.process.kill9();
  await contract.process.up();
  assert.ok((await venuesOf(client)).includes('V-mill'), 'after a kill too');
  assert.equal((await security.call('PATCH', '/api/v1/users/wu', { organisationId: null })).status, 200);
  assert.ok((await venuesOf(client)).includes('V-other'), 'of no organisation: all');
});
