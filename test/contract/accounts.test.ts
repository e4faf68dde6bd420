import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { ApiClient, type Answer, type Page, type ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const NEXT = 'copper-roof 71 indigo';

let contract: ContractCentre;
let security: ApiClient;

before(async () => {
  contract = await ContractCentre.start();
  await contract.device('elsewhere', { venueId: 'V-other' });
  await contract.device('own1', { venueId: 'V-own' });
  security = new ApiClient(contract.process.webUrl, await contract.provision.token('securityAdmin'));
});
after(() => contract.dispose());

type Seat = { readonly client: ApiClient; readonly cookie: string; readonly session: { readonly owes?: string } };

const knock = (username: string, password: string): Promise<Answer> =>
  new ApiClient(contract.process.webUrl).post('/api/v1/login', { username, password });

async function sit(username: string, password = PASSWORD): Promise<Seat> {
  const answer = await knock(username, password);
  assert.equal(answer.status, 200, answer.text);
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const session = answer.body as { readonly csrfToken: string; readonly owes?: string };
  const headers = { cookie, 'x-csrf-token': session.csrfToken };
  return { client: new ApiClient(contract.process.webUrl, undefined, headers), cookie, session };
}

const codeOf = ({ body }: Answer): string => (body as ProblemBody).code;

/** The live feed of a seat, subscribed; frames by their type. */
async function watch({ cookie }: Seat) {
  const { webUrl } = contract.process;
  const ws = new WebSocket(`${webUrl.replace('http', 'ws')}/api/v1/live`, { headers: { cookie, origin: webUrl } });
  const types: string[] = [];
  const closed = once(ws, 'close').then(([code]) => code as number);
  ws.on('message', (data) => void types.push((JSON.parse((data as Buffer).toString()) as { type: string }).type));
  await once(ws, 'open');
  ws.send(JSON.stringify({ type: 'subscribe', topics: ['alarms', 'presence'] }));
  const until = async (type: string): Promise<void> => {
    while (!types.includes(type)) await once(ws, 'message', { signal: AbortSignal.timeout(60_000) });
  };
  await until('snapshot');
  return { closed, until };
}

test('a user changes his own password, and must know the old one', async () => {
  await contract.provision.user('li', PASSWORD, 'operator');
  const [seat, other] = [await sit('li'), await sit('li')];
  const change = (password: string, newPassword: string) =>
    seat.client.post('/api/v1/session/password', { password, newPassword });
  assert.deepEqual([(await change('wrong', NEXT)).status, codeOf(await change('wrong', NEXT))], [403, 'wrongPassword']);
  assert.equal(codeOf(await change(PASSWORD, 'Fengsui 119 119')), 'invalidPassword');
  assert.equal((await change(PASSWORD, NEXT)).status, 204);
  assert.equal((await seat.client.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await other.client.call('GET', '/api/v1/alarms')).status, 401);
  assert.deepEqual([(await knock('li', PASSWORD)).status, (await knock('li', NEXT)).status], [401, 200]);
  const byToken = await security.post('/api/v1/session/password', { password: PASSWORD, newPassword: NEXT });
  assert.deepEqual([byToken.status, codeOf(byToken)], [403, 'sessionNeeded']);
});

test('with a one-time password nothing works but its change', async () => {
  await contract.provision.user('wu', PASSWORD, 'operator');
  const given = await security.post('/api/v1/users/wu/password');
  assert.equal(given.status, 200, given.text);
  const { password } = given.body as { readonly password: string };
  assert.equal((await knock('wu', PASSWORD)).status, 401);
  const seat = await sit('wu', password);
  assert.equal(seat.session.owes, 'newPassword');
  for (const path of ['/api/v1/alarms', '/api/v1/session/logins', '/api/v1/devices/own1']) {
    const refused = await seat.client.call('GET', path);
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'passwordChangeDue'], path);
  }
  const feed = await watch(seat);
  assert.equal((await seat.client.post('/api/v1/session/password', { password, newPassword: NEXT })).status, 204);
  await feed.until('resync');
  assert.equal((await seat.client.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await seat.client.get<{ owes?: string }>('/api/v1/session')).owes, undefined);
});

test('an account that is disabled is out at once, with its live feed; enabled, it logs in anew', async () => {
  await contract.provision.user('chen', PASSWORD, 'operator');
  const seat = await sit('chen');
  const feed = await watch(seat);
  const disabled = await security.call('PATCH', '/api/v1/users/chen', { disabled: true });
  assert.deepEqual([disabled.status, (disabled.body as { disabled: boolean }).disabled], [200, true]);
  assert.equal(await feed.closed, 4401);
  assert.equal((await seat.client.call('GET', '/api/v1/alarms')).status, 401);
  assert.equal((await knock('chen', PASSWORD)).status, 401);
  await security.call('PATCH', '/api/v1/users/chen', { disabled: false });
  assert.equal((await seat.client.call('GET', '/api/v1/alarms')).status, 401);
  assert.equal((await knock('chen', PASSWORD)).status, 200);
});

test('venues and role that are taken away are gone at once, on the feed too', async () => {
  await contract.provision.user('zhao', PASSWORD, 'operator');
  const seat = await sit('zhao');
  const feed = await watch(seat);
  assert.equal((await seat.client.call('GET', '/api/v1/devices/elsewhere')).status, 200);
  const path = '/api/v1/users/zhao';
  assert.equal((await security.call('PATCH', path, { venueIds: ['V-own'] })).status, 200);
  await feed.until('resync');
  assert.equal((await seat.client.call('GET', '/api/v1/devices/elsewhere')).status, 404);
  assert.equal((await security.call('PATCH', path, { venueIds: null, role: 'auditor' })).status, 200);
  assert.equal((await seat.client.call('GET', '/api/v1/alarms')).status, 403);
  assert.equal(codeOf(await security.call('PATCH', path, { role: 'founder' })), 'invalidAccount');
  assert.equal(codeOf(await security.call('PATCH', path, { venueIds: ['V-none'] })), 'invalidAccount');
  assert.equal((await security.call('PATCH', '/api/v1/users/nobody', { disabled: true })).status, 404);
});

test('nobody gives himself rights, and the last security administrator stays', async () => {
  await contract.provision.user('guard', PASSWORD, 'securityAdmin');
  const { client } = await sit('guard');
  for (const change of [{ role: 'systemAdmin' }, { venueIds: ['V-own'] }])
    assert.equal(codeOf(await client.call('PATCH', '/api/v1/users/guard', change)), 'ownRights');
  const last = await client.call('PATCH', '/api/v1/users/guard', { disabled: true });
  assert.deepEqual([last.status, codeOf(last)], [409, 'lastSecurityAdmin']);
});

test('a user sees and ends his own log-ins, a security administrator anybody’s', async () => {
  await contract.provision.user('sun', PASSWORD, 'operator');
  const [one, two] = [await sit('sun'), await sit('sun')];
  type Row = { readonly id: string; readonly username: string; readonly own: boolean; readonly address?: string };
  const { items } = await one.client.get<Page<Row>>('/api/v1/session/logins');
  assert.deepEqual(items.map(({ own }) => own).sort(), [false, true]);
  assert.ok(items.every(({ username, address }) => username === 'sun' && address !== undefined));
  const other = items.find(({ own }) => !own)?.id ?? '';
  assert.equal((await one.client.call('DELETE', `/api/v1/session/logins/${other}`)).status, 204);
  assert.equal((await two.client.call('GET', '/api/v1/alarms')).status, 401);
  const all = await security.get<Page<Row>>('/api/v1/logins');
  const sun = all.items.filter(({ username }) => username === 'sun');
  assert.equal(sun.length, 1);
  const foreign = all.items.find(({ username }) => username !== 'sun')?.id ?? '';
  assert.equal((await one.client.call('DELETE', `/api/v1/session/logins/${foreign}`)).status, 404, 'somebody else’s');
  assert.equal((await one.client.call('DELETE', `/api/v1/logins/${foreign}`)).status, 403);
  assert.equal((await security.call('DELETE', `/api/v1/logins/${sun[0]?.id}`)).status, 204);
  assert.equal((await one.client.call('GET', '/api/v1/alarms')).status, 401);
});

test('a security administrator lets one try again who has guessed too often', async () => {
  await contract.provision.user('qian', PASSWORD, 'operator');
  for (let n = 0; n < 5; n++) assert.equal((await knock('qian', `wrong ${n}`)).status, 401);
  assert.equal((await knock('qian', PASSWORD)).status, 429);
  assert.equal((await security.post('/api/v1/users/qian/unlock')).status, 204);
  assert.equal((await knock('qian', PASSWORD)).status, 200);
  assert.equal((await security.post('/api/v1/users/nobody/unlock')).status, 404);
});

test('a token made over the API is a program’s, may be for less, and is refused once it is revoked', async () => {
  for (const role of ['operator', 'securityAdmin', 'founder'])
    assert.equal((await security.post('/api/v1/tokens', { name: 'n', role })).status, 400, role);
  const beyond = { name: 'n', role: 'factory', permissions: ['alarm.read'] };
  assert.equal(codeOf(await security.post('/api/v1/tokens', beyond)), 'invalidToken');
  const order = { name: 'reader', role: 'integrator', venueIds: ['V-own'], permissions: ['alarm.read'], days: 7 };
  const made = await security.post('/api/v1/tokens', order);
  assert.equal(made.status, 201, made.text);
  const reader = new ApiClient(contract.process.webUrl, (made.body as { token: string }).token);
  assert.equal((await reader.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await reader.call('GET', '/api/v1/devices/own1')).status, 403, 'integrators may, this one not');
  type Row = { readonly id: string; readonly name: string; readonly usedAt?: string };
  const { items } = await security.get<Page<Row>>('/api/v1/tokens');
  const row = items.find(({ name }) => name === 'reader');
  assert.ok(row?.usedAt);
  assert.ok(!JSON.stringify(items).includes('fst_'));
  assert.equal((await security.call('DELETE', `/api/v1/tokens/${row.id}`)).status, 204);
  assert.equal((await reader.call('GET', '/api/v1/alarms')).status, 401);
  assert.equal((await security.call('DELETE', `/api/v1/tokens/${row.id}`)).status, 404);
});

test('a wall screen is lit once by its link, and only looks', async () => {
  const made = await security.post('/api/v1/display-links', { name: 'hall', venueIds: ['V-own'] });
  assert.equal(made.status, 201, made.text);
  const token = /^\/wall-link#token=(.+)$/.exec((made.body as { path: string }).path)?.[1];
  const screen = new ApiClient(contract.process.webUrl);
  const claimed = await screen.post('/api/v1/display/claim', { token });
  assert.equal(claimed.status, 200, claimed.text);
  assert.deepEqual(
    [(claimed.body as { role: string }).role, (claimed.body as { venueIds: string[] }).venueIds],
    ['display', ['V-own']],
  );
  assert.equal(codeOf(await screen.post('/api/v1/display/claim', { token })), 'linkUsed');
});
