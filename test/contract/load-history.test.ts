import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { ContractCentre } from './client/contract-centre.ts';

type Told = { readonly kind: string };
type Reason = { readonly by: string; readonly role: string; readonly reason: string; readonly until: string };

const REASONS = '/api/v1/venues/V1/load-history-reasons';

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
