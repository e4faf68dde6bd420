import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { ContractCentre } from './client/contract-centre.ts';

type Told = { readonly kind: string };
type Reason = { readonly by: string; readonly role: string; readonly reason: string; readonly until: string };

const REASONS = '/api/v1/venues/V1/load-history-reasons';

const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
  const device = await contract.device('H1');
  await contract.register('H2', { venueId: 'V2' });
  const at = Date.now();
  await device.event({ epoch: 'h', seq: 1, at, kind: 'loadOn', point: 'c1', level: 'attention' });
  await device.event({ epoch: 'h', seq: 2, at, kind: 'overload', point: 'c1', active: true, level: 'warning' });
  await contract.settle(device);
});
after(() => contract.dispose());

const callerOf = async (role: string, venueIds?: readonly string[]): Promise<ApiClient> =>
  new ApiClient(contract.process.webUrl, await contract.provision.token(role, venueIds));
const kindsSeen = async (api: ApiClient): Promise<readonly string[]> =>
  (await api.get<Page<Told>>('/api/v1/events?deviceId=H1')).items.map(({ kind }) => kind).sort();

test('staff see what is switched on in a venue once they have said why, and there alone', async () => {
  const operator = await callerOf('operator');
  assertProblem(await operator.call('GET', '/api/v1/events?deviceId=H1&kind=loadOn'), 403, 'before a reason');
  assert.deepEqual(await kindsSeen(operator), ['overload'], 'hazards need none');
  for (const reason of ['', '    ', 'abc', undefined])
    assertProblem(await operator.post(REASONS, { reason }), 400, `reason ${JSON.stringify(reason)}`);
  assert.equal((await operator.post(REASONS, { reason: 'false alarm of last night' })).status, 201);
  assert.deepEqual(await kindsSeen(operator), ['loadOn', 'overload']);
  assertProblem(await operator.call('GET', '/api/v1/events?deviceId=H2&kind=loadOn'), 403, 'another venue');
  assert.deepEqual(await kindsSeen(await callerOf('analyst')), ['overload'], 'nor does it hold for another person');
});

test('who belongs to the venue sees it as he likes, and reads who looked and why; so does the auditor', async () => {
  const owner = await callerOf('venueManager', ['V1']);
  assert.deepEqual(await kindsSeen(owner), ['loadOn', 'overload']);
  for (const reader of [owner, await callerOf('auditor')]) {
    const { items } = await reader.get<Page<Reason>>(REASONS);
    assert.deepEqual(
      items.map(({ role, reason }) => [role, reason]),
      [['operator', 'false alarm of last night']],
    );
    assert.ok(Date.parse(items[0]?.until ?? '') <= Date.now() + 30 * 60_000);
  }
  assertProblem(await (await callerOf('venueManager', ['V2'])).call('GET', REASONS), 404, 'of another venue');
  assertProblem(await (await callerOf('operator')).call('GET', REASONS), 403, 'not for who is read about');
});

test('a wall sees none, and nobody could give a reason there', async () => {
  const display = await callerOf('display');
  assertProblem(await display.post(REASONS, { reason: 'for all to see' }), 403, 'display');
  assert.deepEqual(await kindsSeen(display), ['overload']);
});

test('the owner has the load history deleted, in a log-in of his own; alarms and other events stay', async () => {
  const ERASURES = '/api/v1/venues/V1/load-history-erasures';
  const owner = await callerOf('venueManager', ['V1']);
  assertProblem(await owner.post(ERASURES), 403, 'sessionNeeded');
  assertProblem(await (await callerOf('shiftLeader')).post(ERASURES), 403, 'whose life it is not');
  const logIn = async (username: string, venueId: string): Promise<ApiClient> => {
    await contract.provision.user(username, PASSWORD, 'venueManager', [venueId]);
    const answer = await new ApiClient(contract.process.webUrl).post('/api/v1/login', { username, password: PASSWORD });
    const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    const { csrfToken } = answer.body as { readonly csrfToken: string };
    return new ApiClient(contract.process.webUrl, undefined, { cookie, 'x-csrf-token': csrfToken });
  };
  assertProblem(await (await logIn('neighbour', 'V2')).post(ERASURES), 404, 'of another venue');
  assert.deepEqual(await kindsSeen(owner), ['loadOn', 'overload']);
  const li = await logIn('owner-li', 'V1');
  const erased = await li.post(ERASURES);
  assert.deepEqual([erased.status, erased.body], [200, { eventCount: 1, captureCount: 0, isComplete: true }]);
  assert.deepEqual(await kindsSeen(owner), ['overload']);
  const [alarm] = await contract.api.alarmsOf('H1');
  assert.equal(alarm?.kind, 'overload');
  assert.deepEqual((await li.post(ERASURES)).body, { eventCount: 0, captureCount: 0, isComplete: true });
});
