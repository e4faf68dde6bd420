import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { requireProgram } from '../../tools/servers/find-or-install.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually, sleep, within } from './client/eventually.ts';
import {
  connackOf,
  connectPacket,
  disconnectPacket,
  packetTypes,
  publishPacket,
  pubrelPacket,
  RawMqtt,
  remainingLength,
  subscribePacket,
} from './client/raw-mqtt.ts';

const run = promisify(execFile);
const MEGABYTE = 1024 * 1024;
const PROGRAM_TIMEOUT_MS = 90_000;
/** What the centre's clock and the machine's may differ by: ours follows once a second. */
const CLOCKS_MS = 2_000;

let contract: ContractCentre;
let port: number;

before(async () => {
  contract = await ContractCentre.start();
  port = contract.process.mqttPort;
});
after(() => contract.dispose());

const telemetryOf = (seq: number, temperatureC: number, at = Date.now()): string =>
  JSON.stringify({ epoch: 'e1', seq, at, values: { 't1.temperatureC': temperatureC } });

async function storedValues(deviceId: string, pointId = 't1.temperatureC'): Promise<readonly number[]> {
  const now = Date.now();
  const { items } = await contract.api.series(deviceId, pointId, now - 3_600_000, now + 3_600_000);
  return items.map(([, , , last]) => last);
}

test('CONNACK tells which part of the credential is wrong', async () => {
  const secret = await contract.register('door-1');
  const right = { clientId: 'door-1', username: 'door-1', password: secret };
  assert.equal(await connackOf(port, right), 0);
  assert.equal(await connackOf(port, { ...right, clientId: 'another' }), 2, 'client id is not the user name');
  assert.equal(await connackOf(port, { ...right, clientId: '' }), 2, 'empty client id');
  assert.equal(await connackOf(port, { clientId: 'door-1' }), 2, 'no user name');
  assert.equal(await connackOf(port, { ...right, password: 'wrong' }), 4, 'wrong secret');
  assert.equal(await connackOf(port, { ...right, password: '' }), 4, 'empty secret');
  assert.equal(await connackOf(port, { clientId: 'door-1', username: 'door-1' }), 4, 'no secret');
  assert.equal(
    await connackOf(port, { clientId: 'nobody', username: 'nobody', password: secret }),
    4,
    'unknown device',
  );
  await contract.provision.revoke('door-1');
  assert.equal(await connackOf(port, right), 5, 'revoked');
});

test('a device that is revoked while it is connected is cut off, and what it sends then is neither acknowledged nor stored', async () => {
  const secret = await contract.register('door-revoked');
  const client = await RawMqtt.logIn(port, 'door-revoked', secret);
  client.send(publishPacket('fengsui/v1/door-revoked/telemetry', telemetryOf(1, 20), { id: 1 }));
  await client.first(packetTypes.puback);
  await contract.provision.revoke('door-revoked');
  client.send(publishPacket('fengsui/v1/door-revoked/telemetry', telemetryOf(2, 30), { id: 2 }));
  await client.untilClosed();
  assert.equal(client.ofType(packetTypes.puback).length, 1);
  assert.equal((await storedValues('door-revoked')).includes(30), false);
});

test('an MQTT 5 CONNECT is refused with a return code, not with silence', async () => {
  const secret = await contract.register('door-v5');
  const client = await RawMqtt.open(port);
  client.send(connectPacket({ clientId: 'door-v5', username: 'door-v5', password: secret, protocolLevel: 5 }));
  const connack = await client.first(packetTypes.connack);
  // 1 = unacceptable protocol version of 3.1.1; 0x84 = the same in a CONNACK of MQTT 5.
  assert.ok([1, 0x84].includes(connack.body[1] ?? 0), `CONNACK ${connack.body.toString('hex')}`);
  await client.untilClosed();
});

test('mosquitto_pub and mosquitto_sub work as they come', async () => {
  const publish = await requireProgram('mosquitto_pub');
  const subscribe = publish.replace(/mosquitto_pub$/, 'mosquitto_sub');
  const secret = await contract.register('mosquitto-1');
  const login = ['-h', '127.0.0.1', '-p', String(port), '-i', 'mosquitto-1', '-u', 'mosquitto-1', '-P', secret];
  await run(publish, [...login, '-q', '1', '-t', 'fengsui/v1/mosquitto-1/telemetry', '-m', telemetryOf(1, 31.5)], {
    timeout: PROGRAM_TIMEOUT_MS,
  });
  await eventually(
    'the value of mosquitto_pub in the series',
    async () => (await storedValues('mosquitto-1'))[0] === 31.5,
  );
  const askedAt = Date.now();
  const { stdout } = await run(subscribe, [...login, '-t', 'fengsui/v1/mosquitto-1/time', '-C', '1', '-W', '60'], {
    timeout: PROGRAM_TIMEOUT_MS,
  });
  const { at } = JSON.parse(stdout) as { at: number };
  assert.ok(at >= askedAt - CLOCKS_MS && at <= Date.now() + CLOCKS_MS, `time ${at}`);
  await assert.rejects(
    run(publish, [...login.slice(0, -1), 'wrong', '-q', '1', '-t', 'fengsui/v1/mosquitto-1/telemetry', '-m', '{}'], {
      timeout: PROGRAM_TIMEOUT_MS,
    }),
    /not authorised|bad user name|refused/i,
  );
});

test('a CONNECT of up to 4 KiB is taken, a longer one is cut off', async () => {
  const secret = await contract.register('door-4k');
  const login = { clientId: 'door-4k', username: 'door-4k', password: secret };
  const willOf = (bytes: number) => ({ topic: 'fengsui/v1/door-4k/presence', payload: Buffer.alloc(bytes, 0x20) });
  assert.equal(await connackOf(port, { ...login, will: willOf(3_900) }), 0);
  assert.equal(await connackOf(port, { ...login, will: willOf(4_200) }), 'closed');
});

test('a report of 12 kB that follows CONNACK at once is taken, every time', async () => {
  const secret = await contract.register('hasty');
  for (let seq = 1; seq <= 300; seq++) {
    const client = await RawMqtt.open(port);
    const report = { epoch: 'e1', seq, at: Date.now(), values: { 't1.temperatureC': seq }, note: 'n'.repeat(12_000) };
    const publish = publishPacket('fengsui/v1/hasty/telemetry', JSON.stringify(report), { qos: 1, id: 1 });
    client.socket.once('data', () => client.send(publish));
    client.send(connectPacket({ clientId: 'hasty', username: 'hasty', password: secret }));
    await client.first(packetTypes.puback);
    client.destroy();
  }
});

test('a packet of 200 kB is stored, one of 300 kB ends the connection and nothing else', async () => {
  const secret = await contract.register('door-256k');
  const topic = 'fengsui/v1/door-256k/telemetry';
  const padded = (seq: number, bytes: number): string => telemetryOf(seq, 40 + seq).padEnd(bytes, ' ');
  const client = await RawMqtt.logIn(port, 'door-256k', secret);
  client.send(publishPacket(topic, padded(1, 200_000), { id: 7 }));
  assert.deepEqual([...(await client.first(packetTypes.puback)).body], [0, 7]);
  // 256 KiB with everything: the largest packet the contract promises to take.
  const overhead = 1 + 3 + 2 + topic.length + 2;
  client.send(publishPacket(topic, padded(2, 256 * 1024 - overhead), { id: 8 }));
  await eventually('PUBACK of a packet of exactly 256 KiB', () => client.ofType(packetTypes.puback).length === 2);
  assert.equal(client.isClosed, false);
  client.send(publishPacket(topic, padded(3, 300_000), { id: 9 }));
  await client.untilClosed();
  assert.equal(client.ofType(packetTypes.puback).length, 2);
  const again = await RawMqtt.logIn(port, 'door-256k', secret);
  again.destroy();
  await eventually('both values stored', async () => {
    const values = await storedValues('door-256k');
    return values.includes(41) && values.includes(42);
  });
  assert.equal((await storedValues('door-256k')).includes(43), false);
});

for (const what of ['CONNECT', 'PUBLISH'] as const) {
  test(`a ${what} that claims 256 MB is neither buffered nor fatal while a neighbour goes on`, async () => {
    const id = `door-claim-${what}`;
    const secret = await contract.register(id);
    const neighbour = await contract.device(`neighbour-${what}`);
    let sent = 0;
    let attacking = true;
    const work = (async () => {
      while (attacking || sent < 50) {
        await neighbour.telemetry({ epoch: 'e', seq: sent, at: Date.now(), values: { 't1.temperatureC': sent } });
        sent++;
        await sleep(10);
      }
    })();
    const before = await contract.rssBytes();
    let peak = before;
    const client = what === 'CONNECT' ? await RawMqtt.open(port) : await RawMqtt.logIn(port, id, secret);
    const claim = remainingLength(268_435_455);
    client.send(
      what === 'CONNECT'
        ? Buffer.concat([Buffer.from([0x10]), claim, Buffer.from('\0\x04MQTT\x04\xc2\0\x3c', 'latin1')])
        : Buffer.concat([Buffer.from([0x32]), claim, Buffer.from(`\0\x1ffengsui/v1/x`, 'latin1')]),
    );
    const megabyte = Buffer.alloc(MEGABYTE, 0x41);
    for (let written = 0; written < 200 && !client.isClosed; written++) {
      if (!client.socket.write(megabyte)) {
        const drained = new Promise<void>((resolve) => {
          client.socket.once('drain', resolve);
          client.socket.once('close', () => resolve());
        });
        await within('the socket to drain or close', drained);
      }
      if (written % 10 === 0) peak = Math.max(peak, await contract.rssBytes());
    }
    await client.untilClosed();
    for (let i = 0; i < 10; i++) {
      peak = Math.max(peak, await contract.rssBytes());
      await sleep(50);
    }
    attacking = false;
    await work;
    const risenMb = (peak - before) / MEGABYTE;
    assert.ok(risenMb < 50, `memory rose by ${risenMb.toFixed(0)} MB`);
    const expected = Array.from({ length: sent }, (_, index) => index);
    await eventually('every report of the neighbour', async () => {
      const values = [...(await storedValues(neighbour.deviceId))].sort((a, b) => a - b);
      return JSON.stringify(values) === JSON.stringify(expected);
    });
    await neighbour.end();
  });
}

test('bytes that are not MQTT end their connection and nothing else', async () => {
  const neighbour = await contract.device('neighbour-garbage');
  const garbage = [
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    Buffer.from([0x00, 0x00]),
    Buffer.alloc(4_096, 0xff),
    publishPacket('fengsui/v1/neighbour-garbage/telemetry', telemetryOf(99, 99)),
  ];
  for (const bytes of garbage) {
    const client = await RawMqtt.open(port);
    client.send(bytes);
    await client.untilClosed();
    assert.equal(client.packets.filter(({ type, body }) => type === packetTypes.connack && body[1] === 0).length, 0);
  }
  await neighbour.telemetry({ epoch: 'e1', seq: 1, at: Date.now(), values: { 't1.temperatureC': 20 } });
  assert.equal((await contract.api.call('GET', '/readyz')).status, 200);
  assert.deepEqual(
    await eventually('the value', async () => {
      const values = await storedValues('neighbour-garbage');
      return values.length > 0 ? values : undefined;
    }),
    [20],
    'a PUBLISH before CONNECT is not a report',
  );
});

test('a device may subscribe to its own command and time, and to nothing else', async () => {
  const secret = await contract.register('door-sub');
  const neighbour = await contract.device('neighbour-sub');
  const client = await RawMqtt.logIn(port, 'door-sub', secret);
  const own = ['fengsui/v1/door-sub/command', 'fengsui/v1/door-sub/time'];
  const others = [
    'fengsui/v1/door-sub/telemetry',
    'fengsui/v1/door-sub/#',
    'fengsui/v1/door-sub/+',
    'fengsui/v1/neighbour-sub/command',
    'fengsui/v1/neighbour-sub/telemetry',
    'fengsui/v1/+/command',
    'fengsui/v1/+/time',
    '#',
    '+/#',
    '$SYS/#',
    '$share/group/fengsui/v1/door-sub/command',
  ];
  client.send(subscribePacket([...own, ...others], 77));
  const { body } = await client.first(packetTypes.suback);
  assert.deepEqual([...body.subarray(0, 2)], [0, 77]);
  const codes = [...body.subarray(2)];
  assert.equal(codes.length, own.length + others.length);
  for (const code of codes.slice(0, 2)) assert.ok(code <= 2, `own topic answered ${code}`);
  assert.deepEqual(
    codes.slice(2),
    others.map(() => 0x80),
  );
  await neighbour.telemetry({ epoch: 'e', seq: 1, values: { 't1.temperatureC': 1 } });
  await neighbour.send('presence', { online: true }, { retain: true });
  await client.first(packetTypes.publish);
  // The centre says the time at each subscription: behind it, nothing of the neighbour is on its way any more.
  const before = client.ofType(packetTypes.publish).length;
  client.send(subscribePacket(own.slice(1), 78));
  await eventually('the next time', () => client.ofType(packetTypes.publish).length > before);
  const topics = client
    .ofType(packetTypes.publish)
    .map(({ body: bytes }) => bytes.subarray(2, 2 + bytes.readUInt16BE(0)).toString());
  assert.deepEqual([...new Set(topics)], ['fengsui/v1/door-sub/time']);
  client.destroy();
});

test('time comes with the subscription, in epoch milliseconds', async () => {
  const device = await contract.device('door-time');
  const received = new Promise<string>((resolve) =>
    device.mqtt.once('message', (_topic, payload) => resolve(payload.toString())),
  );
  const askedAt = Date.now();
  const [granted] = await device.mqtt.subscribeAsync('fengsui/v1/door-time/time', { qos: 1 });
  assert.ok(granted !== undefined && granted.qos <= 2);
  const message = JSON.parse(await within('time', received)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(message), ['at']);
  const at = Number(message['at']);
  assert.ok(at >= askedAt - CLOCKS_MS && at <= Date.now() + CLOCKS_MS, `time ${at}`);
});

test('time comes again when a kept session reconnects without subscribing anew', async () => {
  const secret = await contract.register('door-kept');
  const first = await RawMqtt.logIn(port, 'door-kept', secret, { clean: false });
  first.send(subscribePacket(['fengsui/v1/door-kept/time']));
  await first.first(packetTypes.publish);
  first.send(disconnectPacket());
  await first.untilClosed();
  const second = await RawMqtt.logIn(port, 'door-kept', secret, { clean: false });
  const { body } = await second.first(packetTypes.publish);
  assert.match(body.toString('latin1'), /fengsui\/v1\/door-kept\/time/);
  second.destroy();
});

test('PUBACKs leave in the order of arrival although events overtake telemetry in the journal', async () => {
  const secret = await contract.register('door-order');
  const client = await RawMqtt.logIn(port, 'door-order', secret);
  const ids = Array.from({ length: 300 }, (_, index) => index + 1);
  const messageOf = (id: number): Buffer => {
    const at = Date.now();
    if (id % 7 === 3) {
      const event = { epoch: 'o', seq: id, at, kind: 'overload', point: 'c1', active: id % 2 === 0, level: 'warning' };
      return publishPacket('fengsui/v1/door-order/event', JSON.stringify(event), { id });
    }
    if (id % 11 === 5) return publishPacket('fengsui/v1/door-order/presence', '{"online":true}', { id });
    if (id % 50 === 17) return publishPacket('fengsui/v1/door-order/telemetry', 'not json', { id });
    return publishPacket('fengsui/v1/door-order/telemetry', telemetryOf(id, id % 50), { id });
  };
  client.send(Buffer.concat(ids.map(messageOf)));
  await eventually('300 PUBACKs', () => client.ofType(packetTypes.puback).length === ids.length);
  assert.deepEqual(
    client.ofType(packetTypes.puback).map(({ body }) => body.readUInt16BE(0)),
    ids,
  );
  client.destroy();
});

test('PUBACKs keep their order when the reports come in one piece with CONNECT', async () => {
  const secret = await contract.register('door-pipelined');
  const client = await RawMqtt.open(port);
  const ids = Array.from({ length: 12 }, (_, index) => index + 1);
  const reports = ids.map((id) =>
    id % 3 === 0
      ? publishPacket(
          'fengsui/v1/door-pipelined/event',
          JSON.stringify({ epoch: 'p', seq: id, kind: 'overload', point: 'c1', active: true, level: 'warning' }),
          { id },
        )
      : publishPacket('fengsui/v1/door-pipelined/telemetry', telemetryOf(id, 20), { id }),
  );
  client.send(
    Buffer.concat([
      connectPacket({ clientId: 'door-pipelined', username: 'door-pipelined', password: secret }),
      ...reports,
    ]),
  );
  await eventually('12 PUBACKs', () => client.ofType(packetTypes.puback).length === ids.length);
  assert.equal(
    client.packets[0]?.type,
    packetTypes.connack,
    'CONNACK is the first packet of the server [MQTT-3.2.0-1]',
  );
  assert.deepEqual(
    client.ofType(packetTypes.puback).map(({ body }) => body.readUInt16BE(0)),
    ids,
  );
  client.destroy();
});

test('QoS 0 is stored', async () => {
  const device = await contract.device('door-qos0');
  await device.send('telemetry', telemetryOf(1, 17.25), { qos: 0 });
  await eventually('the value', async () => (await storedValues('door-qos0'))[0] === 17.25);
});

test('QoS 2 is acknowledged in four steps and stored once', async () => {
  const secret = await contract.register('door-qos2');
  const client = await RawMqtt.logIn(port, 'door-qos2', secret);
  const topic = 'fengsui/v1/door-qos2/telemetry';
  client.send(publishPacket(topic, telemetryOf(1, 18.5), { qos: 2, id: 5 }));
  assert.equal((await client.first(packetTypes.pubrec)).body.readUInt16BE(0), 5);
  client.send(pubrelPacket(5));
  assert.equal((await client.first(packetTypes.pubcomp)).body.readUInt16BE(0), 5);
  const device = await contract.device('door-qos2-library');
  await device.send('telemetry', telemetryOf(1, 19.5), { qos: 2 });
  await eventually('the value of the library', async () => (await storedValues('door-qos2-library'))[0] === 19.5);
  assert.deepEqual(
    await eventually('the value', async () => {
      const values = await storedValues('door-qos2');
      return values.length > 0 ? values : undefined;
    }),
    [18.5],
  );
  client.destroy();
});
