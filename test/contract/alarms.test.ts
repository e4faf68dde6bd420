import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow, Answer, Page, ProblemBody } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually, sleep } from './client/eventually.ts';
import { packetTypes, publishPacket, RawMqtt } from './client/raw-mqtt.ts';

const HOUR_MS = 3_600_000;
const POINT = 't1.temperatureC';

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

type Change = {
  readonly kind: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly by?: string;
  readonly note?: string;
};

const alarmsOf = (deviceId: string): Promise<readonly AlarmRow[]> => contract.api.alarmsOf(deviceId);
const alarm = (id: string): Promise<AlarmRow> => contract.api.alarm(id);
const act = (id: string, what: string, body?: object, headers?: Record<string, string>): Promise<Answer> =>
  contract.api.post(`/api/v1/alarms/${id}/${what}`, body, headers);
const iso = (at: number): string => new Date(at).toISOString();

async function historyOf(id: string): Promise<readonly Change[]> {
  return (await contract.api.get<Page<Change>>(`/api/v1/alarms/${id}/history`)).items;
}

const raised = (deviceId: string, kind: string, point?: string): Promise<AlarmRow> =>
  eventually(`alarm ${kind} of ${deviceId}`, async () =>
    (await alarmsOf(deviceId)).find((found) => found.kind === kind && (point === undefined || found.pointId === point)),
  );

const until = (id: string, state: string, timeoutMs?: number): Promise<AlarmRow> =>
  eventually(
    `alarm ${id} to be ${state}`,
    async () => {
      const found = await alarm(id);
      return found.state === state ? found : undefined;
    },
    timeoutMs,
  );

/** Sends events with rising seq. */
class Sender {
  readonly device: DeviceClient;
  #seq = 0;

  constructor(device: DeviceClient) {
    this.device = device;
  }

  static async of(id: string, model?: string): Promise<Sender> {
    return new Sender(await contract.device(id, model === undefined ? {} : { model }));
  }

  async event(kind: string, fields: object = {}): Promise<void> {
    await this.device.event({
      epoch: 'a',
      seq: ++this.#seq,
      at: Date.now(),
      kind,
      point: 'c1',
      active: true,
      level: 'warning',
      ...fields,
    });
  }

  async rows(at0: number, periodMs: number, values: readonly number[]): Promise<void> {
    await this.device.telemetry({
      epoch: 'a',
      seq: ++this.#seq,
      at0,
      periodMs,
      points: [POINT],
      rows: values.map((value) => [value]),
    });
  }

  async value(temperatureC: number, at = Date.now()): Promise<void> {
    await this.device.telemetry({ epoch: 'a', seq: ++this.#seq, at, values: { [POINT]: temperatureC } });
  }

  /** Whatever was sent before has been applied. */
  async settle(): Promise<void> {
    const marker = this.#seq + 0.5;
    await this.device.telemetry({ epoch: 'a', seq: ++this.#seq, values: { 'c8.energyKwh': marker } });
    await eventually('the marker', async () => {
      const { items } = await contract.api.get<Page<{ id: string; value?: number }>>(
        `/api/v1/devices/${this.device.deviceId}/points`,
      );
      return items.find(({ id }) => id === 'c8.energyKwh')?.value === marker;
    });
  }
}

/** A raised alarm of a device of its own. */
async function raise(id: string, kind = 'overload', fields: object = {}): Promise<{ sender: Sender; alarm: AlarmRow }> {
  const sender = await Sender.of(id);
  await sender.event(kind, fields);
  return { sender, alarm: await raised(id, kind) };
}

const repeated = (value: number, count: number): number[] => Array.from({ length: count }, () => value);

test('a temperature above 85 °C for 3 s raises overTemperature; for less, or at 70 °C, it does not', async () => {
  const sender = await Sender.of('limit-1');
  const at0 = Date.now() - 60_000;
  await sender.rows(at0, 500, [...repeated(86, 6), 60, ...repeated(70, 12)]);
  await sender.settle();
  assert.deepEqual(await alarmsOf('limit-1'), []);
  await sender.rows(at0 + 20_000, 500, repeated(86, 7));
  const found = await raised('limit-1', 'overTemperature');
  const shown = {
    category: found.category,
    priority: found.priority,
    level: found.level,
    state: found.state,
    pointId: found.pointId,
    count: found.count,
  };
  assert.deepEqual(shown, {
    category: 'warning',
    priority: 'P2',
    level: 'alarm',
    state: 'unacknowledged',
    pointId: POINT,
    count: 1,
  });
  assert.equal(found.venueId, 'V1');
  assert.equal(found.origin, 'live');
  const raisedAt = Date.parse(found.raisedAt) - at0;
  assert.ok(raisedAt >= 20_000 && raisedAt <= 23_000, `raised ${raisedAt} ms after the first row`);
  await sender.rows(at0 + 24_000, 500, repeated(95, 8));
  await sender.settle();
  assert.equal((await alarmsOf('limit-1')).length, 1, 'hotter still is the same alarm');
  await sender.rows(at0 + 30_000, 500, repeated(20, 60));
  const cleared = await until(found.id, 'returnedUnacknowledged');
  assert.ok(cleared.clearedAt !== undefined && Date.parse(cleared.clearedAt) - at0 >= 30_000);
});

test('one hot sample and silence after it raise when the 3 s are over, not before', async () => {
  const sender = await Sender.of('limit-silence');
  await sender.value(95);
  const startedAt = performance.now();
  await sleep(2_300);
  assert.deepEqual(await alarmsOf('limit-silence'), []);
  await raised('limit-silence', 'overTemperature');
  const after = performance.now() - startedAt;
  assert.ok(after > 2_300 && after < 6_000, `raised after ${after.toFixed(0)} ms`);
});

const fireKinds = ['smoke', 'heat', 'manualAlarm'];
const kinds = [
  'arc',
  'overload',
  'contactHeating',
  'overTemperature',
  'residualCurrent',
  'overVoltage',
  'underVoltage',
  'phaseLoss',
  'neutralLoss',
  'imbalance',
  'prohibitedLoad',
  'smoke',
  'heat',
  'gas',
  'waterPressure',
  'manualAlarm',
  'tamper',
  'fault',
];
const levels = ['attention', 'warning', 'alarm'] as const;

/** The defaults of the device wire, written down once more. */
function expectedClass(kind: string, level: (typeof levels)[number]): string {
  if (level === 'alarm' && fireKinds.includes(kind)) return 'fire P1';
  if (level === 'alarm' && kind === 'gas') return 'warning P1';
  const priority = { alarm: 'P2', warning: 'P3', attention: 'P4' }[level];
  if (kind === 'tamper' || kind === 'waterPressure') return `supervisory ${priority}`;
  return `${kind === 'fault' ? 'fault' : 'warning'} ${priority}`;
}

test('every kind at every level has its category and priority', async () => {
  const sender = await Sender.of('kinds');
  const wanted: string[] = [];
  for (const kind of kinds) {
    for (const [index, level] of levels.entries()) {
      const point = `t${index + 1}`;
      await sender.event(kind, { point, level });
      wanted.push(`${kind} ${point} ${level} ${expectedClass(kind, level)} unacknowledged 1`);
    }
  }
  const found = await eventually('54 alarms', async () => {
    const alarms = await alarmsOf('kinds');
    return alarms.length >= wanted.length ? alarms : undefined;
  });
  const shown = found.map(
    ({ kind, pointId, level, category, priority, state, count }) =>
      `${kind} ${pointId} ${level} ${category} ${priority} ${state} ${count}`,
  );
  assert.deepEqual(shown.sort(), wanted.sort());
  assert.ok(found.every(({ unmapped }) => unmapped !== true));
});

test('an unknown kind raises, category warning, marked unmapped', async () => {
  const sender = await Sender.of('unknown-kind');
  for (const [index, kind] of ['frobnication', 'constructor', 'toString', '火灾'].entries()) {
    await sender.event(kind, { point: `c${index + 1}`, level: 'alarm' });
    const found = await raised('unknown-kind', kind);
    assert.deepEqual([found.category, found.unmapped, found.pointId], ['warning', true, `c${index + 1}`]);
  }
});

test('an event on an unknown point raises all the same, marked unmapped', async () => {
  const sender = await Sender.of('unknown-point');
  await sender.event('overload', { point: 'c77', level: 'alarm' });
  const found = await raised('unknown-point', 'overload');
  assert.deepEqual([found.category, found.unmapped, found.pointId], ['warning', true, 'c77']);
});

test('a switched load is history, not an alarm', async () => {
  const sender = await Sender.of('momentary');
  await sender.event('loadOn', { active: undefined, level: undefined });
  await sender.event('loadOff', { active: undefined, level: undefined });
  await sender.settle();
  assert.deepEqual(await alarmsOf('momentary'), []);
});

test('the capture and the point that an event names are on its alarm', async () => {
  const { alarm: found } = await raise('named', 'arc', {
    point: 'c3.currentA',
    level: 'alarm',
    captureId: 'cap-7',
    confidence: 0.97,
  });
  assert.deepEqual([found.pointId, found.captureId], ['c3.currentA', 'cap-7']);
});

test('t1 and t1.temperatureC are one condition, active while the device or the rule says so', async () => {
  const sender = await Sender.of('one-condition');
  const at0 = Date.now() - 120_000;
  await sender.event('overTemperature', { point: 't1', level: 'warning', at: at0 });
  const { id } = await raised('one-condition', 'overTemperature');
  await sender.rows(at0 + 1_000, 500, repeated(90, 10));
  const both = await eventually('the rule joined', async () => {
    const found = await alarm(id);
    return found.level === 'alarm' ? found : undefined;
  });
  assert.equal(both.priority, 'P2');
  assert.equal((await alarmsOf('one-condition')).length, 1);
  // The device ends its own source only.
  await sender.event('overTemperature', { point: 't1', active: false, at: at0 + 10_000 });
  await sender.settle();
  assert.equal((await alarm(id)).state, 'unacknowledged');
  await sender.rows(at0 + 12_000, 500, repeated(20, 40));
  await until(id, 'returnedUnacknowledged');
  // And the other way round: the rule is content, the device is not.
  await sender.event('overTemperature', { point: 't1.temperatureC', level: 'warning', at: at0 + 40_000 });
  await until(id, 'unacknowledged');
  await sender.rows(at0 + 41_000, 500, [...repeated(90, 10), ...repeated(20, 40)]);
  await sender.settle();
  assert.equal((await alarm(id)).state, 'unacknowledged');
  assert.equal((await alarmsOf('one-condition')).length, 1);
  await sender.event('overTemperature', { point: 't1', active: false, at: at0 + 80_000 });
  await until(id, 'returnedUnacknowledged');
});

test('a higher level of an acknowledged alarm is unacknowledged again, the same or a lower one is not', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise('escalation', 'arc', { level: 'attention' });
  assert.equal((await act(id, 'acknowledge')).status, 200);
  await sender.event('arc', { level: 'attention' });
  await sender.settle();
  assert.equal((await alarm(id)).state, 'acknowledged');
  await sender.event('arc', { level: 'warning' });
  const higher = await until(id, 'unacknowledged');
  assert.deepEqual([higher.level, higher.priority, higher.acknowledgedAt], ['warning', 'P3', undefined]);
  await act(id, 'acknowledge');
  await sender.event('arc', { level: 'alarm' });
  assert.equal((await until(id, 'unacknowledged')).priority, 'P2');
  await act(id, 'acknowledge');
  await sender.event('arc', { level: 'attention' });
  await sender.settle();
  assert.equal((await alarm(id)).state, 'acknowledged');
});

test('a second detector is an alarm of its own, although the first is acknowledged', async () => {
  const first = await raise('detector-1', 'smoke', { point: 'smoke', level: 'alarm' });
  await act(first.alarm.id, 'acknowledge');
  const second = await raise('detector-2', 'smoke', { point: 'smoke', level: 'alarm' });
  assert.equal(second.alarm.state, 'unacknowledged');
  assert.notEqual(second.alarm.id, first.alarm.id);
});

test('an alarm returns, comes again and is counted, and ends acknowledged and clear', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise('life');
  await sender.event('overload', { active: false });
  const returned = await until(id, 'returnedUnacknowledged');
  assert.ok(returned.clearedAt !== undefined);
  await sender.event('overload');
  const again = await until(id, 'unacknowledged');
  assert.deepEqual([again.count, again.clearedAt], [2, undefined]);
  const acknowledged = (await act(id, 'acknowledge', { note: 'seen' })).body as AlarmRow;
  assert.equal(acknowledged.state, 'acknowledged');
  assert.ok(acknowledged.acknowledgedAt !== undefined && acknowledged.acknowledgedBy !== undefined);
  await sender.event('overload', { active: false });
  const ended = await until(id, 'normal');
  assert.ok(ended.clearedAt !== undefined);
  assert.deepEqual(await alarmsOf('life'), []);
  const history = await historyOf(id);
  assert.deepEqual(
    history.slice(0, 5).map(({ kind }) => kind),
    ['raised', 'returned', 'reraised', 'acknowledged', 'returned'],
  );
  assert.equal(history.at(-1)?.to, 'normal');
  assert.equal(history.find(({ kind }) => kind === 'acknowledged')?.note, 'seen');
  for (const [index, change] of history.entries()) if (index > 0) assert.equal(change.from, history[index - 1]?.to);
  await sender.event('overload');
  const next = await raised('life', 'overload');
  assert.notEqual(next.id, id);
  assert.equal(next.count, 1);
});

test('acknowledging a returned alarm ends it; the answer is the whole alarm', async () => {
  const { sender, alarm: found } = await raise('returned');
  await sender.event('overload', { active: false });
  await until(found.id, 'returnedUnacknowledged');
  const { status, body } = await act(found.id, 'acknowledge');
  assert.equal(status, 200);
  const answered = body as AlarmRow;
  assert.deepEqual(
    [answered.state, answered.venueId, answered.deviceId, answered.origin],
    ['normal', 'V1', 'returned', 'live'],
  );
  assert.deepEqual(answered, await alarm(found.id));
});

test('a local action latches: only an acknowledgement and then a recorded inspection end it', async () => {
  const sender = await Sender.of('latched');
  await sender.event('localAction', { active: undefined, level: 'alarm', point: 'c2' });
  const { id, state } = await raised('latched', 'localAction');
  assert.equal(state, 'latchedUnacknowledged');
  await sender.event('localAction', { active: false, point: 'c2', level: 'alarm' });
  await sender.settle();
  assert.equal((await alarm(id)).state, 'latchedUnacknowledged');
  const early = await act(id, 'inspect', { note: 'breaker closed by hand' });
  assert.ok([409, 422].includes(early.status), `inspection before acknowledgement: ${early.status}`);
  assert.equal(((await act(id, 'acknowledge')).body as AlarmRow).state, 'latchedAcknowledged');
  assert.ok([400, 422].includes((await act(id, 'inspect', {})).status), 'an inspection without a word');
  assert.ok([400, 422].includes((await act(id, 'inspect', { note: '  ' })).status), 'an inspection of blanks');
  assert.equal((await act(id, 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'x' })).status, 422);
  const done = await act(id, 'inspect', { note: 'terminal screw tightened, breaker closed on site' });
  assert.equal(done.status, 200);
  assert.equal((done.body as AlarmRow).state, 'normal');
  assert.equal(
    (await historyOf(id)).find(({ kind }) => kind === 'inspected')?.note,
    'terminal screw tightened, breaker closed on site',
  );
});

test('fire and P1 are never shelved, and nothing is shelved for more than a day, into the past or without a reason', async () => {
  const soon = iso(Date.now() + HOUR_MS);
  for (const [index, kind] of ['smoke', 'heat', 'manualAlarm', 'gas'].entries()) {
    const { alarm: found } = await raise(`never-shelved-${index}`, kind, { point: 't1', level: 'alarm' });
    const { status, body, headers } = await act(found.id, 'shelve', { until: soon, reason: 'dust' });
    assert.equal(status, 422, kind);
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.ok((body as ProblemBody).code.length > 0);
    assert.equal((await alarm(found.id)).state, 'unacknowledged');
  }
  const {
    alarm: { id },
  } = await raise('shelved-badly');
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
    assert.equal((await act(id, 'shelve', body)).status, status, JSON.stringify(body));
  assert.equal((await alarm(id)).state, 'unacknowledged');
  const day = Date.now() + 24 * HOUR_MS - 5_000;
  const shelved = (await act(id, 'shelve', { until: iso(day), reason: 'replacement ordered' })).body as AlarmRow;
  assert.deepEqual([shelved.state, shelved.shelvedUntil], ['shelved', iso(day)]);
});

test('a shelving that expires comes back: sounding when still active, ended when not', async () => {
  const still = await raise('expiry-active');
  const gone = await raise('expiry-clear');
  const end = Date.now() + 1_200;
  for (const {
    alarm: { id },
  } of [still, gone]) {
    assert.equal((await act(id, 'acknowledge')).status, 200);
    const answer = await act(id, 'shelve', { until: iso(end), reason: 'works' });
    assert.equal((answer.body as AlarmRow).state, 'shelved', answer.text);
  }
  await gone.sender.event('overload', { active: false });
  await gone.sender.settle();
  await sleep(Math.max(0, end - Date.now() - 300));
  assert.equal((await alarm(still.alarm.id)).state, 'shelved');
  const back = await until(still.alarm.id, 'unacknowledged');
  assert.ok(Date.now() >= end);
  assert.equal(back.shelvedUntil, undefined);
  await until(gone.alarm.id, 'normal');
  assert.deepEqual(
    (await historyOf(still.alarm.id)).map(({ kind }) => kind),
    ['raised', 'acknowledged', 'shelved', 'unshelved'],
  );
});

test('a higher level ends a shelving', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise('shelved-escalated', 'smoke', { point: 't1', level: 'warning' });
  assert.equal((await act(id, 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'kitchen' })).status, 200);
  await sender.event('smoke', { point: 't1', level: 'alarm' });
  const fire = await until(id, 'unacknowledged');
  assert.deepEqual([fire.category, fire.priority], ['fire', 'P1']);
});

test('acknowledging twice is done once', async () => {
  const {
    alarm: { id },
  } = await raise('ack-twice');
  const first = (await act(id, 'acknowledge', { note: 'one' })).body as AlarmRow;
  const second = await act(id, 'acknowledge', { note: 'two' });
  assert.equal(second.status, 200);
  assert.deepEqual(second.body, first);
  assert.equal((await historyOf(id)).filter(({ kind }) => kind === 'acknowledged').length, 1);
});

test('an act on an alarm that is over is a conflict, on one that never was not found', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise('over');
  await act(id, 'acknowledge');
  await sender.event('overload', { active: false });
  await until(id, 'normal');
  for (const [what, body] of [
    ['acknowledge', undefined],
    ['shelve', { until: iso(Date.now() + HOUR_MS), reason: 'x' }],
    ['inspect', { note: 'x' }],
  ] as const) {
    const over = await act(id, what, body);
    assert.equal(over.status, 409, `${what}: ${over.text}`);
    assert.equal((await act('0'.repeat(32), what, body)).status, 404);
  }
});

test('the same Idempotency-Key gets the answer of the first request, whatever happened since', async () => {
  const {
    sender,
    alarm: { id },
  } = await raise('key-1', 'arc', { level: 'attention' });
  const key = { 'idempotency-key': 'key-1-acknowledge' };
  const first = await act(id, 'acknowledge', { note: 'n' }, key);
  await sender.event('arc', { level: 'alarm' });
  await until(id, 'unacknowledged');
  const second = await act(id, 'acknowledge', { note: 'n' }, key);
  assert.deepEqual([second.status, second.body], [200, first.body]);
  assert.equal((await alarm(id)).state, 'unacknowledged', 'the repeated request acknowledges nothing new');
  const reused = await act(id, 'acknowledge', { note: 'another' }, key);
  assert.equal(reused.status, 422);
  const refusedKey = { 'idempotency-key': 'key-1-refused' };
  const refusedBody = { until: iso(Date.now() - 1_000), reason: 'past' };
  const refused = await act(id, 'shelve', refusedBody, refusedKey);
  assert.deepEqual((await act(id, 'shelve', refusedBody, refusedKey)).body, refused.body);
});

test('requests with one Idempotency-Key at the same moment are done once and all answered', async () => {
  const {
    alarm: { id },
  } = await raise('key-2');
  const body = { until: iso(Date.now() + HOUR_MS), reason: 'at once' };
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => act(id, 'shelve', body, { 'idempotency-key': 'key-2-shelve' })),
  );
  const took = performance.now() - startedAt;
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
    answers.map(({ text }) => text).join('\n'),
  );
  for (const { body: answered } of answers) assert.deepEqual(answered, answers[0]?.body);
  assert.ok(took < 5_000, `answered after ${took.toFixed(0)} ms`);
  assert.equal((await historyOf(id)).filter(({ kind }) => kind === 'shelved').length, 1);
});

test('every state survives kill -9, and goes on from there', async () => {
  const at = (id: string): Promise<{ sender: Sender; alarm: AlarmRow }> => raise(`restart-${id}`);
  const kept = new Map<string, { sender: Sender; alarm: AlarmRow }>();
  for (const id of ['unacknowledged', 'acknowledged', 'returned', 'shelved', 'expiring', 'ended'])
    kept.set(id, await at(id));
  const idOf = (name: string): string => kept.get(name)?.alarm.id ?? '';
  const senderOf = (name: string): Sender => kept.get(name)?.sender ?? assert.fail(name);
  for (const name of ['latched', 'inspectable']) {
    const sender = await Sender.of(`restart-${name}`);
    await sender.event('localAction', { active: undefined, level: 'alarm' });
    kept.set(name, { sender, alarm: await raised(`restart-${name}`, 'localAction') });
  }
  for (const name of ['acknowledged', 'ended', 'inspectable']) await act(idOf(name), 'acknowledge');
  for (const name of ['returned', 'ended']) await senderOf(name).event('overload', { active: false });
  await until(idOf('returned'), 'returnedUnacknowledged');
  await until(idOf('ended'), 'normal');
  await act(idOf('shelved'), 'shelve', { until: iso(Date.now() + HOUR_MS), reason: 'r' });
  await act(idOf('expiring'), 'shelve', { until: iso(Date.now() + 1_500), reason: 'r' });
  const names = [...kept.keys()].filter((name) => name !== 'expiring');
  const before = await Promise.all(names.map((name) => alarm(idOf(name))));
  const historiesBefore = await Promise.all(names.map((name) => historyOf(idOf(name))));
  assert.deepEqual(
    new Set(before.map(({ state }) => state)),
    new Set([
      'unacknowledged',
      'acknowledged',
      'returnedUnacknowledged',
      'shelved',
      'normal',
      'latchedUnacknowledged',
      'latchedAcknowledged',
    ]),
  );
  for (const way of ['kill9', 'stop'] as const) {
    await contract.process[way]();
    await contract.process.up();
    assert.deepEqual(await Promise.all(names.map((name) => alarm(idOf(name)))), before, `after ${way}`);
    assert.deepEqual(await Promise.all(names.map((name) => historyOf(idOf(name)))), historiesBefore);
  }
  await until(idOf('expiring'), 'unacknowledged');
  assert.equal(((await act(idOf('returned'), 'acknowledge')).body as AlarmRow).state, 'normal');
  assert.equal(((await act(idOf('inspectable'), 'inspect', { note: 'done' })).body as AlarmRow).state, 'normal');
  assert.equal(((await act(idOf('latched'), 'acknowledge')).body as AlarmRow).state, 'latchedAcknowledged');
  const device = await contract.device('restart-acknowledged');
  await device.event({
    epoch: 'a',
    seq: 1_000,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: true,
    level: 'alarm',
  });
  assert.equal((await until(idOf('acknowledged'), 'unacknowledged')).level, 'alarm');
  const unacknowledged = await contract.device('restart-unacknowledged');
  await unacknowledged.event({
    epoch: 'a',
    seq: 1_000,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: false,
    level: 'warning',
  });
  await until(idOf('unacknowledged'), 'returnedUnacknowledged');
});

test('a limit that was entered before kill -9 raises after it, and one that is exceeded returns after it', async () => {
  const entering = await Sender.of('restart-entering');
  const exceeded = await Sender.of('restart-exceeded');
  const at0 = Date.now() - 30_000;
  await exceeded.rows(at0, 500, repeated(95, 8));
  const { id } = await raised('restart-exceeded', 'overTemperature');
  await entering.value(95);
  await entering.settle();
  await contract.process.kill9();
  await contract.process.up();
  await raised('restart-entering', 'overTemperature');
  const again = await contract.device('restart-exceeded');
  await again.telemetry({
    epoch: 'a',
    seq: 500,
    at0: at0 + 10_000,
    periodMs: 500,
    points: [POINT],
    rows: repeated(20, 40).map((value) => [value]),
  });
  await until(id, 'returnedUnacknowledged');
  assert.equal((await alarm(id)).count, 1);
});

test('events resent after kill -9 in the middle of a burst raise one alarm each, raised once', async () => {
  const secret = await contract.register('burst');
  const at = Date.now();
  const events = Array.from({ length: 120 }, (_, index) =>
    publishPacket(
      'fengsui/v1/burst/event',
      JSON.stringify({
        epoch: 'r',
        seq: index + 1,
        at: at + index,
        kind: kinds[index % 15],
        point: `c${Math.floor(index / 15) + 1}`,
        active: true,
        level: 'alarm',
      }),
      { id: index + 1 },
    ),
  );
  const client = await RawMqtt.logIn(contract.process.mqttPort, 'burst', secret);
  for (const event of events) client.send(event);
  await eventually('the first acknowledgements', () => client.ofType(packetTypes.puback).length > 10);
  await contract.process.kill9();
  const acknowledged = client.ofType(packetTypes.puback).length;
  await contract.process.up();
  const survived = await eventually('the acknowledged ones', async () => {
    const found = await alarmsOf('burst');
    return found.length >= acknowledged ? found : undefined;
  });
  const again = await RawMqtt.logIn(contract.process.mqttPort, 'burst', secret);
  for (const event of events) again.send(event);
  await eventually('all acknowledged', () => again.ofType(packetTypes.puback).length === events.length);
  const found = await eventually('all alarms', async () => {
    const alarms = await alarmsOf('burst');
    return alarms.length >= events.length ? alarms : undefined;
  });
  again.destroy();
  assert.equal(found.length, events.length);
  assert.ok(found.every(({ count, state, late }) => count === 1 && state === 'unacknowledged' && late !== true));
  const ids = new Set(found.map(({ id }) => id));
  assert.ok(
    survived.every(({ id }) => ids.has(id)),
    'an alarm keeps its id',
  );
  for (const { id } of found.slice(0, 20))
    assert.deepEqual(
      (await historyOf(id)).map(({ kind }) => kind),
      ['raised'],
    );
});
