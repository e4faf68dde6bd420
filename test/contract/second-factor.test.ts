import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Authenticator } from '../harness/authenticator.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { ApiClient, type Answer, type ProblemBody } from './client/api-client.ts';
import { DeviceClient } from './client/device-client.ts';
import { LiveClient } from './client/live-client.ts';
import { Provision } from './client/provision.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let centre: CentreProcess;
let provision: Provision;
let security: ApiClient;

before(async () => {
  const env = { FENGSUI_ACCESS_SECONDFACTOR: 'administrators', FENGSUI_ACCESS_MAXSESSIONS: '2' };
  centre = await CentreProcess.start({ env });
  provision = new Provision(centre);
  security = new ApiClient(centre.webUrl, await provision.token('securityAdmin'));
});
after(() => centre.dispose());

const codeOf = ({ body }: Answer): string => (body as ProblemBody).code;
const knock = (username: string, code?: string, password = PASSWORD): Promise<Answer> =>
  new ApiClient(centre.webUrl).post('/api/v1/login', { username, password, ...(code !== undefined && { code }) });

type Session = {
  readonly csrfToken: string;
  readonly owes?: string;
  readonly secondFactor?: { readonly isOn: boolean; readonly isNeeded: boolean; readonly recoveryCodesLeft: number };
};

function seatOf(answer: Answer) {
  assert.equal(answer.status, 200, answer.text);
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const session = answer.body as Session;
  const client = new ApiClient(centre.webUrl, undefined, { cookie, 'x-csrf-token': session.csrfToken });
  return { client, session, cookie };
}

async function enrol(client: ApiClient) {
  const offered = await client.post('/api/v1/session/second-factor');
  assert.equal(offered.status, 200, offered.text);
  const { secret, uri } = offered.body as { readonly secret: string; readonly uri: string };
  assert.match(uri, new RegExp(`^otpauth://totp/Fengsui:.*secret=${secret}`));
  const app = new Authenticator(secret);
  assert.equal(codeOf(await client.post('/api/v1/session/second-factor/confirm', { code: '12345x' })), 'wrongCode');
  const confirmed = await client.post('/api/v1/session/second-factor/confirm', { code: app.next() });
  assert.equal(confirmed.status, 200, confirmed.text);
  return { app, recoveryCodes: (confirmed.body as { readonly recoveryCodes: readonly string[] }).recoveryCodes };
}

test('who sets up a second factor logs in with a code, used once, or a recovery code; also after kill -9', async () => {
  await provision.user('li', PASSWORD, 'operator');
  const { client, session } = seatOf(await knock('li'));
  assert.deepEqual(session.secondFactor, { isOn: false, isNeeded: false, recoveryCodesLeft: 0 });
  const { app, recoveryCodes } = await enrol(client);
  assert.equal(recoveryCodes.length, 10);
  const [needed, wrong] = [await knock('li'), await knock('li', '000000')];
  assert.deepEqual([needed.status, codeOf(needed)], [401, 'codeNeeded']);
  assert.deepEqual([wrong.status, codeOf(wrong)], [401, 'wrongCredentials']);
  assert.equal(
    (await knock('li', undefined, 'wrong')).text,
    (await knock('li', '000000', 'wrong')).text.replace(/"requestId":"[^"]*"/, ''),
  );
  const code = app.next();
  const { session: now } = seatOf(await knock('li', code));
  assert.deepEqual(now.secondFactor, { isOn: true, isNeeded: false, recoveryCodesLeft: 10 });
  assert.equal((await knock('li', code)).status, 401, 'used');
  await centre.kill9();
  await centre.up();
  assert.equal((await knock('li', code)).status, 401, 'used before the crash');
  const { session: after } = seatOf(await knock('li', recoveryCodes[3]));
  assert.equal(after.secondFactor?.recoveryCodesLeft, 9);
  assert.equal((await knock('li', recoveryCodes[3])).status, 401, 'used');
});

test('codes that are guessed wait like passwords, and a right password in between forgives none', async () => {
  await provision.user('guessed', PASSWORD, 'operator');
  await enrol(seatOf(await knock('guessed')).client);
  const statuses: number[] = [];
  for (let n = 0; n < 6; n++) {
    statuses.push((await knock('guessed', String(100_000 + n))).status);
    if (n === 3) assert.equal(codeOf(await knock('guessed')), 'codeNeeded');
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
});

test('an administrator may do nothing before he has one, and cannot do without it', async () => {
  await provision.user('guard', PASSWORD, 'securityAdmin');
  const { client, session } = seatOf(await knock('guard'));
  assert.equal(session.owes, 'secondFactor');
  const refused = await client.call('GET', '/api/v1/users');
  assert.deepEqual([refused.status, codeOf(refused)], [403, 'secondFactorDue']);
  const { app } = await enrol(client);
  assert.equal((await client.call('GET', '/api/v1/users')).status, 200);
  assert.equal(codeOf(await client.call('DELETE', '/api/v1/session/second-factor')), 'secondFactorNeeded');
  assert.equal(codeOf(await client.post('/api/v1/session/confirm', { password: PASSWORD })), 'wrongPassword');
  assert.equal((await client.post('/api/v1/session/confirm', { password: PASSWORD, code: app.next() })).status, 200);
});

test('one that was lost is taken away by the security administrator, or at the centre itself', async () => {
  await provision.user('wu', PASSWORD, 'operator');
  const first = seatOf(await knock('wu')).client;
  await enrol(first);
  assert.equal((await first.call('DELETE', '/api/v1/users/wu/second-factor')).status, 403);
  assert.equal((await security.call('DELETE', '/api/v1/users/wu/second-factor')).status, 204);
  assert.equal((await first.call('GET', '/api/v1/alarms')).status, 401, 'its log-ins ended');
  assert.equal((await security.call('DELETE', '/api/v1/users/wu/second-factor')).status, 404);
  const { client } = seatOf(await knock('wu'));
  await enrol(client);
  const drop = () => fengsui(['user', 'drop-factor', '--name', 'wu', '--data', centre.folder]);
  assert.equal((await drop()).stdout.trim(), 'account wu has no second factor');
  assert.equal((await client.call('GET', '/api/v1/alarms')).status, 401);
  assert.match((await drop()).stderr, /wu does not exist, or has no second factor/);
  await enrol(seatOf(await knock('wu')).client);
  await centre.stop();
  assert.equal((await drop()).code, 0, 'also with the centre stopped');
  await centre.up();
  assert.equal((await knock('wu')).status, 200);
});

test('one log-in more than access.maxSessions ends the one not used for longest', async () => {
  await provision.user('many', PASSWORD, 'operator');
  const seats = [seatOf(await knock('many')), seatOf(await knock('many')), seatOf(await knock('many'))];
  const statuses = [];
  for (const { client } of seats) statuses.push((await client.call('GET', '/api/v1/alarms')).status);
  assert.deepEqual(statuses, [401, 200, 200]);
});

test('who locks his log-in reads alarms and does nothing, whatever else he has open goes on', async () => {
  await provision.user('zhao', PASSWORD, 'operator');
  const [one, other] = [seatOf(await knock('zhao')).client, seatOf(await knock('zhao')).client];
  const locked = await one.post('/api/v1/session/lock');
  assert.equal((locked.body as { readonly locksInS: number }).locksInS, 0);
  const refused = await one.call('GET', '/api/v1/devices');
  assert.deepEqual([refused.status, codeOf(refused)], [423, 'sessionLocked']);
  assert.equal((await one.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await other.call('GET', '/api/v1/devices')).status, 200);
  assert.equal((await one.post('/api/v1/session/unlock', { password: PASSWORD })).status, 200);
  assert.equal((await one.call('GET', '/api/v1/devices')).status, 200);
});

test('a feed that is open when its log-in is locked goes on with alarms alone, and with all when it is unlocked', async () => {
  const secret = await provision.device('lock-1', 'V1');
  const device = await DeviceClient.connect(centre.mqttUrl, 'lock-1', secret);
  await provision.user('sun', PASSWORD, 'operator');
  const { client, cookie } = seatOf(await knock('sun'));
  const headers = { cookie, origin: centre.webUrl };
  const topics = ['alarms', 'values', 'presence', 'isolations'];
  const live = await LiveClient.open(centre.webUrl, undefined, headers);
  const anew = async (): Promise<void> => {
    await live.frame('to begin anew', ({ type }) => type === 'resync');
    live.arrived.length = 0;
    live.subscribe({ topics });
    await live.snapshot();
  };
  live.subscribe({ topics });
  await live.snapshot();
  let seq = 0;
  const happens = async (): Promise<string> => {
    await device.telemetry({ epoch: 'l', seq: ++seq, at: Date.now(), values: { 't1.temperatureC': 20 + seq } });
    const kind = `lock${++seq}`;
    await device.event({ epoch: 'l', seq, at: Date.now(), kind, point: 'c1', active: true, level: 'warning' });
    return kind;
  };
  const hears = async (): Promise<boolean> => {
    const kind = await happens();
    await live.frame(kind, ({ alarms = [] }) => alarms.some((alarm) => alarm.kind === kind));
    // Values leave within 200 ms of their commit.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return live.frames.some(({ values = [], presence = [] }) => values.length + presence.length > 0);
  };
  assert.equal(await hears(), true);
  assert.equal((await client.post('/api/v1/session/lock')).status, 200);
  await anew();
  assert.equal(await hears(), false, 'alarms and nothing else');
  const late = await LiveClient.open(centre.webUrl, undefined, headers);
  late.subscribe({ topics });
  const { values = [], presence = [], alarms = [], isolations } = await late.snapshot();
  assert.deepEqual([values, presence, isolations], [[], [], []]);
  assert.ok(alarms.length > 1);
  assert.equal((await client.post('/api/v1/session/unlock', { password: PASSWORD })).status, 200);
  await anew();
  assert.equal(await hears(), true);
  for (const one of [live, late]) one.close();
  device.mqtt.end(true);
});
