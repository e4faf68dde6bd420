import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { eventually } from './client/eventually.ts';
import { ContractCentre } from './client/contract-centre.ts';

type Row = {
  readonly sequence: number;
  readonly at: string;
  readonly by: string;
  readonly act: string;
  readonly result: string;
  readonly venueId?: string;
  readonly what?: string;
  readonly hash: string;
};

const VENUE = '/api/v1/venues/V1/load-history-reasons';

let contract: ContractCentre;
let auditor: ApiClient;

before(async () => {
  contract = await ContractCentre.start();
  await contract.register('A1');
  auditor = new ApiClient(contract.process.webUrl, await contract.provision.token('auditor'));
});
after(() => contract.dispose());

const read = (query = ''): Promise<Page<Row>> => auditor.get(`/api/v1/audit${query}`);

test('what somebody did is read by the auditor with what became of it, newest first, page by page', async () => {
  await contract.sayWhy();
  const act = `act=${encodeURIComponent('POST /api/v1/venues/:id/load-history-reasons')}`;
  const { items } = await read(`?${act}`);
  assert.deepEqual(
    items.map(({ result, venueId }) => [result, venueId]),
    [
      ['done', 'V1'],
      ['asked', 'V1'],
    ],
  );
  assert.ok(items[1]?.what?.includes('a test looks'));
  assert.match(items[0]?.at ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+([+-]\d\d:\d\d|Z)$/);
  assert.ok(Math.abs(Date.parse(items[0]?.at ?? '') - Date.now()) < 60_000, 'an instant with its offset');

  assert.deepEqual((await read('?by=nobody')).items, []);
  const first = await read('?limit=2');
  const second = await read(`?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
  const four = [...first.items, ...second.items].map(({ sequence }) => sequence);
  assert.equal(new Set(four).size, four.length);
  assert.deepEqual(
    [...four].sort((a, b) => b - a),
    four,
  );
});

test('a refusal is on record with its problem, and the head is that of the newest row', async () => {
  const operator = new ApiClient(contract.process.webUrl, await contract.provision.token('operator'));
  assertProblem(await operator.call('GET', '/api/v1/audit'), 403, 'for nobody else');
  const { items } = await read('?result=refused&limit=1');
  assert.equal(items[0]?.act, 'GET /api/v1/audit');
  const head = await auditor.get<{ sequence: number; hash: string; attested: string }>('/api/v1/audit/head');
  const [newest] = (await read(`?limit=1`)).items;
  assert.ok((newest?.sequence ?? 0) >= head.sequence && head.sequence > 0);
  assert.equal(head.attested, 'self');
});

test('an auditor bound to a venue reads no audit of others, and a bad filter is named', async () => {
  const bound = new ApiClient(contract.process.webUrl, await contract.provision.token('auditor', ['V1']));
  assertProblem(await bound.call('GET', '/api/v1/audit'), 403, 'bound');
  assert.equal((await bound.call('GET', VENUE)).status, 200);
  assertProblem(await auditor.call('GET', '/api/v1/audit?from=yesterday'), 400, 'no instant');
  assertProblem(await auditor.call('GET', '/api/v1/audit?result=good'), 400, 'no result');
  assertProblem(await auditor.call('GET', '/api/v1/audit?cursor=bm9uc2Vuc2U'), 400, 'no cursor');
});

test('all rows leave as CSV, and a name that a spreadsheet would compute is none', async () => {
  const stranger = new ApiClient(contract.process.webUrl);
  await stranger.post('/api/v1/login', { username: '=1+1', password: 'not his' });
  const answer = await auditor.call('GET', '/api/v1/audit/export?result=refused');
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
  const [heading, newest] = answer.text.split('\r\n');
  assert.match(heading ?? '', /^\ufeff?sequence,at,by,role,via,from,act,/);
  assert.match(newest ?? '', /^\d+,[^,]+,'=1\+1,,stranger,127\.0\.0\.1,POST \/api\/v1\/login,/);
  const operator = new ApiClient(contract.process.webUrl, await contract.provision.token('operator'));
  assertProblem(await operator.call('GET', '/api/v1/audit/export'), 403, 'for nobody else');
});

test('the auditor has the chain verified, and what came of it stands in the head', async () => {
  type Head = { sequence: number; verified?: { isWhole: boolean; count: number; sequence: number; at: string } };
  const before = await auditor.get<Head>('/api/v1/audit/head');
  assert.equal((await auditor.post('/api/v1/audit/verify')).status, 202);
  const { verified } = await eventually('the verification', async () => {
    const head = await auditor.get<Head>('/api/v1/audit/head');
    return head.verified !== undefined && head;
  });
  assert.equal(verified?.isWhole, true);
  assert.ok((verified?.count ?? 0) >= before.sequence);
  const { items } = await read('?act=audit%20verified');
  assert.deepEqual(items.map(({ result }) => result), ['done']); // prettier-ignore
});
