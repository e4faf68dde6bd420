import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';

// So few that each is reached at once on a slow machine, and fills up by one in 6 s or later.
const LIMITS = {
  FENGSUI_ACCESS_READSPERMINUTE: '10',
  FENGSUI_ACCESS_WRITESPERMINUTE: '6',
  FENGSUI_ACCESS_EXPORTSPERMINUTE: '2',
  FENGSUI_ACCESS_STRANGERSPERMINUTE: '5',
};

let contract: ContractCentre;
before(async () => (contract = await ContractCentre.start({ env: LIMITS })));
after(() => contract.dispose());

const caller = async (role: string): Promise<ApiClient> =>
  new ApiClient(contract.process.webUrl, await contract.provision.token(role));

/** Asks until it is refused; what was answered before, at most `most` times. */
async function untilRefused(ask: () => Promise<Answer>, most: number): Promise<readonly [taken: number, Answer]> {
  for (let taken = 0; taken <= most; taken++) {
    const answer = await ask();
    if (answer.status === 429) return [taken, answer];
  }
  throw new Error(`never refused in ${most} times`);
}

function assertRefused(answer: Answer, most: number): void {
  assert.equal((answer.body as ProblemBody).code, 'tooManyRequests');
  const waitS = Number(answer.headers.get('retry-after'));
  assert.ok(Number.isInteger(waitS) && waitS >= 1 && waitS <= most, `${waitS} s`);
}

test('a script that reads without end is told to wait; a desk behind the same address reads and acts on', async () => {
  const script = await caller('operator');
  const desk = await caller('operator');
  const [taken, answer] = await untilRefused(() => script.call('GET', '/api/v1/alarms'), 40);
  assert.ok(taken >= 10, `${taken} were taken`);
  assertRefused(answer, 6);
  assert.equal((await desk.call('GET', '/api/v1/alarms')).status, 200);
  assert.equal((await contract.api.call('GET', '/metrics')).status, 200, 'this machine itself is no stranger');
});

test('an act on an alarm is never refused, and reading much keeps nobody from other writes', async () => {
  const desk = await caller('shiftLeader');
  const acknowledge = () => desk.post('/api/v1/alarms/00000000000000000000000000000000/acknowledge');
  await untilRefused(() => desk.call('GET', '/api/v1/alarms'), 40);
  const other = () => desk.post('/api/v1/isolations', {});
  assert.notEqual((await other()).status, 429);
  const [taken, answer] = await untilRefused(other, 30);
  assert.ok(taken >= 4, `${taken} more were taken`);
  assertRefused(answer, 10);
  for (let n = 0; n < 30; n++) assert.notEqual((await acknowledge()).status, 429);
});

test('exports are counted apart from what is read', async () => {
  const auditor = await caller('auditor');
  const [taken, answer] = await untilRefused(() => auditor.call('GET', '/api/v1/audit/export'), 10);
  assert.ok(taken >= 2, `${taken} were taken`);
  assertRefused(answer, 30);
  assert.equal((await auditor.call('GET', '/api/v1/audit')).status, 200);
});

test('a stranger who guesses tokens is told to wait; who is known at the same address is not, nor is a log-in', async () => {
  await contract.provision.user('rate-user', 'quartz-lamp 58 violet', 'operator');
  const guess = () =>
    new ApiClient(contract.process.webUrl, 'fst_0123456789abcdefghijklmnop').call('GET', '/api/v1/alarms');
  const [taken, answer] = await untilRefused(guess, 30);
  assert.ok(taken >= 5, `${taken} were taken`);
  assertRefused(answer, 12);
  assert.equal((await (await caller('operator')).call('GET', '/api/v1/alarms')).status, 200);
  const credential = { username: 'rate-user', password: 'quartz-lamp 58 violet' };
  assert.equal((await new ApiClient(contract.process.webUrl).post('/api/v1/login', credential)).status, 200);
  assert.equal((await new ApiClient(contract.process.webUrl).call('GET', '/healthz')).status, 200);
});

test('what was refused is counted by its kind', async () => {
  const { text } = await contract.api.call('GET', '/metrics');
  for (const kind of ['read', 'write', 'export', 'stranger'])
    assert.match(text, new RegExp(`^fengsui_requests_refused_total\\{kind="${kind}"\\} [1-9]`, 'm'));
});
