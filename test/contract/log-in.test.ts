import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type Page, type ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';

const ADMINISTRATORS = ['systemAdmin', 'securityAdmin', 'auditor'];
const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let alarmId: string;

before(async () => {
  contract = await ContractCentre.start();
  await contract.device('elsewhere', { venueId: 'V-other' });
  const device = await contract.device('own1', { venueId: 'V-own' });
  await device.event({ at: Date.now(), kind: 'overload', point: 'c1', active: true, level: 'warning' });
  alarmId = (await contract.raised('own1', 'overload')).id;
});
after(() => contract.dispose());

const clientOf = async (role: string): Promise<ApiClient> =>
  new ApiClient(contract.process.webUrl, await contract.provision.token(role));

test('creating an account twice with one Idempotency-Key is one account and one answer', async () => {
  const admin = await clientOf('securityAdmin');
  const account = { username: 'once-only', password: PASSWORD, role: 'operator' };
  const key = { 'idempotency-key': 'account-1' };
  const first = await admin.post('/api/v1/users', account, key);
  const second = await admin.post('/api/v1/users', account, key);
  assert.deepEqual([first.status, second.status], [201, 201], second.text);
  assert.deepEqual(second.body, first.body);
  assert.equal((await admin.post('/api/v1/users', account)).status, 409, 'without the key it is another request');
  assert.doesNotMatch(first.text, /violet|scrypt|argon/);
});

for (const [path, body] of [
  ['/api/v1/tokens', { name: 'reader-twice', role: 'integrator' }],
  ['/api/v1/display-links', { name: 'hall-twice' }],
] as const)
  test(`asking ${path} twice with one Idempotency-Key makes one, also side by side`, async () => {
    const admin = await clientOf('securityAdmin');
    const key = { 'idempotency-key': `twice ${path}` };
    const [first, second] = await Promise.all([admin.post(path, body, key), admin.post(path, body, key)]);
    assert.deepEqual([first.status, second.status], [201, 201], second.text);
    assert.deepEqual(second.body, first.body);
    const other = await admin.post(path, { ...body, name: 'another' }, key);
    assert.deepEqual([other.status, (other.body as ProblemBody).code], [422, 'idempotencyKeyReused']);
    assert.notDeepEqual((await admin.post(path, body)).body, first.body, 'without the key it is another request');
  });

test('a token made twice under one key is one token in the list', async () => {
  const admin = await clientOf('securityAdmin');
  const body = { name: 'one-of-two', role: 'integrator' };
  for (let n = 0; n < 2; n++) await admin.post('/api/v1/tokens', body, { 'idempotency-key': 'listed' });
  const { items } = await admin.get<Page<{ readonly name: string }>>('/api/v1/tokens');
  assert.equal(items.filter(({ name }) => name === body.name).length, 1);
});

type LoggedIn = {
  readonly client: ApiClient;
  readonly csrfToken: string;
  readonly cookie: string;
  readonly answer: Answer;
};

async function logIn(username: string, password: string): Promise<LoggedIn> {
  const answer = await new ApiClient(contract.process.webUrl).post('/api/v1/login', { username, password });
  assert.equal(answer.status, 200, answer.text);
  return loggedIn(answer);
}

function loggedIn(answer: Answer): LoggedIn {
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const { csrfToken } = answer.body as { csrfToken: string };
  assert.ok(typeof csrfToken === 'string' && csrfToken.length >= 16);
  return { client: new ApiClient(contract.process.webUrl, undefined, { cookie }), csrfToken, cookie, answer };
}

test('a write with the cookie needs the token of the log-in; a read does not', async () => {
  await contract.provision.user('csrf-user', PASSWORD, 'operator');
  const { client, csrfToken, answer } = await logIn('csrf-user', PASSWORD);
  const attributes = (answer.headers.getSetCookie()[0] ?? '').toLowerCase();
  assert.match(attributes, /httponly/);
  assert.match(attributes, /samesite=(strict|lax)/);
  assert.equal((await client.call('GET', '/api/v1/alarms')).status, 200);
  const path = `/api/v1/alarms/${alarmId}/acknowledge`;
  for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': 'x'.repeat(csrfToken.length) }]) {
    const refused = await client.post(path, undefined, headers);
    assert.equal(refused.status, 403);
    assert.equal((refused.body as ProblemBody).status, 403);
  }
  const other = await logIn('csrf-user', PASSWORD);
  assert.equal(
    (await client.post(path, undefined, { 'x-csrf-token': other.csrfToken })).status,
    403,
    'the token of another log-in',
  );
  assert.equal((await client.post(path, undefined, { 'x-csrf-token': csrfToken })).status, 200);
  assert.equal(
    (await client.post('/api/v1/logout', undefined, {})).status,
    403,
    'nobody is logged out by another page',
  );
  assert.equal((await client.post('/api/v1/logout', undefined, { 'x-csrf-token': csrfToken })).status, 204);
  assert.equal((await client.call('GET', '/api/v1/alarms')).status, 401);
  assert.equal((await other.client.call('GET', '/api/v1/alarms')).status, 200, 'the other log-in goes on');
});

test('an account bound to a venue is bound in its log-in too', async () => {
  await contract.provision.user('venue-user', PASSWORD, 'venueManager', ['V-own']);
  const { client } = await logIn('venue-user', PASSWORD);
  assert.deepEqual(
    (await client.get<Page<{ id: string }>>('/api/v1/venues')).items.map(({ id }) => id),
    ['V-own'],
  );
  assert.equal((await client.call('GET', '/api/v1/devices/elsewhere')).status, 404);
});

test('wrong passwords are answered alike for known and unknown names, and repeated ones have to wait', async () => {
  await contract.provision.user('throttled', PASSWORD, 'operator');
  await contract.provision.user('unthrottled', PASSWORD, 'operator');
  const client = new ApiClient(contract.process.webUrl);
  const attempt = (username: string, password: string): Promise<Answer> =>
    client.post('/api/v1/login', { username, password });
  const [known, unknown] = [
    await attempt('throttled', 'wrong password'),
    await attempt('nobody-at-all', 'wrong password'),
  ];
  assert.deepEqual([known.status, known.body], [401, unknown.body]);
  let last = known;
  for (let i = 0; i < 30 && last.status === 401; i++) last = await attempt('throttled', `wrong ${i}`);
  assert.equal(last.status, 429, 'thirty guesses in a row');
  assert.match(last.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.ok(Number(last.headers.get('retry-after')) > 0);
  assert.equal((await attempt('throttled', PASSWORD)).status, 429, 'the right one has to wait as well');
  assert.equal((await attempt('unthrottled', PASSWORD)).status, 200, 'nobody else waits');
});

test('guesses from elsewhere slow down strangers, and never the browser in which the owner has been before', async () => {
  await contract.provision.user('guessed', PASSWORD, 'operator');
  const first = await new ApiClient(contract.process.webUrl).post('/api/v1/login', {
    username: 'guessed',
    password: PASSWORD,
  });
  const browser = first.headers.getSetCookie().find((cookie) => cookie.startsWith('fengsui_browser='));
  assert.match(browser ?? '', /HttpOnly/);
  const stranger = new ApiClient(contract.process.webUrl);
  let status = 401;
  for (let i = 0; i < 30 && status === 401; i++)
    ({ status } = await stranger.post('/api/v1/login', { username: 'guessed', password: `wrong ${i}` }));
  assert.equal(status, 429);
  const cookie = browser?.split(';')[0] ?? '';
  const owner = new ApiClient(contract.process.webUrl, undefined, { cookie });
  assert.equal((await owner.post('/api/v1/login', { username: 'guessed', password: PASSWORD })).status, 200);
  const foreign = await owner.post('/api/v1/login', { username: 'throttled', password: PASSWORD });
  assert.equal(foreign.status, 429, 'it is known to this name alone');
});

test('a token ends when it expires', async () => {
  const LIFE_MS = 5_000;
  const madeAt = Date.now();
  const client = new ApiClient(
    contract.process.webUrl,
    await contract.provision.token('operator', undefined, LIFE_MS / 86_400_000),
  );
  assert.equal((await client.call('GET', '/api/v1/alarms')).status, 200);
  await eventually('its end', async () => (await client.call('GET', '/api/v1/alarms')).status === 401);
  assert.ok(Date.now() >= madeAt + LIFE_MS - 1_000);
});

test('a log-in and a token survive a restart of the centre', async () => {
  const { client } = await logIn('csrf-user', PASSWORD);
  const token = await clientOf('operator');
  await contract.process.kill9();
  await contract.process.up();
  assert.equal((await client.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await token.call('GET', '/api/v1/alarms')).status, 200);
});

test('the link of the founder is used once, makes the three administrators, and its log-in ends with them', async () => {
  const fresh = await ContractCentre.start();
  try {
    const token = /founder#token=([A-Za-z0-9_-]+)/.exec(
      await eventually('the link', () => (fresh.process.stdout.includes('token=') ? fresh.process.stdout : undefined)),
    )?.[1];
    const stranger = new ApiClient(fresh.process.webUrl);
    assert.ok((await stranger.post('/api/v1/founder/claim', { token: 'x'.repeat(43) })).status >= 400);
    const claimed = await stranger.post('/api/v1/founder/claim', { token });
    assert.equal(claimed.status, 200, claimed.text);
    const again = await stranger.post('/api/v1/founder/claim', { token });
    assert.ok([401, 403, 404, 409, 410].includes(again.status), `used twice: ${again.status}`);
    assert.equal(again.headers.getSetCookie().length, 0);
    const { csrfToken, cookie } = loggedIn(claimed);
    const founder = new ApiClient(fresh.process.webUrl, undefined, { cookie, 'x-csrf-token': csrfToken });
    assert.equal((await founder.call('GET', '/api/v1/session')).status, 200);
    for (const role of ADMINISTRATORS) {
      const created = await founder.post('/api/v1/users', {
        username: `the-${role.toLowerCase()}`,
        password: PASSWORD,
        role,
      });
      assert.equal(created.status, 201, created.text);
    }
    assert.equal((await founder.call('GET', '/api/v1/session')).status, 401, 'the founder’s work is done');
    const restarted = fresh.process;
    await restarted.stop();
    await restarted.up();
    await restarted.stop();
    assert.ok(!restarted.stdout.includes('founder'), 'no further link once all three exist');
  } finally {
    await fresh.dispose();
  }
});
