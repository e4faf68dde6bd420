import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { liveTopics, type LiveTopic } from '@fengsui/protocol';
import { ApiClient } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { LiveClient, type LiveFrame } from './client/live-client.ts';
import { FOREIGN, TwoVenues } from './client/two-venues.ts';
import { rolesWalked, whoMay, type WalkedRole } from './walk/who-may.ts';

const PASSWORD = 'quartz-lamp 58 violet';

/** Who may hear of something may ask for it: the walk over the operations has by hand who that is. */
const ASKED_AT: Readonly<Record<LiveTopic, string>> = {
  alarms: 'GET /api/v1/alarms',
  values: 'GET /api/v1/series',
  presence: 'GET /api/v1/devices',
  commands: 'GET /api/v1/devices/{id}/commands',
  workOrders: 'GET /api/v1/work-orders',
  isolations: 'GET /api/v1/isolations',
  incidents: 'GET /api/v1/incidents',
};

/** Of these a snapshot has a list for whoever may hear them, and nothing of them happens here. */
const LISTED: ReadonlySet<LiveTopic> = new Set(['commands', 'workOrders', 'isolations', 'incidents']);

let contract: ContractCentre;
let webUrl: string;
let keeper: ApiClient;
let own: DeviceClient;
let foreign: DeviceClient;
let round = 0;

before(async () => {
  contract = await ContractCentre.start();
  webUrl = contract.process.webUrl;
  await TwoVenues.furnish(contract);
  own = await contract.device('walk-own', { venueId: 'V-own' });
  foreign = await contract.device(`walk-${FOREIGN}`, { venueId: `V-${FOREIGN}` });
  keeper = new ApiClient(webUrl, await contract.provision.token('securityAdmin'));
});
after(() => contract.dispose());

/** Of both venues, the foreign one first: what is told of one's own is behind it. */
async function happens(): Promise<string> {
  const kind = `walked${++round}`;
  for (const device of [foreign, own]) {
    const at = Date.now();
    await device.telemetry({ epoch: 'w', seq: 2 * round, at, values: { 't1.temperatureC': round } });
    const event = { kind, point: 'c1', active: true, level: 'warning' };
    await device.event({ epoch: 'w', seq: 2 * round + 1, at, ...event });
  }
  return kind;
}

async function listens(live: LiveClient): Promise<LiveClient> {
  live.subscribe({ topics: liveTopics });
  await live.snapshot();
  return live;
}

const rolesHeard = rolesWalked.filter((role): role is Exclude<WalkedRole, 'founder'> => role !== 'founder');
const mayHear = (role: WalkedRole): string[] =>
  liveTopics.filter((topic) => whoMay.get(ASKED_AT[topic])?.includes(role) === true);

/** Topics of which anything came, or of which a snapshot has a list at all. */
function heard(frames: readonly LiveFrame[]): string[] {
  return liveTopics.filter((topic) =>
    frames.some((frame) => {
      const rows = (frame as unknown as Readonly<Record<string, unknown>>)[topic];
      return Array.isArray(rows) && (rows.length > 0 || LISTED.has(topic));
    }),
  );
}

test('every topic is asked for at an operation of the walk', () => {
  for (const topic of liveTopics) assert.ok(whoMay.has(ASKED_AT[topic]), topic);
});

test('each role hears the topics it may ask for, and none says a word of a venue that is not its own', async () => {
  await happens();
  const seats = new Map<WalkedRole, LiveClient>();
  for (const role of rolesHeard)
    seats.set(role, await listens(await LiveClient.open(webUrl, await contract.provision.token(role, ['V-own']))));
  const kind = await happens();
  const first = seats.get('operator') as LiveClient;
  await first.frame('the alarm', ({ alarms = [] }) => alarms.some((alarm) => alarm.kind === kind));
  await first.frame('the value', ({ values = [] }) => values.some((row) => row[3] === round));
  // A second snapshot: what was told before it has come by then.
  for (const [role, live] of seats) {
    live.subscribe({ topics: liveTopics, venueIds: ['V-own', `V-${FOREIGN}`] });
    await live.frame(`a second snapshot for ${role}`, ({ type, n = 0 }) => type === 'snapshot' && n > 1);
    assert.deepEqual(heard(live.frames), mayHear(role), role);
    assert.ok(!JSON.stringify(live.frames).includes(FOREIGN), `${role} hears of the other venue`);
    live.close();
  }
});

test('without a token, and with one that is wrong, over or revoked, nothing is heard', async () => {
  const { token: revoked } = (await keeper.post('/api/v1/tokens', { name: 'heard once', role: 'integrator' })).body as {
    readonly token: string;
  };
  const open = await listens(await LiveClient.open(webUrl, revoked));
  const { items } = await keeper.get<{ readonly items: readonly { readonly id: string; readonly name: string }[] }>(
    '/api/v1/tokens',
  );
  const id = items.find(({ name }) => name === 'heard once')?.id ?? '';
  assert.equal((await keeper.call('DELETE', `/api/v1/tokens/${id}`)).status, 204);
  assert.equal((await open.untilClosed()).code, 4401, 'what is open ends with its token');
  const strangers: readonly (readonly [
    what: string,
    token: string | undefined,
    headers: Readonly<Record<string, string>>,
  ])[] = [
    ['no token', undefined, {}],
    ['wrong token', 'fst_0123456789abcdefghijklmnop', {}],
    ['token that is over', await contract.provision.token('shiftLeader', undefined, 0), {}],
    ['revoked token', revoked, {}],
    ['wrong cookie', undefined, { cookie: `fengsui_session=${'x'.repeat(43)}`, origin: webUrl }],
  ];
  for (const [what, token, headers] of strangers) {
    const live = await LiveClient.open(webUrl, token, headers);
    live.subscribe({ topics: liveTopics });
    assert.equal((await live.untilClosed()).code, 4401, what);
    assert.deepEqual(live.frames, [], what);
  }
});

test('a screen of a display link hears its venues, as a display does', async () => {
  const made = await keeper.post('/api/v1/display-links', { name: 'hall', venueIds: ['V-own'] });
  const [, token] = /token=([^&]+)/.exec((made.body as { path: string }).path) ?? [];
  const claimed = await new ApiClient(webUrl).post('/api/v1/display/claim', { token });
  const cookie = (claimed.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const screen = await listens(await LiveClient.open(webUrl, undefined, { cookie, origin: webUrl }));
  const kind = await happens();
  await screen.frame('the alarm', ({ alarms = [] }) => alarms.some((alarm) => alarm.kind === kind));
  assert.deepEqual(heard(screen.frames), mayHear('display'));
  assert.ok(!JSON.stringify(screen.frames).includes(FOREIGN));
  screen.close();
});

test('rights that are cut while somebody listens hold at once: another role, another venue, a disabled account', async () => {
  await contract.provision.user('cut', PASSWORD, 'operator');
  const logIn = async (): Promise<LiveClient> => {
    const answer = await new ApiClient(webUrl).post('/api/v1/login', { username: 'cut', password: PASSWORD });
    const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    return listens(await LiveClient.open(webUrl, undefined, { cookie, origin: webUrl }));
  };
  const change = async (to: object): Promise<void> =>
    assert.equal((await keeper.call('PATCH', '/api/v1/users/cut', to)).status, 200);
  const live = await logIn();
  assert.ok(JSON.stringify(live.frames).includes(FOREIGN), 'before, everything is heard');
  for (const [to, may] of [
    [{ venueIds: ['V-own'] }, mayHear('operator')],
    [{ role: 'insurer' }, mayHear('insurer')],
  ] as const) {
    const before = live.frames.length;
    await change(to);
    await live.frame(
      'the word to begin anew',
      (frame) => live.frames.indexOf(frame) >= before && frame.type === 'resync',
    );
    const from = live.frames.length;
    await happens();
    live.subscribe({ topics: liveTopics });
    await live.frame('a snapshot', (frame) => live.frames.indexOf(frame) >= from && frame.type === 'snapshot');
    const since = live.frames.slice(from);
    assert.deepEqual(heard(since), may);
    assert.ok(!JSON.stringify(since).includes(FOREIGN), JSON.stringify(to));
  }
  await change({ disabled: true });
  assert.equal((await live.untilClosed()).code, 4401);
});
