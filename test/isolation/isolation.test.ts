import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Isolation } from '@fengsui/protocol';
import { Person } from '../commissioning/person.ts';
import type { Answer, ProblemBody } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { LiveClient } from '../contract/client/live-client.ts';
import { eventually } from '../contract/client/eventually.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const HOUR_MS = 3_600_000;

let contract: ContractCentre;
let zhang: Person;
let wang: Person;
let technician: Person;

before(async () => {
  contract = await ContractCentre.start();
  for (const name of ['zhang', 'wang']) await contract.provision.user(name, PASSWORD, 'shiftLeader');
  await contract.provision.user('li', PASSWORD, 'technician');
  const { webUrl } = contract.process;
  zhang = await Person.logIn(webUrl, 'zhang', PASSWORD);
  wang = await Person.logIn(webUrl, 'wang', PASSWORD);
  technician = await Person.logIn(webUrl, 'li', PASSWORD);
});
after(() => contract.dispose());

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const of = ({ status, body }: Answer): Isolation => {
  assert.ok(status < 300, JSON.stringify(body));
  return body as Isolation;
};
const code = ({ status, body }: Answer): readonly unknown[] => [status, (body as ProblemBody).code];

const asked = (deviceId: string, more: object = {}) => ({
  venueId: 'V1',
  deviceId,
  kind: 'isolated',
  until: inMs(HOUR_MS),
  reason: 'ceiling works',
  fireWatch: { name: 'Chen', phone: '13800000000' },
  ...more,
});
const smoke = (active: boolean) =>
  ({ kind: 'smoke', level: 'alarm', point: '', active, at: Date.now(), epoch: 'a' }) as const;
const reasonsOf = async (deviceId: string) =>
  (
    await contract.api.get<{ items: { deviceId: string; reasons: string[]; isolation?: object }[] }>(
      '/api/v1/blind-spots',
    )
  ).items.find((spot) => spot.deviceId === deviceId);

test('two people isolate a smoke detector; its fire is counted, survives kill -9 hidden, and is raised at the end', async () => {
  const device = await contract.device('iso-1', { model: 'generic-smoke' });
  const { id, state } = of(await technician.post('/isolations', asked('iso-1')));
  assert.equal(state, 'asked');
  assert.deepEqual(code(await technician.post(`/isolations/${id}/approve`)), [403, 'forbidden']);
  assert.deepEqual(code(await contract.api.post(`/api/v1/isolations/${id}/approve`)), [403, 'sessionNeeded']);
  assert.equal(of(await wang.post(`/isolations/${id}/approve`)).state, 'active');
  await device.event({ ...smoke(true), seq: 1 });
  const alarm = await contract.raised('iso-1', 'smoke');
  assert.equal(alarm.state, 'outOfService');
  const counted = await eventually('the fire is counted', async () => {
    const { items } = await wang.get<{ items: Isolation[] }>('/isolations?open=true');
    const found = items.find((one) => one.id === id);
    return found?.hiddenFireNow === 1 ? found : undefined;
  });
  assert.deepEqual([counted.suppressedFireCount, counted.askedBy, counted.approvedBy], [1, 'li', 'wang']);
  assert.equal(counted.fireWatch?.phone, '13800000000');
  await contract.process.kill9();
  await contract.process.up();
  assert.equal((await contract.api.alarm(alarm.id)).state, 'outOfService');
  const spot = await reasonsOf('iso-1');
  assert.ok(spot?.reasons.includes('isolated'), JSON.stringify(spot));
  assert.deepEqual(spot?.isolation, { id, kind: 'isolated', until: counted.until, by: 'li' });
  assert.equal(of(await technician.post(`/isolations/${id}/end`)).endedBy, 'li');
  await contract.until(alarm.id, 'unacknowledged');
  assert.deepEqual(code(await zhang.post(`/isolations/${id}/end`)), [409, 'isolationEnded']);
});

test('one asked for by a shift leader begins by another; what must not be asked is refused', async () => {
  await contract.device('iso-2', { model: 'generic-smoke' });
  const { id } = of(await zhang.post('/isolations', asked('iso-2')));
  assert.deepEqual(code(await zhang.post(`/isolations/${id}/approve`)), [403, 'approvalByAnother']);
  assert.equal(of(await wang.post(`/isolations/${id}/approve`)).state, 'active');
  const refused = async (more: object) => code(await zhang.post('/isolations', asked('iso-2', more)));
  assert.deepEqual(await refused({ until: inMs(25 * HOUR_MS) }), [422, 'isolationTooLong']);
  assert.deepEqual(await refused({ kind: 'onTest', until: inMs(9 * HOUR_MS) }), [422, 'isolationTooLong']);
  assert.deepEqual(await refused({ fireWatch: undefined }), [422, 'fireWatchRequired']);
  assert.deepEqual(await refused({ deviceId: 'nobody' }), [404, 'unknownTarget']);
  assert.deepEqual(await refused({ areaId: 'R' }), [422, 'invalidTarget']);
  assert.deepEqual(await refused({ venueId: 'nowhere' }), [404, 'notFound']);
  assert.deepEqual(code(await zhang.post('/isolations/none/end')), [404, 'notFound']);
  const reach = await zhang.get('/venues/V1/isolation-reach?deviceId=iso-2');
  assert.deepEqual(reach, { detectorCount: 1, lifeSafetyCount: 1 });
});

test('a test ends by itself: what is still active then is live', async () => {
  const device = await contract.device('iso-3', { model: 'generic-smoke' });
  const until = inMs(4_000);
  const { id } = of(await technician.post('/isolations', asked('iso-3', { kind: 'onTest', until })));
  of(await zhang.post(`/isolations/${id}/approve`));
  await device.event({ ...smoke(true), seq: 1 });
  const alarm = await contract.raised('iso-3', 'smoke');
  assert.equal(alarm.origin, 'test');
  assert.ok((await reasonsOf('iso-3'))?.reasons.includes('onTest'));
  await eventually('the alarm is live', async () => (await contract.api.alarm(alarm.id)).origin === 'live');
  const { items } = await zhang.get<{ items: Isolation[] }>(`/isolations?limit=2`);
  const ended = items.find((one) => one.id === id);
  assert.deepEqual([ended?.state, ended?.endedBy, items.length], ['ended', undefined, 2]);
  assert.equal((await reasonsOf('iso-3'))?.reasons.includes('onTest'), false);
});

test('the feed says at once what is asked for, begins, hides and ends, and what stood open to who comes later', async () => {
  const device = await contract.device('iso-feed', { model: 'generic-smoke' });
  const token = await contract.provision.token('operator');
  const open = async (cursor?: string): Promise<LiveClient> => {
    const live = await LiveClient.open(contract.process.webUrl, token);
    live.subscribe({ topics: ['isolations'], ...(cursor !== undefined && { cursor }) });
    return live;
  };
  const first = await open();
  const before = (await first.snapshot()).isolations?.map(({ id }) => id);
  const { id } = of(await technician.post('/isolations', asked('iso-feed')));
  assert.ok(before !== undefined && !before.includes(id));
  const hears = (live: LiveClient, what: string, is: (one: Isolation) => boolean) =>
    live.frame(what, ({ isolations = [] }) => isolations.some((one) => one.id === id && is(one)));
  const { cursor } = await hears(first, 'that it is asked for', ({ state }) => state === 'asked');
  of(await wang.post(`/isolations/${id}/approve`));
  await hears(first, 'that it has begun', ({ state }) => state === 'active');
  await device.event({ ...smoke(true), seq: 1 });
  await hears(first, 'what it hides', ({ hiddenFireNow }) => hiddenFireNow === 1);
  assert.ok(!JSON.stringify(first.frames).includes('13800000000'), 'no telephone on the feed');
  first.close();

  const back = await open(cursor);
  await hears(back, 'what it missed', ({ hiddenFireNow }) => hiddenFireNow === 1);
  back.close();
  const later = await open();
  const standing = (await later.snapshot()).isolations?.find((one) => one.id === id);
  assert.deepEqual([standing?.state, standing?.hiddenFireNow], ['active', 1]);
  of(await technician.post(`/isolations/${id}/end`));
  await hears(later, 'that it is over', ({ state }) => state === 'ended');
  later.close();

  const nothing = await LiveClient.open(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  nothing.subscribe({ topics: ['isolations', 'presence'] });
  assert.equal((await nothing.snapshot()).isolations, undefined, 'who may read no alarm hears none');
  nothing.close();
});
