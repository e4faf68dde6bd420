import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { CLIENT, OpenIdProvider, returned, walk } from '../harness/open-id-provider.ts';
import { ApiClient, type Answer, type Page, type ProblemBody } from './client/api-client.ts';
import { CookieClient } from './client/cookie-client.ts';
import { Provision } from './client/provision.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const REDIRECT = 'http://127.0.0.1:9/open-id';

let provider: OpenIdProvider;
let centre: CentreProcess;
let provision: Provision;

const env = (issuer: string, more: object = {}): Record<string, string> => ({
  FENGSUI_OIDC_ISSUER: issuer,
  FENGSUI_OIDC_CLIENTID: CLIENT.id,
  FENGSUI_OIDC_CLIENTSECRET: CLIENT.secret,
  FENGSUI_OIDC_REDIRECTURL: REDIRECT,
  FENGSUI_OIDC_NAME: '区政务统一认证',
  FENGSUI_OIDC_SECONDFACTOR: 'provider',
  FENGSUI_ACCESS_SECONDFACTOR: 'administrators',
  ...more,
});

before(async () => {
  provider = await OpenIdProvider.start([REDIRECT]);
  centre = await CentreProcess.start({ env: env(provider.issuer) });
  provision = new Provision(centre);
});
after(async () => {
  await centre?.dispose();
  await provider?.down();
});

const codeOf = ({ body }: Answer): string => (body as ProblemBody).code;

async function begun(browser: CookieClient, path = '/open-id/begin'): Promise<URL> {
  const answer = await browser.post(path);
  assert.equal(answer.status, 200, answer.text);
  return walk((answer.body as { readonly url: string }).url, REDIRECT);
}

async function loggedIn(browser: CookieClient): Promise<Answer> {
  const at = await begun(browser);
  return browser.post('/open-id/log-in', returned(at));
}

/** Logs in with the password, and links the account to who is at the provider now. */
async function linked(username: string, role: string): Promise<CookieClient> {
  await provision.user(username, PASSWORD, role);
  const browser = new CookieClient(centre.webUrl);
  assert.equal((await browser.post('/login', { username, password: PASSWORD })).status, 200);
  const at = await begun(browser, '/session/open-id/begin');
  const answer = await browser.post('/session/open-id', returned(at));
  assert.deepEqual([answer.status, answer.body], [200, { issuer: provider.issuer, subject: provider.user }]);
  return browser;
}

test('who has linked his account logs in by the provider, with his own rights; nobody else does', async () => {
  assert.deepEqual((await new CookieClient(centre.webUrl).call('GET', '/open-id')).body, { name: '区政务统一认证' });
  provider.user = 'stranger';
  const stranger = await loggedIn(new CookieClient(centre.webUrl));
  assert.deepEqual([stranger.status, codeOf(stranger)], [403, 'openIdUnknown']);

  provider.user = 'li-at-home';
  const own = await linked('li', 'operator');
  const browser = new CookieClient(centre.webUrl);
  const session = await loggedIn(browser);
  assert.equal(session.status, 200, session.text);
  const { username, role } = session.body as { readonly username: string; readonly role: string };
  assert.deepEqual([username, role], ['li', 'operator']);
  assert.equal((await browser.call('GET', '/alarms')).status, 200);
  assert.equal((await browser.call('GET', '/users')).status, 403);

  const taken = await (async () => {
    await provision.user('wang', PASSWORD, 'operator');
    const wang = new CookieClient(centre.webUrl);
    await wang.post('/login', { username: 'wang', password: PASSWORD });
    const at = await begun(wang, '/session/open-id/begin');
    return wang.post('/session/open-id', returned(at));
  })();
  assert.deepEqual([taken.status, codeOf(taken)], [409, 'openIdTaken']);

  assert.equal((await fengsui(['user', 'disable', '--name', 'li', '--data', centre.folder])).code, 0);
  assert.equal((await browser.call('GET', '/alarms')).status, 401, 'its log-ins end');
  assert.equal(codeOf(await loggedIn(new CookieClient(centre.webUrl))), 'openIdUnknown');
  assert.equal((await fengsui(['user', 'enable', '--name', 'li', '--data', centre.folder])).code, 0);
  await centre.kill9();
  await centre.up();
  assert.equal((await loggedIn(new CookieClient(centre.webUrl))).status, 200, 'the link is kept');

  assert.equal((await own.post('/login', { username: 'li', password: PASSWORD })).status, 200);
  assert.equal((await own.call('DELETE', '/session/open-id')).status, 204);
  assert.equal(codeOf(await loggedIn(new CookieClient(centre.webUrl))), 'openIdUnknown');
  assert.deepEqual((await own.call('GET', '/session/open-id')).body, {});
});

test('what was begun ends in the browser that began it, once, and for what it was begun', async () => {
  provider.user = 'zhao-at-home';
  const zhao = await linked('zhao', 'operator');
  const [one, two] = [new CookieClient(centre.webUrl), new CookieClient(centre.webUrl)];
  const at = await begun(one);
  await begun(two);
  for (const [browser, body] of [
    [new CookieClient(centre.webUrl), returned(at)],
    [two, returned(at)],
    [two, { ...returned(at), state: returned(await begun(two)).state }],
  ] as const) {
    const answer = await browser.post('/open-id/log-in', body);
    assert.ok(['openIdExpired', 'openIdRefused'].includes(codeOf(answer)), answer.text);
  }
  const first = await one.post('/open-id/log-in', returned(at));
  assert.equal(first.status, 200, first.text);
  assert.equal(codeOf(await one.post('/open-id/log-in', returned(at))), 'openIdExpired');
  // A log-in begun as a link, and the other way round.
  const link = await begun(zhao, '/session/open-id/begin');
  assert.equal(codeOf(await zhao.post('/open-id/log-in', returned(link))), 'openIdExpired');
  const plain = await begun(zhao);
  assert.equal(codeOf(await zhao.post('/session/open-id', returned(plain))), 'openIdExpired');
  const denied = await begun(two);
  const { state } = returned(denied);
  const refused = await two.post('/open-id/log-in', { state, parameters: { error: 'access_denied' } });
  assert.deepEqual([refused.status, codeOf(refused)], [401, 'openIdRefused']);
  const forged = await begun(two);
  const answer = await two.post('/open-id/log-in', {
    state: returned(forged).state,
    parameters: { ...returned(forged).parameters, code: 'not-a-code' },
  });
  assert.deepEqual([answer.status, codeOf(answer)], [401, 'openIdRefused']);
});

test('who needs a second factor comes in when the provider says that it asked for one, and else by password and code', async () => {
  provider.user = 'administrator-at-home';
  provider.amr = ['pwd'];
  await provision.user('sun', PASSWORD, 'operator');
  const browser = new CookieClient(centre.webUrl);
  await browser.post('/login', { username: 'sun', password: PASSWORD });
  await browser.post('/session/open-id', returned(await begun(browser, '/session/open-id/begin')));
  const security = new ApiClient(centre.webUrl, await provision.token('securityAdmin'));
  const changed = await security.call('PATCH', '/api/v1/users/sun', { role: 'auditor' });
  assert.equal(changed.status, 200, changed.text);
  const refused = await loggedIn(new CookieClient(centre.webUrl));
  assert.deepEqual([refused.status, codeOf(refused)], [403, 'openIdFactorMissing']);
  provider.amr = ['pwd', 'otp'];
  const taken = await loggedIn(new CookieClient(centre.webUrl));
  assert.equal(taken.status, 200, taken.text);
  assert.equal((taken.body as { readonly owes?: string }).owes, undefined);
  provider.amr = ['pwd'];
});

test('a provider that is away is said, passwords go on, and when it is back so does it', async () => {
  provider.user = 'zhao-at-home';
  await centre.kill9();
  await provider.down();
  await centre.up();
  const begin = await new CookieClient(centre.webUrl).post('/open-id/begin');
  assert.deepEqual([begin.status, codeOf(begin)], [503, 'openIdAway']);
  const browser = new CookieClient(centre.webUrl);
  assert.equal((await browser.post('/login', { username: 'zhao', password: PASSWORD })).status, 200);
  await provider.up();
  assert.equal((await loggedIn(new CookieClient(centre.webUrl))).status, 200);
});

test('who logged in, who was refused and who linked stands in the audit; no secret does, nor in the log', async () => {
  const auditor = new ApiClient(centre.webUrl, await provision.token('auditor'));
  type Row = { readonly by: string; readonly act: string; readonly result: string; readonly code?: string };
  const { items } = await auditor.get<Page<Row>>('/api/v1/audit?limit=500');
  const has = (act: string, by: string, result: string): boolean =>
    items.some((row) => row.act === act && row.by === by && row.result === result);
  assert.ok(has('POST /api/v1/open-id/log-in', 'li', 'done'));
  assert.ok(has('POST /api/v1/open-id/log-in', 'stranger', 'refused'));
  assert.ok(has('POST /api/v1/session/open-id', 'zhao', 'done'));
  assert.ok(has('DELETE /api/v1/session/open-id', 'li', 'done'));
  const said = JSON.stringify(items) + centre.stdout + centre.stderr;
  assert.ok(!said.includes(CLIENT.secret) && !/"code":"[A-Za-z0-9_-]{30,}"/.test(said));
});

test('settings that cannot work end the start with what is expected; without an issuer there is none', async () => {
  for (const [more, expected] of [
    [{ FENGSUI_OIDC_ISSUER: 'http://login.example.com' }, /oidc\.issuer is .* expected https:/],
    [{ FENGSUI_OIDC_CLIENTID: '' }, /oidc\.clientId is missing/],
    [{ FENGSUI_OIDC_REDIRECTURL: 'https://centre.example/' }, /oidc\.redirectUrl is .* expected the console's page/],
  ] as const) {
    const args = ['start', '--no-demo', '--web-port', '0', '--mqtt-port', '0', '--data', `${centre.folder}-other`];
    const { code, stderr } = await fengsui(args, { env: env(provider.issuer, more) });
    assert.equal(code, 1, stderr);
    assert.match(stderr, expected);
  }
});
