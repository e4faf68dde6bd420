import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow, ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { EventSender, raise } from './client/event-sender.ts';

const HOUR_MS = 3_600_000;

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const iso = (at: number): string => new Date(at).toISOString();

test('a local action latches: only an acknowledgement and then a recorded inspection end it', async () => {
  const sender = await EventSender.of(contract, 'latched');
  await sender.event('localAction', { active: undefined, level: 'alarm', point: 'c2' });
  const { id, state } = await contract.raised('latched', 'localAction');
  assert.equal(state, 'latchedUnacknowledged');
  await sender.event('localAction', { active: false, point: 'c2', level: 'alarm' });
  await sender.settle();
  assert.equal((await contract.api.alarm(id)).state, 'latchedUnacknowledged');
  const early = await contract.act(id, 'inspect', { note: 'breaker closed by hand' });
  assert.ok([409, 422].includes(early.status), `inspection before acknowledgement: ${early.status}`);
  assert.equal(((await contract.act(id, 'acknowledge')).body as AlarmRow).state, 'latchedAcknowledged');
  assert.ok([400, 422].includes((await contract.act(id, 'inspect', {})).status), 'an inspection without a word');
  assert.ok([400, 422].includes((await contract.act(id, 'inspect', { note: '  ' })).status), 'an inspection of blanks');
  assert.equal((await contract.act(id, 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'x' })).status, 422);
  const done = await contract.act(id, 'inspect', { note: 'terminal screw tightened, breaker closed on site' });
  assert.equal(done.status, 200);
  assert.equal((done.body as AlarmRow).state, 'normal');
  assert.equal(
    (await contract.historyOf(id)).find(({ kind }) => kind === 'inspected')?.note,
    'terminal screw tightened, breaker closed on site',
  );
});

test('fire and P1 are never shelved, and nothing is shelved for more than a day, into the past or without a reason', async () => {
  const soon = iso(Date.now() + HOUR_MS);
  for (const [index, kind] of ['smoke', 'heat', 'manualAlarm', 'gas'].entries()) {
    const { alarm: found } = await raise(contract, `never-shelved-${index}`, kind, { point: 't1', level: 'alarm' });
    const { status, body, headers } = await contract.act(found.id, 'shelve', { until: soon, reason: 'dust' });
    assert.equal(status, 422, kind);
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.ok((body as ProblemBody).code.length > 0);
    assert.equal((await contract.api.alarm(found.id)).state, 'unacknowledged');
  }
  const {
    alarm: { id },
  } = await raise(contract, 'shelved-badly');
  const refusals: readonly (readonly [object, number])[] = [
    [{ until: iso(Date.now() + 24 * HOUR_MS + 60_000), reason: 'too long' }, 422],
    [{ until: iso(Date.now() - 1_000), reason: 'past' }, 422],
    [{ until: soon, reason: ' ' }, 422],
    [{ until: soon }, 400],
    [{ reason: 'no end' }, 400],
    [{ until: 'tomorrow', reason: 'words' }, 400],
    [{ until: '2026-11-21T10:00:00', reason: 'no offset' }, 400],
  ];
  for (const [body, status] of refusals)
    assert.equal((await contract.act(id, 'shelve', body)).status, status, JSON.stringify(body));
  assert.equal((await contract.api.alarm(id)).state, 'unacknowledged');
  const day = Date.now() + 24 * HOUR_MS - 5_000;
  const shelved = (await contract.act(id, 'shelve', { until: iso(day), reason: 'replacement ordered' }))
    .body as AlarmRow;
  assert.deepEqual([shelved.state, shelved.shelvedUntil], ['shelved', iso(day)]);
});

test('a shelving that expires comes back: sounding when still active, ended when not', async () => {
  const still = await raise(contract, 'expiry-active');
  const gone = await raise(contract, 'expiry-clear');
  const end = Date.now() + 5_000;
  for (const {
    alarm: { id },
  } of [still, gone]) {
    assert.equal((await contract.act(id, 'acknowledge')).status, 200);
    const answer = await contract.act(id, 'shelve', { until: iso(end), reason: 'works' });
    assert.equal((answer.body as AlarmRow).state, 'shelved', answer.text);
  }
  await gone.sender.event('overload', { active: false });
  await gone.sender.settle();
  const back = await contract.until(still.alarm.id, 'unacknowledged');
  // The centre counts by a clock of its own.
  assert.ok(Date.now() >= end - 1_000);
  assert.equal(back.shelvedUntil, undefined);
  await contract.until(gone.alarm.id, 'normal');
  assert.deepEqual(
    (await contract.historyOf(still.alarm.id)).map(({ kind }) => kind),
    ['raised', 'acknowledged', 'shelved', 'unshelved'],
  );
});

test('a higher level ends a shelving', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise(contract, 'shelved-escalated', 'smoke', { point: 't1', level: 'warning' });
  assert.equal((await contract.act(id, 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'kitchen' })).status, 200);
  await sender.event('smoke', { point: 't1', level: 'alarm' });
  const fire = await contract.until(id, 'unacknowledged');
  assert.deepEqual([fire.category, fire.priority], ['fire', 'P1']);
});

test('acknowledging twice is done once', async () => {
  const {
    alarm: { id },
  } = await raise(contract, 'ack-twice');
  const first = (await contract.act(id, 'acknowledge', { note: 'one' })).body as AlarmRow;
  const second = await contract.act(id, 'acknowledge', { note: 'two' });
  assert.equal(second.status, 200);
  assert.deepEqual(second.body, first);
  assert.equal((await contract.historyOf(id)).filter(({ kind }) => kind === 'acknowledged').length, 1);
});

test('an act on an alarm that is over is a conflict, on one that never was not found', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise(contract, 'over');
  await contract.act(id, 'acknowledge');
  await sender.event('overload', { active: false });
  await contract.until(id, 'normal');
  for (const [what, body] of [
    ['acknowledge', undefined],
    ['shelve', { until: iso(Date.now() + HOUR_MS), reason: 'x' }],
    ['inspect', { note: 'x' }],
  ] as const) {
    const over = await contract.act(id, what, body);
    assert.equal(over.status, 409, `${what}: ${over.text}`);
    assert.equal((await contract.act('0'.repeat(32), what, body)).status, 404);
  }
});

test('the same Idempotency-Key gets the answer of the first request, whatever happened since', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise(contract, 'key-1', 'arc', { level: 'attention' });
  const key = { 'idempotency-key': 'key-1-acknowledge' };
  const first = await contract.act(id, 'acknowledge', { note: 'n' }, key);
  await sender.event('arc', { level: 'alarm' });
  await contract.until(id, 'unacknowledged');
  const second = await contract.act(id, 'acknowledge', { note: 'n' }, key);
  assert.deepEqual([second.status, second.body], [200, first.body]);
  assert.equal((await contract.api.alarm(id)).state, 'unacknowledged', 'the repeated request acknowledges nothing new');
  const reused = await contract.act(id, 'acknowledge', { note: 'another' }, key);
  assert.equal(reused.status, 422);
  const refusedKey = { 'idempotency-key': 'key-1-refused' };
  const refusedBody = { until: iso(Date.now() - 1_000), reason: 'past' };
  const refused = await contract.act(id, 'shelve', refusedBody, refusedKey);
  assert.deepEqual((await contract.act(id, 'shelve', refusedBody, refusedKey)).body, refused.body);
});

test('requests with one Idempotency-Key at the same moment are done once and all answered', async () => {
  const {
    alarm: { id },
  } = await raise(contract, 'key-2');
  const body = { until: iso(Date.now() + HOUR_MS), reason: 'at once' };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => contract.act(id, 'shelve', body, { 'idempotency-key': 'key-2-shelve' })),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
    answers.map(({ text }) => text).join('\n'),
  );
  for (const { body: answered } of answers) assert.deepEqual(answered, answers[0]?.body);
  assert.equal((await contract.historyOf(id)).filter(({ kind }) => kind === 'shelved').length, 1);
});
