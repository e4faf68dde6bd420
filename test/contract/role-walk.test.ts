import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { OpenApiDocument, type Operation } from './client/openapi-document.ts';
import { eventually } from './client/eventually.ts';
import { namedTwice, openToAnyone, rolesWalked, whoMay, type WalkedRole } from './walk/who-may.ts';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let operations: readonly Operation[];

before(async () => {
  contract = await ContractCentre.start();
  operations = new OpenApiDocument(await contract.api.get('/api/openapi.json')).operations();
});
after(() => contract.dispose());

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** Nothing there has such an id: who is let in changes nothing. */
const ask = (client: ApiClient, { method, path }: Operation) =>
  client.call(
    method,
    path.replaceAll(/\{[^}]+\}/g, 'nowhere'),
    // A body that is none is refused behind the question who asks.
    ['POST', 'PUT', 'PATCH'].includes(method) && !path.endsWith('/logout') ? {} : undefined,
  );

test('every operation of the API says here whom it is for, and none is named that is not there', () => {
  assert.ok(operations.length > 150, `${operations.length} operations`);
  assert.deepEqual(namedTwice, []);
  const named = new Set([...whoMay.keys(), ...openToAnyone]);
  const there = operations.map(nameOf);
  assert.deepEqual(
    { unnamed: there.filter((name) => !named.has(name)), gone: [...named].filter((name) => !there.includes(name)) },
    { unnamed: [], gone: [] },
  );
});

test('each role gets exactly the operations that are for it, and all others are refused', async () => {
  const openings: string[] = [];
  const closed: string[] = [];
  let asked = 0;
  for (const role of rolesWalked) {
    const client = role === 'founder' ? await founder() : await holderOf(role);
    for (const operation of operations) {
      const name = nameOf(operation);
      // The founder has a cookie and no token: it would end here, and is asked for elsewhere (log-in.test.ts).
      if (openToAnyone.includes(name) || (role === 'founder' && name === 'POST /api/v1/logout')) continue;
      const { status, body } = await ask(client, operation);
      const isRefused = status === 403 && (body as ProblemBody).detail.includes('has no permission');
      const line = `${role}: ${name} answered ${status}`;
      asked++;
      assert.ok(status < 500 && status !== 401, line);
      if (whoMay.get(name)?.includes(role) !== true && !isRefused) openings.push(line);
      if (whoMay.get(name)?.includes(role) === true && isRefused) closed.push(line);
    }
  }
  assert.ok(asked > 2_000, `${asked} asked`);
  assert.deepEqual({ openings, closed }, { openings: [], closed: [] });
});

test('without a token, and with one that is wrong, over or revoked, nothing opens but what is for anyone', async () => {
  const revoked = await revokedToken();
  const expired = await contract.provision.token('shiftLeader', undefined, 0);
  const strangers: readonly (readonly [what: string, client: ApiClient])[] = [
    ['no token', new ApiClient(contract.process.webUrl)],
    ['wrong token', new ApiClient(contract.process.webUrl, 'fst_0123456789abcdefghijklmnop')],
    ['expired token', new ApiClient(contract.process.webUrl, expired)],
    ['revoked token', new ApiClient(contract.process.webUrl, revoked)],
    [
      'wrong cookie',
      new ApiClient(contract.process.webUrl, undefined, { cookie: `fengsui_session=${'x'.repeat(43)}` }),
    ],
    [
      'password for a token',
      new ApiClient(contract.process.webUrl, undefined, { authorization: 'Basic YWRtaW46YWRtaW4=' }),
    ],
  ];
  const openings: string[] = [];
  for (const [what, client] of strangers) {
    for (const operation of operations) {
      const { status } = await ask(client, operation);
      const name = nameOf(operation);
      assert.ok(status < 500 || name === 'GET /readyz', `${what}: ${name} answered ${status}`);
      if (!openToAnyone.includes(name) && status !== 401) openings.push(`${what}: ${name} answered ${status}`);
    }
  }
  assert.deepEqual(openings, []);
});

test('no write is taken with the cookie alone, whoever it belongs to', async () => {
  await contract.provision.user('cookie-holder', PASSWORD, 'shiftLeader');
  const answer = await new ApiClient(contract.process.webUrl).post('/api/v1/login', {
    username: 'cookie-holder',
    password: PASSWORD,
  });
  const cookie = cookieOf(answer);
  const openings: string[] = [];
  for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': 'A'.repeat(43) }]) {
    const client = new ApiClient(contract.process.webUrl, undefined, { cookie, ...headers });
    for (const operation of operations) {
      const name = nameOf(operation);
      if (!WRITES.includes(operation.method) || openToAnyone.includes(name)) continue;
      const { status, body } = await ask(client, operation);
      if (status !== 403 || (body as ProblemBody).code !== 'csrfTokenMissing')
        openings.push(`${JSON.stringify(headers)}: ${name} answered ${status}`);
    }
  }
  assert.deepEqual(openings, []);
  const { status } = await new ApiClient(contract.process.webUrl, undefined, { cookie }).call('GET', '/api/v1/session');
  assert.equal(status, 200, 'the log-in is alive after all that');
});

const cookieOf = (answer: Answer): string =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('fengsui_session='))
    ?.split(';')[0] ?? '';

const holderOf = async (role: WalkedRole): Promise<ApiClient> =>
  new ApiClient(contract.process.webUrl, await contract.provision.token(role));

/** By the link that the first start has printed. */
async function founder(): Promise<ApiClient> {
  const token = await eventually('the link', () =>
    Promise.resolve(/founder#token=([A-Za-z0-9_-]+)/.exec(contract.process.stdout)?.[1]),
  );
  const claimed = await new ApiClient(contract.process.webUrl).post('/api/v1/founder/claim', { token });
  assert.equal(claimed.status, 200, claimed.text);
  const { csrfToken } = claimed.body as { readonly csrfToken: string };
  const headers = { cookie: cookieOf(claimed), 'x-csrf-token': csrfToken };
  return new ApiClient(contract.process.webUrl, undefined, headers);
}

async function revokedToken(): Promise<string> {
  const keeper = new ApiClient(contract.process.webUrl, await contract.provision.token('securityAdmin'));
  const made = await keeper.post('/api/v1/tokens', { name: 'to be revoked', role: 'integrator' });
  assert.equal(made.status, 201, made.text);
  const { token } = made.body as { readonly token: string };
  const { items } = await keeper.get<{ readonly items: readonly { readonly id: string; readonly name: string }[] }>(
    '/api/v1/tokens',
  );
  const id = items.find(({ name }) => name === 'to be revoked')?.id ?? '';
  const holder = new ApiClient(contract.process.webUrl, token);
  assert.equal((await holder.call('GET', '/api/v1/venues')).status, 200, 'it worked before');
  assert.equal((await keeper.call('DELETE', `/api/v1/tokens/${id}`)).status, 204);
  return token;
}
