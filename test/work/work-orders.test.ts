import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Answer } from '../contract/client/api-client.ts';
import { assertProblem } from '../contract/client/assert-problem.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { greyPng } from './client/picture.ts';
import { WorkCentre, type Order } from './client/work-centre.ts';

/** Seconds instead of hours; a fault of kind `fault` opens by itself, the others only by hand. */
const rules = {
  schemaVersion: 1,
  kinds: {
    fault: { openAfterMin: 0.01 },
    mainsFault: { openAfterMin: 60 },
    lineFault: { verifyWithinMin: 0.05 },
    powerFault: { openAfterMin: 0.01, priority: 'P1' },
    silent: { join: false },
    clockSuspect: { join: false },
  },
  otherKinds: {},
  freshMin: 0.02,
  verifyWithinMin: 2,
  dueHours: { P1: 0.0005, P2: 24, P3: 24, P4: 24 },
  escalateAfterHours: [0, 0.0005],
  withdrawAfterMin: 0.02,
  repeatWithinDays: 14,
  perVenue: 2,
  causes: [
    { code: 'wiring', label: { zh: '线路', en: 'Wiring' } },
    { code: 'other', label: { zh: '其他', en: 'Other' } },
  ],
};

let work: WorkCentre;
before(async () => {
  work = await WorkCentre.start(rules, [
    ['desk', 'operator'],
    ['leader', 'shiftLeader'],
    ['tech', 'technician'],
    ['other-tech', 'technician', ['V2']],
  ]);
});
after(() => work.dispose());

const fault = (kind: string, active: boolean) => ({ at: Date.now(), kind, point: 'c1', active, level: 'warning' });

async function sendPhoto(username: string, orderId: string, body: Buffer, mediaType = 'image/png'): Promise<Answer> {
  const response = await work.raw(username, 'POST', `/api/v1/work-orders/${orderId}/photos`, body, mediaType);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

test('a fault that lasts becomes an order; assigned, on the way, repaired with a photo, verified by the reports of the device', async () => {
  const device = await work.device('w1');
  await device.event(fault('fault', true));
  const opened = await work.opened('desk', 'w1');
  assert.equal(opened.openedBy, undefined, 'by rule');
  assert.deepEqual([opened.state, opened.faultCount, opened.faults[0]?.kind], ['open', 1, 'fault']);
  assert.deepEqual(opened.acts, ['assign', 'postpone', 'cancel']);

  // The technician of another venue does not see it; ours does.
  assert.deepEqual(await work.orders('other-tech'), []);
  assertProblem(await work.as('other-tech').call('GET', `/api/v1/work-orders/${opened.id}`), 404, 'of another venue');

  const { people } = await work
    .as('desk')
    .get<{ people: { username: string }[] }>(`/api/v1/work-orders/${opened.id}/assignees`);
  assert.deepEqual(
    people.map(({ username }) => username),
    ['tech'],
  );
  assertProblem(
    await work.tryAct('desk', opened.id, 'assign', { revision: 1, assignee: { kind: 'person', id: 'other-tech' } }),
    422,
    'who does not see the venue',
  );
  assertProblem(
    await work.tryAct('tech', opened.id, 'assign', { revision: 1, assignee: { kind: 'person', id: 'tech' } }),
    403,
    'a technician assigns nobody',
  );
  const assigned = await work.act('desk', opened.id, 'assign', {
    assignee: { kind: 'person', id: 'tech' },
    note: 'ladder needed',
  });
  assert.equal(assigned.state, 'assigned');
  assert.deepEqual(
    (await work.orders('tech', '&mine=true')).map(({ id }) => id),
    [opened.id],
  );

  // The same request again is the same act; what was seen before somebody else acted is refused.
  const key = { 'idempotency-key': 'depart-1' };
  const first = await work.tryAct('tech', opened.id, 'depart', { revision: assigned.revision }, key);
  const again = await work.tryAct('tech', opened.id, 'depart', { revision: assigned.revision }, key);
  assert.deepEqual([first.status, again.status, (again.body as Order).revision], [200, 200, assigned.revision + 1]);
  const stale = await work.tryAct('tech', opened.id, 'arrive', { revision: assigned.revision });
  assertProblem(stale, 409, 'an older revision');
  assert.match(stale.text, /orderChanged/);
  await work.act('tech', opened.id, 'arrive');

  const bare = await work.tryAct('tech', opened.id, 'repair', { revision: assigned.revision + 2, cause: 'wiring' });
  assertProblem(bare, 422, 'a repair without evidence');
  assertProblem(
    await sendPhoto('tech', opened.id, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    415,
    'no picture',
  );
  assertProblem(
    await sendPhoto('tech', opened.id, Buffer.concat([greyPng(1), Buffer.alloc(2 * 1024 * 1024)])),
    413,
    'too large',
  );
  const picture = greyPng(7);
  const withPhoto = await sendPhoto('tech', opened.id, picture);
  assert.equal(withPhoto.status, 200, withPhoto.text);
  const [photo] = (withPhoto.body as Order).photos;
  assert.deepEqual([photo?.mediaType, photo?.bytes, photo?.attempt], ['image/png', picture.length, 1]);
  const repaired = await work.act('tech', opened.id, 'repair', { cause: 'wiring', parts: 'terminal block' });
  assert.equal(repaired.state, 'repaired');
  assert.equal(repaired.verification?.waitingFor, 'faultToClear');
  assertProblem(
    await work.tryAct('tech', opened.id, 'close', { revision: repaired.revision, reason: 'done' }),
    403,
    'only a shift leader closes',
  );

  // Reports alone do not verify it while the device says that the fault is there.
  await work.reported('w1', 10);
  assert.equal((await work.order('desk', opened.id)).state, 'repaired');
  await device.event(fault('fault', false));
  const verified = await work.until('desk', opened.id, 'verified');
  assert.ok(verified.closedAt !== undefined && verified.acts.length === 0);
  const steps = await work.history('desk', opened.id);
  assert.deepEqual(
    steps.map(({ kind, by }) => (by === undefined ? kind : `${kind} ${by}`)),
    [
      'opened',
      'assigned desk',
      'departed tech',
      'arrived tech',
      'photoAdded tech',
      'repaired tech',
      'faultCleared',
      'verified',
    ],
  );

  const answer = await work.raw('desk', 'GET', `/api/v1/work-orders/${opened.id}/photos/${photo?.id}`);
  assert.equal(answer.headers.get('content-type'), 'image/png');
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="p[0-9a-f]+\.png"$/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  const served = Buffer.from(await answer.arrayBuffer());
  assert.equal(createHash('sha256').update(served).digest('hex'), createHash('sha256').update(picture).digest('hex'));
  assertProblem(
    await work.as('other-tech').call('GET', `/api/v1/work-orders/${opened.id}/photos/${photo?.id}`),
    404,
    'photo of another venue',
  );

  // The same fault within 14 days is shown as a repetition.
  await device.event(fault('fault', true));
  const repeat = await work.opened('desk', 'w1');
  assert.deepEqual([repeat.repeatOf, repeat.repeatCount], [opened.id, 1]);
  assert.ok(repeat.number > opened.number);
  await device.event(fault('fault', false));
  await work.act('desk', repeat.id, 'cancel', { reason: 'test is over' });
});

test('further faults of the device join its order and are counted; a fault that is gone before anybody took the order withdraws it', async () => {
  const device = await work.device('w2');
  await device.event(fault('fault', true));
  const order = await work.opened('desk', 'w2');
  await device.event({ ...fault('busFault', true), point: 'c2' });
  await device.event(fault('fault', false));
  await device.event(fault('fault', true));
  const joined = await eventually('three comings of two faults', async () => {
    const now = await work.order('desk', order.id);
    return now.faultCount === 3 ? now : undefined;
  });
  assert.deepEqual(
    joined.faults.map(({ kind, count, active }) => [kind, count, active]),
    [
      ['fault', 2, true],
      ['busFault', 1, true],
    ],
  );
  assert.equal(joined.revision, order.revision, 'what the device does never makes an act fail');
  assert.equal((await work.orders('desk')).filter(({ deviceId }) => deviceId === 'w2').length, 1);

  // By hand from an alarm of it: the order that is there.
  const alarm = await work.alarm('desk', 'w2', 'busFault');
  const byHand = await work.as('desk').post('/api/v1/work-orders', { alarmId: alarm.id });
  assert.deepEqual([byHand.status, (byHand.body as Order).id], [200, order.id]);
  assert.deepEqual(
    (await work.orders('desk', `&alarmId=${alarm.id}`)).map(({ id }) => id),
    [order.id],
  );

  await device.event(fault('fault', false));
  await device.event({ ...fault('busFault', false), point: 'c2' });
  const gone = await work.until('desk', order.id, 'cancelled');
  assert.equal(gone.reason, 'clearedByItself');
  work.rest('w2');
});

test('a fault that comes back after the repair fails it at once; one that never goes fails it when the time is up', async () => {
  const device = await work.device('w3');
  await device.event(fault('lineFault', true));
  const alarm = await work.alarm('desk', 'w3', 'lineFault');
  assertProblem(
    await work.as('other-tech').post('/api/v1/work-orders', { alarmId: alarm.id }),
    404,
    'of another venue',
  );
  const opened = await work.as('desk').post('/api/v1/work-orders', { alarmId: alarm.id, note: 'seen on the round' });
  assert.equal(opened.status, 201, opened.text);
  const { id } = opened.body as Order;
  await work.act('tech', id, 'take');
  await work.act('tech', id, 'repair', { cause: 'wiring', text: 'tightened' });
  const late = await work.until('desk', id, 'failedVerification');
  assert.deepEqual([late.failedBecause, late.failedAttempts], ['stillActive', 1]);

  await device.event(fault('lineFault', false));
  await eventually('the fault to be gone', async () => (await work.order('desk', id)).faults[0]?.active === false);
  await work.act('tech', id, 'repair', { cause: 'wiring', text: 'new connector' });
  await device.event(fault('lineFault', true));
  const back = await work.until('desk', id, 'failedVerification');
  assert.deepEqual([back.failedBecause, back.failedAttempts], ['cameBack', 2]);

  // A person may close without it, and it stays marked.
  await work.act('tech', id, 'repair', { cause: 'wiring', text: 'again' });
  const closed = await work.act('leader', id, 'close', { reason: 'device is replaced next week' });
  assert.deepEqual([closed.state, closed.reason], ['unverified', 'device is replaced next week']);
  assertProblem(
    await work.tryAct('desk', id, 'cancel', { revision: closed.revision, reason: 'x' }),
    409,
    'after the end',
  );
  await device.event(fault('lineFault', false));
  work.rest('w3');
});

test('a device that falls silent after the repair is not verified by what it said before', async () => {
  const device = await work.device('w4', { pumps: false });
  await device.event(fault('lineFault', true));
  const alarm = await work.alarm('desk', 'w4', 'lineFault');
  const { id } = (await work.as('desk').post('/api/v1/work-orders', { alarmId: alarm.id })).body as Order;
  await device.event(fault('lineFault', false));
  await eventually('the fault to be gone', async () => (await work.order('desk', id)).faults[0]?.active === false);
  await work.act('tech', id, 'take');
  await work.act('tech', id, 'repair', { cause: 'other', text: 'cleaned' });
  await device.telemetry({ values: { 'c1.currentA': 1 } });
  const failed = await work.until('desk', id, 'failedVerification');
  assert.equal(failed.failedBecause, 'noReports');
  await work.act('leader', id, 'close', { reason: 'test is over' });
  work.rest('w4');
});

test('killed in the middle, the centre goes on: what is late escalates, and a repair is verified by what the device says then', async () => {
  const late = await work.device('w5');
  await late.event(fault('powerFault', true));
  const order = await work.opened('desk', 'w5');
  assert.equal(order.priority, 'P1', 'from the rule');
  const mended = await work.device('w7');
  await mended.event(fault('mainsFault', true));
  const { id: alarmId } = await work.alarm('desk', 'w7', 'mainsFault');
  const { id: mendedId } = (await work.as('desk').post('/api/v1/work-orders', { alarmId })).body as Order;
  await work.act('tech', mendedId, 'take');
  await work.act('tech', mendedId, 'repair', { cause: 'other', text: 'fuse' });
  await work.process.kill9();
  await work.process.up();
  for (const id of ['w5', 'w7']) work.rest(id);
  await work.device('w5');
  const back = await work.device('w7');

  const escalated = await eventually('the second escalation', async () => {
    const now = await work.order('desk', order.id);
    return now.escalation === 2 ? now : undefined;
  });
  assert.equal(escalated.overdue, true);
  const alarm = await work.alarm('desk', 'w5', 'workOrderOverdue');
  assert.deepEqual([alarm.category, alarm.priority, alarm.state], ['fault', 'P2', 'unacknowledged']);
  assert.deepEqual(
    (await work.orders('desk', '&overdue=true')).map(({ id }) => id),
    [order.id],
  );
  const counts = await work.as('leader').get<{ overdue: number }>('/api/v1/work-orders/counts');
  assert.equal(counts.overdue, 1);

  assert.equal((await work.order('desk', mendedId)).state, 'repaired', 'the fault is still there');
  await back.event(fault('mainsFault', false));
  await work.until('desk', mendedId, 'verified');

  await work.act('tech', order.id, 'take');
  await work.act('tech', order.id, 'repair', { cause: 'other', text: 'fuse' });
  await eventually('the overdue alarm to end', async () => {
    const found = (await work.as('desk').alarmsOf('w5')).find(({ kind }) => kind === 'workOrderOverdue');
    return found === undefined || found.state === 'returnedUnacknowledged';
  });
  const steps = await work.history('desk', order.id);
  assert.equal(steps.filter(({ kind }) => kind === 'overdue').length, 2, 'each escalation once');
  for (const id of ['w5', 'w7']) work.rest(id);
});

test('a venue where everything fails at once gets as many orders as the rules allow; the rest waits, counted', async () => {
  for (const id of ['f1', 'f2', 'f3', 'f4']) {
    await work.register(id, 'V2');
    const device = await work.device(id);
    await device.event(fault('fault', true));
  }
  const counts = () => work.as('leader').get<{ heldBack: number }>('/api/v1/work-orders/counts');
  await eventually('two faults to be held back', async () => (await counts()).heldBack === 2);
  const orders = (await work.orders('desk', '&venueId=V2')).filter(({ venueId }) => venueId === 'V2');
  assert.equal(orders.length, 2);
  for (const id of ['f1', 'f2', 'f3', 'f4']) work.rest(id);
});

test('the command line lists work orders and shows one with its history', async () => {
  const cli = (...args: string[]) => fengsui(['work', ...args, '--data', work.process.folder]);
  const listed = await cli('list', '--state', 'verified', '--json');
  assert.equal(listed.code, 0, listed.stderr);
  const orders = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Order);
  const ofApi = await work.orders('desk', '&state=verified');
  assert.deepEqual(
    orders.map(({ id }) => id),
    ofApi.map(({ id }) => id),
  );
  const { number = 0 } = orders[0] ?? {};
  const shown = await cli('show', String(number));
  assert.match(shown.stdout, new RegExp(`^${number}\\t`));
  assert.match(shown.stdout, /\trepaired\ttech[^]*\tverified\tcentre/);
});

test('a detector that cannot raise an alarm gets an order by hand; one that can is refused', async () => {
  await work.register('w6');
  const opened = await work.as('desk').post('/api/v1/work-orders', { deviceId: 'w6', note: 'never connected' });
  assert.equal(opened.status, 201, opened.text);
  const order = opened.body as Order;
  assert.ok(order.blindReasons?.includes('neverReported'));
  await work.act('desk', order.id, 'postpone', {
    dueAt: new Date(Date.now() + 3_600_000).toISOString(),
    reason: 'part ordered',
  });
  await work.act('desk', order.id, 'cancel', { reason: 'test is over' });
  assertProblem(await work.as('desk').post('/api/v1/work-orders', { deviceId: 'nobody' }), 404, 'an unknown device');
});
