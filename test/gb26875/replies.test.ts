import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { deviceOperation, frameBytes, partStates, runState, systemState } from './client/frame-bytes.ts';
import { GbCentre } from './client/gb-centre.ts';

let centre: GbCentre;
before(async () => (centre = await GbCentre.start()));
after(() => centre.dispose());

let registered = 0;
async function connected(more: Parameters<GbCentre['register']>[2] = {}) {
  const n = ++registered;
  const id = `R${n}`;
  const address = Buffer.from([n, 0, 0, 0, 0, 9]).toString('hex');
  await centre.register(id, address, more);
  return { id, address, device: await centre.client(address) };
}

type Event = { readonly kind: string; readonly point: string; readonly evidence?: { readonly operator?: number } };
const eventsOf = async (id: string): Promise<readonly Event[]> =>
  (await centre.api.get<{ items: Event[] }>(`/api/v1/events?deviceId=${id}&limit=1000`)).items;

test('an empty upload is a heartbeat: confirmed, not stored, and proof that the device lives', async () => {
  const { id, device } = await connected();
  assert.equal((await device.send(Buffer.alloc(0))).command, 3);
  await eventually('online', async () => (await centre.api.get<{ online: boolean }>(`/api/v1/devices/${id}`)).online);
  assert.deepEqual(await eventsOf(id), []);
});

test('a damaged upload is denied with its serial and taken when it comes again', async () => {
  const { id, device } = await connected();
  const frame = device.frame(deviceOperation(0x10, 1), { serial: 77 });
  const damaged = Buffer.from(frame);
  damaged[30] = (damaged[30] ?? 0) ^ 0x01;
  device.write(damaged);
  assert.deepEqual([(await device.reply(77)).command], [6]);
  device.write(frame);
  assert.equal((await device.reply(77)).command, 3);
  await eventually('the record', async () => (await eventsOf(id)).length === 1);
});

test('commands are answered by the matrix: control and request denied, reserved denied, own and damaged others not', async () => {
  const { device } = await connected();
  const { address } = device;
  const cases: readonly (readonly [command: number, expected: number | undefined])[] = [
    [1, 6],
    [4, 6],
    [0, 6],
    [7, 6],
    [127, 6],
    [3, undefined],
    [5, undefined],
    [6, undefined],
    [128, undefined],
    [255, undefined],
  ];
  for (const [i, [command]] of cases.entries()) {
    device.write(frameBytes({ serial: 500 + i, source: address, command, data: Buffer.from([81, 1, 0]) }));
  }
  const damaged = frameBytes({ serial: 600, source: address, command: 5, data: Buffer.from([21, 1, 1]) });
  damaged[29] = 0xff;
  device.write(damaged);
  // When what came behind is answered twice over, everything before it has been.
  assert.equal((await device.send(systemState(1), { serial: 601 })).command, 3);
  assert.equal((await device.send(systemState(1), { serial: 602 })).command, 3);
  for (const [i, [command, expected]] of cases.entries()) {
    const found = device.replies.find(
      ({ serial, command: reply }) => serial === 500 + i && (reply === 3 || reply === 6),
    );
    assert.equal(found?.command, expected, `command ${command}`);
  }
  assert.equal(
    device.replies.find(({ serial }) => serial === 600),
    undefined,
  );
});

test('a unit that fits nothing is confirmed and quarantined with its reason; so is one of a maker, without blame', async () => {
  const { id, device } = await connected();
  const units: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from([2, 0]), /^countZero/],
    [Buffer.from([0x16]), /^countMissing/],
    [partStates({ status: 1 }).subarray(0, 40), /^lengthMismatch/],
    [Buffer.from([30, 1, 9]), /^reservedType/],
    [Buffer.from([255, 1, 9]), /^reservedType/],
    [Buffer.from([81, 1, 0]), /^downstreamType/],
    [Buffer.from([200, 2, 1, 2, 3]), /^userDefinedType: type 200/],
  ];
  for (const [unit] of units) assert.equal((await device.send(unit)).command, 3, unit.toString('hex'));
  const kept = await eventually('the quarantine', async () => {
    const found = await centre.api.quarantineOf(id);
    return found.length === units.length ? found : undefined;
  });
  for (const [unit, reason] of units) {
    // The data unit lies behind the 27 bytes of the head.
    const row = kept.find(({ payloadBase64 }) => Buffer.from(payloadBase64, 'base64').subarray(27, -3).equals(unit));
    assert.match(row?.reason ?? 'none', reason);
    assert.equal(row?.topic, 'gb26875');
  }
});

test('frames split at every byte, glued, and with garbage between them are all taken once', async () => {
  const { id, device } = await connected();
  const first = device.frame(deviceOperation(0x10, 1));
  for (const byte of first) {
    device.write(Buffer.from([byte]));
    await sleep(1);
  }
  assert.equal((await device.reply(0)).command, 3);
  const glued = [2, 3, 4].map((operator) => device.frame(deviceOperation(0x10, operator)));
  device.write(Buffer.concat(glued));
  for (const frame of glued) assert.equal((await device.reply(frame.readUInt16LE(2))).command, 3);
  // Garbage that claims a length, one that looks like an end, and a frame cut short before a good one.
  const claim = Buffer.from('4040ffffffffffffffffffffffffffffffffffffffffffffff0004', 'hex');
  const cut = device.frame(deviceOperation(0x10, 98)).subarray(0, 33);
  const after = [5, 6].map((operator) => device.frame(deviceOperation(0x10, operator)));
  device.write(Buffer.concat([claim, Buffer.from('2323404040', 'hex'), after[0] as Buffer, cut, after[1] as Buffer]));
  for (const frame of after) assert.equal((await device.reply(frame.readUInt16LE(2))).command, 3);
  const operators = await eventually('six records', async () => {
    const found = (await eventsOf(id)).map(({ evidence }) => evidence?.operator).sort();
    return found.length >= 6 ? found : undefined;
  });
  assert.deepEqual(operators, [1, 2, 3, 4, 5, 6]);
});

test('a resend is confirmed and applied once: the same bytes, and the same content under a new sending time', async () => {
  const { id, device } = await connected();
  const data = deviceOperation(0x10, 9);
  const frame = device.frame(data, { serial: 40 });
  for (const bytes of [frame, frame, device.frame(data, { serial: 40, label: Buffer.alloc(6) })]) {
    device.write(bytes);
    assert.equal((await device.reply(40)).command, 3);
  }
  // Another content under the serial of a counter that stands still is another report.
  assert.equal((await device.send(deviceOperation(0x10, 10), { serial: 40 })).command, 3);
  assert.equal((await device.send(runState(1))).command, 3);
  await eventually('the records', async () => (await eventsOf(id)).length >= 2);
  assert.deepEqual((await eventsOf(id)).map(({ evidence }) => evidence?.operator).sort(), [10, 9].sort());
});

test('a device that sends and says no more still gets its confirms, and the connection ends then', async () => {
  await centre.register('RE', 'ee0000000000');
  const frames = [1, 2, 3].map((serial) =>
    frameBytes({ serial, source: 'ee0000000000', command: 2, data: deviceOperation(0x10, serial) }),
  );
  const socket = connect({ port: centre.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(Buffer.concat(frames));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const received = Buffer.concat(chunks);
  assert.deepEqual(
    [0, 30, 60].map((at) => [received.readUInt16LE(at + 2), received[at + 26]]),
    [1, 2, 3].map((serial) => [serial, 3]),
  );
});

test('an unknown address gets no answer and reaches operators as a security alarm alone', async () => {
  const stranger = await centre.client('deadbeef0001');
  for (let i = 0; i < 3; i++) stranger.write(stranger.frame(partStates({ status: 0x0003 })));
  const alarm = await eventually('the security alarm', async () => {
    const found = await centre.api.alarmsOf('gb26875');
    return found[0];
  });
  assert.deepEqual([alarm.kind, alarm.category, alarm.count], ['unauthorisedAccess', 'supervisory', 1]);
  const [row] = (
    await centre.api.get<{ items: { reason: string; deviceId: string }[] }>('/api/v1/quarantine?limit=1000')
  ).items.filter(({ reason }) => reason.startsWith('unknownAddress'));
  assert.match(row?.reason ?? '', /deadbeef0001 from 127\.0\.0\.1:\d+, 1 frames/);
  assert.deepEqual(stranger.replies, []);
  const alarms = (await centre.api.get<{ items: { kind: string }[] }>('/api/v1/alarms?category=fire')).items;
  assert.deepEqual(alarms, []);
});

test('a device bound to other networks is refused from here, and said so', async () => {
  await centre.register('RB', 'bb0000000000', { allow: ['10.0.0.0/8'] });
  const device = await centre.client('bb0000000000');
  device.write(device.frame(partStates({ status: 0x0003 })));
  const alarm = await eventually('the security alarm', async () => (await centre.api.alarmsOf('RB'))[0]);
  assert.equal(alarm.kind, 'unauthorisedAccess');
  assert.deepEqual(device.replies, []);
});

test('a device with a clock of nowhere is heard, its event counted at receipt and its clock a fault', async () => {
  const { id, device } = await connected();
  const wrong = Date.now() + 3 * 86_400_000;
  const { label } = await import('./client/frame-bytes.ts');
  const before = Date.now();
  await device.send(partStates({ status: 0x0003, at: wrong }), { label: label(wrong) });
  const alarms = await eventually('fire and clock', async () => {
    const found = await centre.api.alarmsOf(id);
    return found.length === 2 ? found : undefined;
  });
  const fire = alarms.find(({ kind }) => kind === 'fire');
  const raisedAt = Date.parse(fire?.raisedAt ?? '');
  assert.ok(raisedAt >= before && raisedAt <= Date.now(), fire?.raisedAt);
  assert.ok(alarms.some(({ kind }) => kind === 'clockSuspect'));
});
