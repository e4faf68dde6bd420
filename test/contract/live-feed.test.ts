import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type AlarmRow } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { WebSocket } from 'ws';
import { eventually, sleep, within } from './client/eventually.ts';
import { LiveClient, type LiveFrame } from './client/live-client.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let webUrl: string;
let token: string;
let one: DeviceClient;
let two: DeviceClient;

before(async () => {
  contract = await ContractCentre.start();
  webUrl = contract.process.webUrl;
  token = await contract.provision.token('operator');
  one = await contract.device('live-1', { venueId: 'V1' });
  two = await contract.device('live-2', { venueId: 'V2' });
  await contract.provision.user('live-user', PASSWORD, 'operator');
});
after(() => contract.dispose());

let seq = 0;
const value = (device: DeviceClient, temperatureC: number, point = 't1.temperatureC'): Promise<void> =>
  device.telemetry({ epoch: 'l', seq: ++seq, at: Date.now(), values: { [point]: temperatureC } });
const event = (device: DeviceClient, kind: string, fields: object = {}): Promise<void> =>
  device.event({
    epoch: 'l',
    seq: ++seq,
    at: Date.now(),
    kind,
    point: 'c1',
    active: true,
    level: 'warning',
    ...fields,
  });

async function subscribed(options: Parameters<LiveClient['subscribe']>[0] = {}, by = token): Promise<LiveClient> {
  const live = await LiveClient.open(webUrl, by);
  live.subscribe(options);
  await live.snapshot();
  return live;
}

const alarmsIn = (frames: readonly LiveFrame[]): AlarmRow[] => frames.flatMap(({ alarms }) => alarms ?? []);
const hasAlarm =
  (kind: string) =>
  (frame: LiveFrame): boolean =>
    alarmsIn([frame]).some((alarm) => alarm.kind === kind);
const hasValue =
  (deviceId: string, wanted: number) =>
  (frame: LiveFrame): boolean =>
    (frame.values ?? []).some(([id, , , current]) => id === deviceId && current === wanted);

function assertNumbered(live: LiveClient): void {
  const numbers = live.frames.filter(({ type }) => type !== 'resync').map(({ n }) => n);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
}

test('who does not say who he is within 5 s, or says it wrongly, is closed', async () => {
  const startedAt = performance.now();
  const silent = await LiveClient.open(webUrl);
  const wrong = await LiveClient.open(webUrl, 'fst_0123456789abcdefghijklmnop');
  await wrong.untilClosed();
  const hasty = await LiveClient.open(webUrl);
  hasty.subscribe();
  await hasty.untilClosed();
  const garbled = await LiveClient.open(webUrl);
  garbled.ws.send('not json');
  await garbled.untilClosed();
  const endless = await LiveClient.open(webUrl);
  endless.ws.send('x'.repeat(2_000_000));
  await endless.untilClosed();
  await silent.untilClosed();
  const heldMs = performance.now() - startedAt;
  assert.ok(heldMs > 4_500, `closed after ${heldMs.toFixed(0)} ms`);
  for (const live of [silent, wrong, hasty, garbled, endless])
    assert.deepEqual(
      live.frames.filter(({ type }) => type !== 'error'),
      [],
    );
});

test('the cookie opens the feed for pages of our own origin only', async () => {
  const answer = await new ApiClient(webUrl).post('/api/v1/login', { username: 'live-user', password: PASSWORD });
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const own = await LiveClient.open(webUrl, undefined, { cookie, origin: webUrl });
  own.subscribe();
  await own.snapshot();
  const port = new URL(webUrl).port;
  for (const origin of [
    'http://evil.example',
    `http://evil.example:${port}`,
    `http://127.0.0.1:${Number(port) + 1}`,
    `http://127.0.0.1.evil.example:${port}`,
    'null',
    undefined,
  ]) {
    const live = new LiveClient(webUrl, { cookie, ...(origin !== undefined && { origin }) });
    await assert.rejects(live.opened(), /403|401|Unexpected server response/, String(origin));
  }
  // Logging out ends what is open.
  const { csrfToken } = answer.body as { csrfToken: string };
  const out = await new ApiClient(webUrl, undefined, { cookie }).post('/api/v1/logout', undefined, {
    'x-csrf-token': csrfToken,
  });
  assert.equal(out.status, 204);
  await own.untilClosed();
});

test('the feed is at its own path only', async () => {
  const live = new LiveClient(`${webUrl}/elsewhere`);
  await assert.rejects(live.opened());
  assert.equal((await contract.api.call('GET', '/healthz')).status, 200);
});

test('the snapshot carries alarms, values and presence, and batches what changes after it', async () => {
  await value(one, 21.25);
  await event(one, 'arc');
  await eventually('the alarm', async () => (await contract.api.alarmsOf('live-1')).length > 0);
  const live = await subscribed();
  const snapshot = await live.snapshot();
  assert.equal(snapshot.n, 1);
  assert.ok(typeof snapshot.cursor === 'string' && snapshot.cursor !== '');
  const known = (await contract.api.alarmsOf('live-1'))[0];
  assert.deepEqual(
    snapshot.alarms?.find(({ id }) => id === known?.id),
    known,
    'whole alarms, as the API shows them',
  );
  const row = snapshot.values?.find(([id, point]) => id === 'live-1' && point === 't1.temperatureC');
  assert.ok(row !== undefined && row[3] === 21.25 && Math.abs(Date.now() - row[2]) < 60_000, JSON.stringify(row));
  const presence = snapshot.presence?.find(([id]) => id === 'live-1');
  assert.ok(presence?.[1] === true && Math.abs(Date.now() - presence[2]) < 600_000, JSON.stringify(presence));
  await value(one, 22.5);
  const batch = await live.frame('the value', hasValue('live-1', 22.5));
  assert.equal(batch.type, 'batch');
  assert.ok(
    typeof batch.at === 'number' && Math.abs(Date.now() - batch.at) < 60_000 && typeof batch.cursor === 'string',
  );
  await event(one, 'overload');
  const raised = alarmsIn([await live.frame('the alarm', hasAlarm('overload'))]).find(
    ({ kind }) => kind === 'overload',
  );
  await contract.api.post(`/api/v1/alarms/${raised?.id}/acknowledge`);
  const acknowledged = await live.frame('the acknowledgement', (frame) =>
    alarmsIn([frame]).some(({ id, state }) => id === raised?.id && state === 'acknowledged'),
  );
  assert.deepEqual(
    alarmsIn([acknowledged]).find(({ id }) => id === raised?.id),
    await contract.api.alarm(raised?.id ?? ''),
  );
  await event(one, 'overload', { active: false });
  await live.frame('the end', (frame) =>
    alarmsIn([frame]).some(({ id, state }) => id === raised?.id && state === 'normal'),
  );
  const secret = await contract.register('live-come-and-go');
  const other = await contract.device('live-come-and-go');
  assert.ok(secret.length > 0);
  await live.frame('the device online', ({ presence: rows }) =>
    (rows ?? []).some(([id, online]) => id === 'live-come-and-go' && online),
  );
  await other.end();
  await live.frame('the device offline', ({ presence: rows }) =>
    (rows ?? []).some(([id, online]) => id === 'live-come-and-go' && !online),
  );
  assertNumbered(live);
  live.close();
});

test('topics, venues and scope decide what comes', async () => {
  await event(one, 'heat', { point: 't1' });
  await event(two, 'heat', { point: 't1' });
  await value(two, 5);
  const onlyAlarms = await subscribed({ topics: ['alarms'] });
  const onlyTwo = await subscribed({ venueIds: ['V2'] });
  const scoped = await subscribed({}, await contract.provision.token('operator', ['V1']));
  const greedy = await subscribed(
    { venueIds: ['V1', 'V2', 'nowhere'] },
    await contract.provision.token('operator', ['V1']),
  );
  const administrator = await subscribed({}, await contract.provision.token('systemAdmin'));
  const nobody = await subscribed({}, await contract.provision.token('venueManager'));
  await value(one, 61);
  await value(two, 62);
  await event(one, 'smoke', { point: 't1' });
  await event(two, 'smoke', { point: 't1' });
  await onlyTwo.frame('the alarm of V2', (frame) =>
    alarmsIn([frame]).some(({ kind, deviceId }) => kind === 'smoke' && deviceId === 'live-2'),
  );
  await onlyTwo.frame('the value of V2', hasValue('live-2', 62));
  await scoped.frame('the alarm of V1', hasAlarm('smoke'));
  await scoped.frame('the value of V1', hasValue('live-1', 61));
  await greedy.frame('the value of V1', hasValue('live-1', 61));
  await onlyAlarms.frame(
    'both alarms',
    () => alarmsIn(onlyAlarms.frames).filter(({ kind }) => kind === 'smoke').length === 2,
  );
  // A second round, and a second snapshot for those who get nothing: behind these, nothing of the first is on its way.
  await value(one, 63);
  await value(two, 64);
  await onlyTwo.frame('the next value of V2', hasValue('live-2', 64));
  for (const live of [scoped, greedy]) await live.frame('the next value of V1', hasValue('live-1', 63));
  for (const live of [onlyAlarms, administrator, nobody]) {
    live.subscribe(live === onlyAlarms ? { topics: ['alarms'] } : {});
    await live.frame('a second snapshot', ({ type, n = 0 }) => type === 'snapshot' && n > 1);
  }
  const devicesOf = (live: LiveClient): string[] => {
    const ids = live.frames.flatMap(({ alarms, values, presence }) => [
      ...(alarms ?? []).map(({ deviceId }) => deviceId),
      ...(values ?? []).map(([id]) => id),
      ...(presence ?? []).map(([id]) => id),
    ]);
    return [...new Set(ids)].sort();
  };
  assert.ok(onlyAlarms.frames.every(({ values = [], presence = [] }) => values.length === 0 && presence.length === 0));
  assert.deepEqual(devicesOf(onlyTwo), ['live-2']);
  for (const live of [scoped, greedy])
    assert.ok(!devicesOf(live).includes('live-2') && devicesOf(live).includes('live-1'));
  assert.deepEqual(alarmsIn(administrator.frames), [], 'administrators see no alarms');
  assert.ok(administrator.frames.every(({ values = [] }) => values.length === 0));
  assert.deepEqual(devicesOf(nobody), []);
  for (const live of [onlyAlarms, onlyTwo, scoped, greedy, administrator, nobody]) {
    assertNumbered(live);
    live.close();
  }
});

test('with a cursor the feed goes on without a snapshot and without a gap', async () => {
  const first = await subscribed();
  const cursor = (await first.snapshot()).cursor ?? '';
  first.close();
  const missed = Array.from({ length: 30 }, (_, index) => `missed${index}`);
  for (const kind of missed) await event(one, kind);
  await value(two, 71);
  await contract.device('live-while-away');
  await eventually('the last one applied', async () =>
    (await contract.api.alarmsOf('live-1')).some(({ kind }) => kind === missed.at(-1)),
  );
  const second = await LiveClient.open(webUrl, token);
  second.subscribe({ cursor });
  await second.frame('everything missed', () => {
    const kinds = new Set(alarmsIn(second.frames).map(({ kind }) => kind));
    return missed.every((kind) => kinds.has(kind)) && second.frames.some(hasValue('live-2', 71));
  });
  await second.frame('the presence missed', ({ presence }) =>
    (presence ?? []).some(([id, online]) => id === 'live-while-away' && online),
  );
  assert.ok(second.frames.every(({ type }) => type === 'batch' || type === 'heartbeat'));
  assertNumbered(second);
  // Again from where this one is: nothing comes twice.
  const newest = second.frames.filter(({ cursor: own }) => own !== undefined).at(-1)?.cursor ?? '';
  second.close();
  const third = await LiveClient.open(webUrl, token);
  third.subscribe({ cursor: newest });
  await event(one, 'afterwards');
  await third.frame('what came after', hasAlarm('afterwards'));
  assert.deepEqual(
    alarmsIn(third.frames).filter(({ kind }) => missed.includes(kind)),
    [],
  );
  third.close();
});

test('a client that loses its connection again and again misses no alarm', async () => {
  const device = await contract.device('live-breaks');
  const wanted = Array.from({ length: 150 }, (_, index) => `break${index}`);
  const seen = new Set<string>();
  let sending = true;
  const source = (async () => {
    for (const kind of wanted) {
      await event(device, kind);
      await sleep(8);
    }
    sending = false;
  })();
  let cursor: string | undefined;
  let snapshots = 0;
  const deadline = Date.now() + 120_000;
  for (let round = 0; Date.now() < deadline && (sending || seen.size < wanted.length); round++) {
    const live = await LiveClient.open(webUrl, token);
    live.subscribe(cursor === undefined ? {} : { cursor });
    // Cut at any moment; later and later, so that a slow machine gets somewhere too.
    await sleep(20 + ((round * 37) % 90) + round);
    live.close();
    for (const frame of live.frames) {
      assert.notEqual(frame.type, 'resync');
      if (frame.type === 'snapshot') snapshots++;
      for (const { kind, deviceId } of alarmsIn([frame])) if (deviceId === 'live-breaks') seen.add(kind);
      cursor = frame.cursor ?? cursor;
    }
  }
  await source;
  assert.equal(snapshots, 1);
  assert.deepEqual([...seen].sort(), wanted.sort());
});

test('a cursor that is none, or of a future that never was, is answered with resync, and the feed begins anew', async () => {
  for (const cursor of ['nonsense', '', Buffer.from('1:9999999999').toString('base64url'), '%00']) {
    const live = await LiveClient.open(webUrl, token);
    live.subscribe({ cursor });
    await live.frame(`resync for ${JSON.stringify(cursor)}`, ({ type }) => type === 'resync');
    live.subscribe();
    await live.snapshot();
    await value(one, 80);
    await live.frame('a batch', ({ type }) => type === 'batch');
    live.close();
  }
});

test('a cursor of before a restart either goes on without a gap or is answered with resync', async () => {
  const live = await subscribed();
  const cursor = (await live.snapshot()).cursor ?? '';
  await event(one, 'beforeRestart');
  await eventually('the alarm', async () =>
    (await contract.api.alarmsOf('live-1')).some(({ kind }) => kind === 'beforeRestart'),
  );
  await contract.process.kill9();
  await contract.process.up();
  one = await contract.device('live-1');
  two = await contract.device('live-2');
  const again = await LiveClient.open(webUrl, token);
  again.subscribe({ cursor });
  const answer = await again.frame(
    'resync or the alarm',
    (frame) => frame.type === 'resync' || hasAlarm('beforeRestart')(frame),
  );
  if (answer.type === 'resync') {
    again.subscribe();
    assert.ok(hasAlarm('beforeRestart')(await again.snapshot()));
  }
  again.close();
});

test('a heartbeat comes every second, counted with the other frames', async () => {
  const live = await subscribed({ topics: [] });
  await live.frame('the third heartbeat', () => live.frames.filter(({ type }) => type === 'heartbeat').length >= 3);
  const beats = live.arrived.filter(({ frame }) => frame.type === 'heartbeat');
  // By the centre's own clock, over two beats: a busy machine sends one late and the next in time. With one left out: 3 s.
  const apart = (beats[2]?.frame.at ?? 0) - (beats[0]?.frame.at ?? 0);
  assert.ok(apart > 1_500 && apart < 2_900, `${apart.toFixed(0)} ms for two`);
  for (const { frame } of beats) assert.ok(Math.abs(Date.now() - (frame.at ?? 0)) < 20_000);
  assertNumbered(live);
  live.close();
});

test('who sends frames without end is told why and closed; a page that subscribes now and then is not', async () => {
  const page = await subscribed();
  const endless = await subscribed();
  for (let n = 0; n < 60; n++) endless.subscribe({ topics: [] });
  for (let n = 0; n < 20; n++) page.subscribe();
  const { code, reason } = await endless.untilClosed();
  assert.equal(code, 4429);
  assert.match(reason, /^sends more than is taken/);
  assert.ok(endless.frames.filter(({ type }) => type === 'snapshot').length <= 41, 'what came after was not looked at');
  await page.frame('its last snapshot', ({ type, n = 0 }) => type === 'snapshot' && n >= 21);
  assert.equal(page.closed, undefined);
  page.close();
});

test('a client that is silent on a connection that still takes what it is sent is closed', async () => {
  const page = await subscribed({ topics: [] });
  const ws = new WebSocket(`${webUrl.replace(/^http/, 'ws')}/api/v1/live`, { autoPong: false });
  const closed = new Promise<number>((resolve) => ws.once('close', resolve));
  await new Promise((resolve) => ws.once('open', resolve));
  ws.send(JSON.stringify({ type: 'auth', token }));
  ws.send(JSON.stringify({ type: 'subscribe', topics: [] }));
  // Asked within 5 s, and 30 s for the answer.
  const from = performance.now();
  assert.equal(await within('the silent one to be closed', closed, 90_000), 1006);
  assert.ok(performance.now() - from > 25_000, 'who is slow has his time');
  assert.equal(page.closed, undefined, 'who answers stays');
  page.close();
});

test('what is open ends when its token expires', async () => {
  const short = await subscribed({}, await contract.provision.token('operator', undefined, 2 / 86_400));
  const long = await subscribed();
  await short.untilClosed(9_000);
  assert.equal(long.closed, undefined);
  long.close();
});
