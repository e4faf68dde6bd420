import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Acceptance, BoardVenue, CommissioningTest, Coverage } from '@fengsui/protocol';
import type { Answer, Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import type { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { LiveClient } from '../contract/client/live-client.ts';
import { Person } from './person.ts';
import { textOf } from './read-pdf.ts';

type Commissioning = {
  readonly venue: BoardVenue;
  readonly test?: CommissioningTest;
  readonly acceptances: readonly Acceptance[];
  readonly lifeChanges: readonly { readonly by: string; readonly from?: string; readonly to: string }[];
};

const PASSWORD = 'quartz-lamp 58 violet';
const VENUE = 'V-NEW';
let contract: ContractCentre;
let technician: Person;
let manager: Person;
const devices = new Map<string, DeviceClient>();
let seq = 0;
let minuteBegan = 0;

before(async () => {
  contract = await ContractCentre.start();
  const admin = await contract.provision.token('systemAdmin');
  await contract.register('elsewhere', { venueId: 'V-OLD', model: 'generic-smoke' });
  const put = await fetch(`${contract.process.webUrl}/api/v1/venues/${VENUE}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: '兴旺饭店',
      nameEn: 'Xingwang restaurant',
      class: 'nineSmall',
      organisationId: 'default',
      life: 'planned',
      wave: '第一批',
    }),
  });
  assert.equal(put.status, 200, await put.text());
  await contract.provision.user('wang', PASSWORD, 'technician');
  await contract.provision.user('li', PASSWORD, 'venueManager', [VENUE]);
  technician = await Person.logIn(contract.process.webUrl, 'wang', PASSWORD);
  manager = await Person.logIn(contract.process.webUrl, 'li', PASSWORD);
  for (const id of ['S1', 'S2', 'S3'])
    devices.set(id, await contract.device(id, { venueId: VENUE, model: 'generic-smoke' }));
  devices.set('G1', await contract.device('G1', { venueId: VENUE, model: 'generic-gas' }));
  // Runs by itself while the others are at work; looked at by the last test.
  const minute = await technician.post('/venues/V-OLD/commissioning-tests', { minutes: 1, reason: 'half-yearly' });
  assert.equal(minute.status, 201, minute.text);
  minuteBegan = Date.now();
});
after(() => contract.dispose());

const say = async (id: string, kind: string, point: string, active = true, level = 'alarm'): Promise<void> => {
  await devices.get(id)?.event({ epoch: 'e', seq: ++seq, at: Date.now(), kind, point, active, level });
};
const stateOf = (): Promise<Commissioning> => technician.get(`/venues/${VENUE}/commissioning`);
const coverageOf = async (): Promise<Coverage | undefined> =>
  (await technician.get<Page<Coverage>>(`/coverage?venueId=${VENUE}`)).items[0];
const refusal = ({ status, body }: Answer): readonly [number, string] => [status, (body as { code: string }).code];
const codeOf = (answer: Answer): string => refusal(answer)[1];
const pointOf = (test: CommissioningTest | undefined, deviceId: string) =>
  test?.points.find((point) => point.deviceId === deviceId);
const tests = `/venues/${VENUE}/commissioning-tests`;

async function ticked(deviceId: string): Promise<NonNullable<ReturnType<typeof pointOf>>> {
  return eventually(`${deviceId} to be ticked, with its time`, async () => {
    const point = pointOf((await stateOf()).test, deviceId);
    return point?.result?.timeToScreenMs === undefined ? undefined : point;
  });
}

test('a venue that is planned or installed is shown as such, and what stands in it covers nothing', async () => {
  assert.equal((await stateOf()).venue.life, 'planned');
  const early = await technician.post(tests, { minutes: 30, reason: 'r' });
  assert.deepEqual(refusal(early), [409, 'venueLifeTransition'], early.text);
  const jump = await technician.post(`/venues/${VENUE}/life-changes`, { to: 'live', reason: 'opening' });
  assert.deepEqual(refusal(jump), [409, 'venueLifeTransition']);
  assert.equal(
    (await technician.post(`/venues/${VENUE}/life-changes`, { to: 'installed', reason: 'mounted' })).status,
    200,
  );
  const byHand = await technician.post(`/venues/${VENUE}/life-changes`, { to: 'tested', reason: 'looks fine' });
  assert.deepEqual(refusal(byHand), [409, 'acceptanceMissing']);
  const coverage = await coverageOf();
  assert.deepEqual([coverage?.life, coverage?.detectorCount, coverage?.ableCount], ['installed', 4, 0]);
  const old = (await technician.get<Page<Coverage>>('/coverage?venueId=V-OLD')).items[0];
  assert.equal(old?.life, 'live', 'a venue of before there was a life is at work');
  const board = await technician.get<Page<BoardVenue>>(`/commissioning?wave=${encodeURIComponent('第一批')}`);
  assert.deepEqual(
    board.items.map(({ id, life, deviceCount }) => [id, life, deviceCount]),
    [[VENUE, 'installed', 4]],
  );
});

test('on test, an expected event ticks its point with its time to screen and is marked; anything else is real', async () => {
  const started = await technician.post(tests, { minutes: 60, reason: 'commissioning' });
  assert.equal(started.status, 201, started.text);
  const { counts, points } = started.body as CommissioningTest;
  assert.deepEqual(counts, { points: 4, passed: 0, byHand: 0, failed: 0, open: 4 });
  assert.deepEqual(pointOf(started.body as CommissioningTest, 'S1')?.expects, ['smoke', 'manualAlarm']);
  assert.ok(points.every(({ result }) => result === undefined));
  assert.deepEqual(refusal(await technician.post(tests, { minutes: 5, reason: 'r' })), [409, 'testRunning']);

  const live = await LiveClient.open(contract.process.webUrl, await contract.provision.token('operator'));
  live.subscribe({ topics: ['alarms'] });
  await live.snapshot();
  const before = performance.now();
  await say('S1', 'smoke', 'smoke');
  const { frame, receivedAt } = await live.arrival(
    'the smoke of S1',
    ({ type, alarms }) =>
      type === 'batch' && alarms?.some(({ deviceId, kind }) => deviceId === 'S1' && kind === 'smoke') === true,
  );
  const elapsedMs = receivedAt - before;
  const alarm = frame.alarms?.find(({ deviceId }) => deviceId === 'S1');
  assert.deepEqual(
    [alarm?.origin, alarm?.category, alarm?.priority, alarm?.state],
    ['test', 'fire', 'P1', 'unacknowledged'],
  );
  const { result } = await ticked('S1');
  assert.equal(result?.how, 'event');
  assert.equal(result?.alarmId, alarm?.id);
  // Measured from outside as well: sender's clock to the arrival of the frame at a client of the feed.
  const toScreenMs = result?.timeToScreenMs ?? Number.NaN;
  assert.ok(toScreenMs >= 0 && toScreenMs <= elapsedMs + 1, `${toScreenMs} ms by the centre, ${elapsedMs} ms outside`);

  // The detector goes on saying so while it is full of smoke: that is no fire.
  await say('S1', 'smoke', 'smoke');
  // A fault is no proof; a detector that has been ticked and has cleared is as real as any.
  await say('S2', 'fault', '', true, 'warning');
  await contract.raised('S2', 'fault');
  const echo = await contract.alarmOf('S1', 'smoke');
  assert.deepEqual([echo?.origin, echo?.count], ['test', 1]);
  await say('S1', 'smoke', 'smoke', false);
  await say('S1', 'smoke', 'smoke');
  const again = await eventually('S1 to be real the second time', async () => {
    const found = await contract.alarmOf('S1', 'smoke');
    return found?.count === 2 ? found : undefined;
  });
  assert.equal(again.origin, 'live', 'the same detector after its test: as real as any');
  assert.equal((await contract.raised('S2', 'fault')).origin, 'live');
  assert.equal(pointOf((await stateOf()).test, 'S2')?.result, undefined);
  live.close();
});

test('a point expected once more, one ticked by hand with its reason, and a list of what is left', async () => {
  const { test: running } = await stateOf();
  const path = `${tests}/${running?.id}`;
  assert.equal(
    (
      await technician.post(`${path}/ticks`, {
        deviceId: 'S3',
        point: '',
        outcome: 'failed',
        reason: 'no reaction to test gas',
      })
    ).status,
    200,
  );
  assert.equal(
    (await technician.post(`${path}/ticks`, { deviceId: 'NO', point: '', outcome: 'passed', reason: 'r' })).status,
    404,
  );
  assert.equal(
    (await technician.post(`${path}/ticks`, { deviceId: 'S2', point: '', outcome: 'passed', reason: ' ' })).status,
    400,
  );
  const { test: now } = await stateOf();
  assert.deepEqual(now?.counts, { points: 4, passed: 1, byHand: 0, failed: 1, open: 2 });
  assert.deepEqual([pointOf(now, 'S3')?.result?.by, pointOf(now, 'S3')?.result?.how], ['wang', 'hand']);
  assert.equal((await technician.post(`${path}/rearms`, { deviceId: 'S3', point: '' })).status, 200);
  await say('S3', 'smoke', 'smoke');
  assert.equal((await ticked('S3')).result?.outcome, 'passed');
});

test('the test is there after kill -9, and when it ends, what is still active sounds as live', async () => {
  const stranger = await manager.post(`${tests}/x/end`);
  assert.equal(stranger.status, 403, 'the owner of a shop does not end a test');
  await contract.process.kill9();
  await contract.process.up();
  const { test: running } = await stateOf();
  assert.equal(running?.counts.passed, 2);
  assert.equal((await contract.alarmOf('S3', 'smoke'))?.origin, 'test');
  const warned = await technician.post(`${tests}/${running?.id}/end`);
  assert.equal(warned.status, 200, warned.text);
  const real = await eventually('the smoke of S3 to be live', async () => {
    const found = await contract.alarmOf('S3', 'smoke');
    return found?.origin === 'live' ? found : undefined;
  });
  assert.equal(real.state, 'unacknowledged');
  const spots = await technician.get<Page<{ deviceId: string; reasons: readonly string[] }>>(
    `/blind-spots?venueId=${VENUE}`,
  );
  const reasons = (id: string): readonly string[] => spots.items.find(({ deviceId }) => deviceId === id)?.reasons ?? [];
  assert.ok(
    !reasons('S1').includes('neverTested') && reasons('S2').includes('neverTested'),
    JSON.stringify(spots.items),
  );
});

test('an acceptance with points left over is signed as it is, and the venue does not become tested', async () => {
  const { test: over } = await stateOf();
  const made = await technician.post(`${tests}/${over?.id}/acceptances`);
  assert.equal(made.status, 201, made.text);
  const first = made.body as Acceptance;
  assert.deepEqual([first.version, first.isPassed, first.isCurrent], [1, false, true]);
  const again = (await technician.post(`${tests}/${over?.id}/acceptances`)).body as Acceptance;
  assert.deepEqual([again.version, again.sha256], [1, first.sha256], 'nothing has changed: the same version');
  const where = `${tests}/${over?.id}/acceptances/1/signatures`;
  const sign = { sha256: first.sha256, capacity: 'handOver', name: '王师傅' };
  const token = await contract.api.post(`/api/v1${where}`, sign);
  assert.deepEqual(refusal(token), [403, 'sessionNeeded'], 'a token is nobody');
  assert.equal((await technician.post(where, sign)).status, 201);
  assert.equal(
    codeOf(await technician.post(where, { ...sign, capacity: 'takeOver' })),
    'signedAlready',
    'not one person for both',
  );
  assert.equal((await manager.post(where, { ...sign, capacity: 'takeOver', name: '李经理' })).status, 201);
  assert.equal((await stateOf()).venue.life, 'installed');
});

test('a later change is a new version without signatures; two people sign it, and the venue is tested, then live', async () => {
  const { test: over } = await stateOf();
  const path = `${tests}/${over?.id}`;
  const tick = { outcome: 'passed', reason: 'triggered with the maker’s magnet, panel showed it' };
  for (const deviceId of ['S2', 'G1'])
    assert.equal((await technician.post(`${path}/ticks`, { deviceId, point: '', ...tick })).status, 200);
  const before = await stateOf();
  assert.equal(before.acceptances[0]?.isCurrent, false, 'the paper says what is no longer so');
  const second = (await technician.post(`${path}/acceptances`)).body as Acceptance;
  assert.deepEqual([second.version, second.isPassed, second.signatures.length], [2, true, 0]);
  const stale = await manager.post(`${path}/acceptances/1/signatures`, {
    sha256: second.sha256,
    capacity: 'takeOver',
    name: '李经理',
  });
  assert.deepEqual(refusal(stale), [409, 'contentChanged']);
  const where = `${path}/acceptances/2/signatures`;
  const { sha256 } = second;
  assert.equal((await technician.post(where, { sha256, capacity: 'handOver', name: '王师傅' })).status, 201);
  assert.equal((await stateOf()).venue.life, 'installed', 'one is not two');
  assert.equal((await manager.post(where, { sha256, capacity: 'takeOver', name: '李经理' })).status, 201);
  assert.equal((await stateOf()).venue.life, 'tested');
  assert.equal((await coverageOf())?.ableCount, 0, 'tested is not live yet');
  assert.equal(
    (await technician.post(`/venues/${VENUE}/life-changes`, { to: 'live', reason: 'handed over' })).status,
    200,
  );
  const { lifeChanges } = await stateOf();
  assert.deepEqual(
    lifeChanges.map(({ by, from, to }) => [by, from, to]),
    [
      ['wang', 'tested', 'live'],
      ['li', 'installed', 'tested'],
      ['wang', 'planned', 'installed'],
      ['registry', undefined, 'planned'],
    ],
  );
  assert.notEqual((await coverageOf())?.ableCount, undefined);
});

test('the paper says all of it in both languages, byte for byte the same after a restart, and its hash can be checked', async () => {
  const { test: over, acceptances } = await stateOf();
  const [newest] = acceptances;
  assert.ok(newest !== undefined && over !== undefined);
  const paperOf = async (version: number, language: string): Promise<Buffer> => {
    const token = await contract.provision.token('technician');
    const where = `/api/v1${tests}/${over.id}/acceptances/${version}/paper?language=${language}`;
    const response = await fetch(`${contract.process.webUrl}${where}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/pdf');
    return Buffer.from(await response.arrayBuffer());
  };
  const zh = await paperOf(2, 'zh');
  const text = (await textOf(zh)).replace(/\s+/g, '');
  for (const words of [
    '消防物联网验收记录',
    '兴旺饭店',
    '第一批',
    '结论：合格',
    '合格（事件）',
    '王师傅（wang）',
    '李经理（li）',
    newest.sha256,
    '第1/1页',
  ])
    assert.ok(text.includes(words.replace(/\s+/g, '')), words);
  const first = await textOf(await paperOf(1, 'en'));
  for (const words of [
    'Acceptance record',
    'Xingwang restaurant',
    'Result: not passed',
    'Items that remain: 2',
    'not triggered',
  ])
    assert.ok(first.includes(words), words);
  const ms = /(\d+) ms/.exec(first)?.[1];
  assert.equal(
    Number(ms),
    pointOf(over, 'S1')?.result?.timeToScreenMs,
    'the time on the paper is the one of the point',
  );
  // RFC 8785 by hand: keys sorted, no blanks; the content holds strings, integers, booleans, lists and objects alone.
  const canonical = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  };
  assert.equal(createHash('sha256').update(canonical(newest.content)).digest('hex'), newest.sha256);
  await contract.process.kill9();
  await contract.process.up();
  assert.ok(zh.equals(await paperOf(2, 'zh')), 'the paper of a version is one paper');
});

test(
  'a test of a minute warns before its end and ends by itself, a restart in between or not',
  { timeout: 600_000 },
  async () => {
    const lookAgain = (): Promise<Commissioning> => technician.get('/venues/V-OLD/commissioning');
    const { test: over, venue } = await eventually(
      'the end',
      async () => {
        const found = await lookAgain();
        return found.test?.endedAt === undefined ? undefined : found;
      },
      400_000,
    );
    assert.ok(Date.parse(over?.endedAt ?? '') - minuteBegan >= 59_000);
    assert.equal(over?.endedBy, undefined, 'nobody has ended it');
    assert.equal(venue.life, 'live', 'a test does not take a venue out of operation');
    assert.deepEqual((await technician.get<Page<BoardVenue>>('/commissioning?onTest=true')).items, []);
  },
);
