import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient } from '../contract/client/api-client.ts';
import { assertProblem } from '../contract/client/assert-problem.ts';
import { eventually } from '../contract/client/eventually.ts';
import { deviceOperation, label, runState } from './client/frame-bytes.ts';
import { GbCentre } from './client/gb-centre.ts';
import type { GbClient } from './client/gb-client.ts';

let centre: GbCentre;
let operator: ApiClient;
let technician: ApiClient;
let device: GbClient;

before(async () => {
  centre = await GbCentre.start();
  operator = new ApiClient(centre.process.webUrl, await centre.process.createToken('operator'));
  technician = new ApiClient(centre.process.webUrl, await centre.process.createToken('technician'));
  await centre.register('O1', '010203040506');
  device = await centre.client('010203040506');
});
after(() => centre.dispose());

test('after the first frame of a connection the centre sets the clock and reads the state, with serials from 0', async () => {
  await device.send(Buffer.alloc(0), { destination: '0a0000000000' });
  const sync = await device.order(90);
  assert.deepEqual(
    [sync.serial, sync.command, sync.source, sync.destination],
    [0, 1, '0a0000000000', '010203040506'],
    'the source is what the device calls the centre',
  );
  assert.equal(sync.data.length, 8);
  const [second = 99, minute = 99, hour = 99, day, month, year = 0] = sync.data.subarray(2);
  const told = Date.UTC(2000 + year, (month ?? 0) - 1, day, hour - 8, minute, second);
  assert.ok(Math.abs(told - Date.now()) < 5_000, `the clock is set to ${new Date(told).toISOString()}`);
  device.confirm(sync);
  const read = await device.order(81);
  assert.deepEqual([read.serial, read.command, read.data], [1, 4, Buffer.from([81, 1, 0])]);
  device.answer(read, runState(0x09));
  const alarm = await eventually('mains fault', async () => (await centre.api.alarmsOf('O1'))[0]);
  assert.deepEqual([alarm.kind, alarm.category, alarm.pointId], ['mainsFault', 'fault', '']);
  assert.equal(device.replies.length, 0, 'a response is not confirmed');
});

test('a technician reads a component, and gets the response as the decoder prints it', async () => {
  const asked = technician.post('/api/v1/devices/O1/gb/read', {
    type: 63,
    systemType: 1,
    systemAddress: 1,
    partAddress: '03000d00',
  });
  const read = await device.order(63);
  assert.deepEqual(read.data, Buffer.from([63, 1, 1, 1, 3, 0, 13, 0]));
  const at = label(Date.now());
  device.answer(read, Buffer.concat([Buffer.from([3, 1, 1, 1, 18, 3, 0, 13, 0, 3, 0x83, 0xff]), at]));
  const { status, body } = await asked;
  assert.equal(status, 200);
  const { outcome, transmissions, frame } = body as {
    outcome: string;
    transmissions: number;
    frame: { objects: { value: number; unit: string }[] };
  };
  assert.deepEqual([outcome, transmissions], ['answered', 1]);
  assert.deepEqual([frame.objects[0]?.value, frame.objects[0]?.unit], [-12.5, '°C']);
});

test('a denied or wrongly answered query is sent again under its serial, three times at most', async () => {
  const asked = technician.post('/api/v1/devices/O1/gb/read', { type: 85 });
  const serials = new Set<number>();
  for (let i = 0; i < 4; i++) {
    const read = await device.order(85);
    serials.add(read.serial);
    // Type 26 is not the answer to 85.
    device.answer(read, Buffer.from([26, 1, 0]));
  }
  assertProblem(await asked, 504, 'four wrong answers');
  assert.equal(serials.size, 1);
  const failed = await eventually('the event', async () => {
    const { items } = await centre.api.get<{ items: { kind: string; evidence: Record<string, unknown> }[] }>(
      '/api/v1/events?deviceId=O1&kind=transactionFailed',
    );
    return items[0];
  });
  const { type, outcome, transmissions } = failed.evidence;
  assert.deepEqual({ type, outcome, transmissions }, { type: 85, outcome: 'wrongAnswer', transmissions: 4 });
});

test('an on-duty check is delivered, answered by a person, and kept with who and after how long', async () => {
  const { status, body } = await operator.post('/api/v1/devices/O1/gb/on-duty-check', { withinMin: 5 });
  assert.equal(status, 200);
  assert.equal((body as { state: string }).state, 'asked');
  const check = await device.order(91);
  assert.deepEqual([check.command, check.data], [1, Buffer.from([91, 1, 5])]);
  device.confirm(check);
  type Check = { readonly state: string; readonly operator?: number; readonly answeredAfterS?: number };
  const newest = async (): Promise<Check | undefined> =>
    (await operator.get<{ items: Check[] }>('/api/v1/devices/O1/gb/on-duty-checks')).items[0];
  await eventually('delivery', async () => (await newest())?.state === 'delivered');
  assert.equal((await device.send(deviceOperation(0x20, 7))).command, 3);
  const answered = await eventually('the answer', async () => {
    const now = await newest();
    return now?.state === 'answered' ? now : undefined;
  });
  assert.equal(answered.operator, 7);
  assert.ok((answered.answeredAfterS ?? 99) < 20);
});

test('what a role may not ask is refused, and so is a device that is not there or speaks no GB/T 26875.3', async () => {
  assertProblem(await operator.post('/api/v1/devices/O1/gb/read', { type: 81 }), 403, 'an operator reads');
  assertProblem(await operator.post('/api/v1/devices/O1/gb/sync-clock'), 403, 'an operator sets a clock');
  assertProblem(await technician.post('/api/v1/devices/O1/gb/on-duty-check', {}), 403, 'a technician checks');
  assertProblem(await technician.post('/api/v1/devices/nobody/gb/read', { type: 81 }), 404, 'no such device');
  assertProblem(await technician.post('/api/v1/devices/O1/gb/read', { type: 62 }), 400, 'no component named');
  assertProblem(await technician.post('/api/v1/devices/O1/gb/read', { type: 82 }), 400, 'a reserved type');
  assertProblem(await operator.post('/api/v1/devices/O1/gb/on-duty-check', { withinMin: 0 }), 400, 'T = 0');
  await centre.register('O2', '010203040507');
  assertProblem(await technician.post('/api/v1/devices/O2/gb/read', { type: 81 }), 409, 'not connected');
  await centre.process.createDevice('T1', 'generic-terminal', 'V1');
  assertProblem(await technician.post('/api/v1/devices/T1/gb/read', { type: 81 }), 422, 'a terminal');
  assertProblem(
    await technician.post('/api/v1/devices/O1/gb/sync-clock', undefined, { authorization: 'Bearer nonono1' }),
    401,
    'nobody',
  );
});
