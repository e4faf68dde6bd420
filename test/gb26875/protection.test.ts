import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually, sleep, within } from '../contract/client/eventually.ts';
import { frameBytes, partStates, takeFrame, type Reply } from './client/frame-bytes.ts';
import { GbCentre } from './client/gb-centre.ts';

let centre: GbCentre;
before(async () => (centre = await GbCentre.start()));
after(() => centre.dispose());

test('noise without end closes the connection, and the device is told of to engineers', async () => {
  await centre.register('N1', '0e0000000001');
  const device = await centre.client('0e0000000001');
  await device.send(Buffer.alloc(0));
  for (let i = 0; i < 30 && !device.isClosed; i++) {
    device.write(Buffer.from('@@ not a frame at all, but long enough to be looked at ##'));
    await sleep(5);
  }
  await device.closed();
  const [row] = await eventually('the quarantine', async () => {
    const rows = await centre.api.quarantineOf('N1');
    return rows.length > 0 ? rows : undefined;
  });
  assert.match(row?.reason ?? '', /^framing: /);
});

test('half a frame holds nobody up: after the time for it a whole one is taken', async () => {
  await centre.register('N2', '0e0000000002');
  const device = await centre.client('0e0000000002');
  await device.send(Buffer.alloc(0));
  const whole = device.frame(partStates({ status: 0x0003 }));
  // Claims 1,024 bytes and never brings them; the fire behind it must not wait for them.
  const claim = Buffer.from(frameBytes({ serial: 1, source: device.address, command: 2 }).subarray(0, 27));
  claim.writeUInt16LE(1_024, 24);
  device.write(Buffer.concat([claim, whole]));
  assert.equal((await device.reply(whole.readUInt16LE(2))).command, 3);
});

test('two connections that take one address from each other are a security alarm', async () => {
  await centre.register('N3', '0e0000000003');
  for (let i = 0; i < 5; i++) {
    // 127.0.0.2 and 127.0.0.3 both are this machine: two peers with one address.
    const device = await centre.client('0e0000000003', i % 2 === 0 ? '127.0.0.2' : '127.0.0.3');
    await device.send(Buffer.alloc(0));
  }
  const alarm = await eventually('the clash', async () =>
    (await centre.api.alarmsOf('N3')).find(({ kind }) => kind === 'addressClash'),
  );
  assert.equal(alarm.category, 'supervisory');
});

test('a device over UDP is confirmed, raised, and given back what it resends', async () => {
  await centre.register('N4', '0e0000000004');
  const socket = createSocket('udp4');
  const replies: Reply[] = [];
  socket.on('message', (datagram) => {
    const taken = takeFrame(datagram);
    if (taken !== undefined) replies.push(taken.reply);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const frame = frameBytes({ serial: 3, source: '0e0000000004', command: 2, data: partStates({ status: 0x0003 }) });
  for (let i = 0; i < 2; i++) socket.send(frame, centre.port, '127.0.0.1');
  await eventually(
    'two confirms',
    () => replies.filter(({ serial, command }) => serial === 3 && command === 3).length === 2,
  );
  const alarm = await eventually('the alarm', async () => (await centre.api.alarmsOf('N4'))[0]);
  assert.deepEqual([alarm.kind, alarm.count], ['fire', 1]);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

test('a datagram under the address of a connection that lives is taken, and told as a clash', async () => {
  await centre.register('N6', '0e0000000006');
  const device = await centre.client('0e0000000006');
  await device.send(Buffer.alloc(0));
  const socket = createSocket('udp4');
  const frame = frameBytes({ serial: 900, source: '0e0000000006', command: 2, data: partStates({ status: 0x0003 }) });
  socket.send(frame, centre.port, '127.0.0.1');
  const alarms = await eventually('fire and clash', async () => {
    const found = await centre.api.alarmsOf('N6');
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(alarms.map(({ kind }) => kind).sort(), ['addressClash', 'fire']);
  assert.equal((await device.send(Buffer.alloc(0))).command, 3, 'the connection is still there');
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

test('a thousand idle connections hold nobody up', async () => {
  const idle: Socket[] = [];
  try {
    for (let i = 0; i < 1_000; i++) {
      const socket = connect({ port: centre.port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      idle.push(socket);
    }
    await within(
      'the last to connect',
      new Promise<void>((resolve) => (idle.at(-1) as Socket).once('connect', () => resolve())),
    );
    await centre.register('N5', '0e0000000005');
    const device = await centre.client('0e0000000005');
    assert.equal((await device.send(partStates({ status: 0x0003 }))).command, 3);
    assert.ok(idle.filter((socket) => !socket.destroyed).length === 1_000);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});
