import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { decodePresence } from '@fengsui/protocol';
import { eventually } from '../../test/eventually.ts';
import { TestBroker, type Received } from '../../test/test-broker.ts';
import { numberingFrom } from '../report/numbering.ts';
import { createReportWriter } from '../report/report-writer.ts';
import { createMqttUplink, type MqttUplinkOptions, type UplinkNote } from './mqtt-uplink.ts';
import type { Uplink } from './uplink.ts';

type Bench = { readonly broker: TestBroker; readonly uplink: Uplink; readonly notes: UplinkNote[] };

async function bench(context: TestContext, options: Partial<MqttUplinkOptions> = {}): Promise<Bench> {
  const broker = await TestBroker.start();
  const notes: UplinkNote[] = [];
  const uplink = createMqttUplink({
    url: broker.url,
    deviceId: 'D1',
    secret: 's3cret',
    firmware: '9.9',
    onNote: (note) => notes.push(note),
    backOffMs: () => 20,
    refusedBackOffMs: 40,
    ...options,
  });
  context.after(async () => {
    await uplink.stop(0);
    await broker.stop();
  });
  return { broker, uplink, notes };
}

const reportsOf = (received: readonly Received[]): Received[] =>
  received.filter(({ topic }) => !topic.endsWith('/presence'));

function identityOf({ payload }: Received): string {
  const { epoch, seq } = JSON.parse(payload.toString('utf8')) as { epoch: string; seq: number };
  return `${epoch}/${seq}`;
}

test('reports arrive in order and acknowledged; presence is retained, first online and at the end offline', async (context) => {
  const { broker, uplink, notes } = await bench(context);
  const writer = createReportWriter('D1', numberingFrom('e1'));
  uplink.start();
  for (let n = 0; n < 100; n++) uplink.send(writer.telemetry(1000 + n, { 'c1.currentA': n }));
  assert.equal(await uplink.stop(5000), 0);
  assert.deepEqual(
    reportsOf(broker.received).map(identityOf),
    Array.from({ length: 100 }, (_, seq) => `e1/${seq}`),
  );
  const presence = broker.received.filter(({ topic }) => topic === 'fengsui/v1/D1/presence');
  assert.deepEqual(
    presence.map(({ payload, retain }) => ({ ...decodePresence(payload), retain })),
    [
      { kind: 'presence', online: true, firmware: '9.9', retain: true },
      { kind: 'presence', online: false, firmware: '9.9', retain: true },
    ],
  );
  assert.deepEqual(broker.subscribed.sort(), ['fengsui/v1/D1/command', 'fengsui/v1/D1/time']);
  assert.deepEqual(notes, [{ kind: 'connected' }]);
});

test('hung up on in the middle, again and again, it loses nothing and resends the very same bytes', async (context) => {
  const { broker, uplink } = await bench(context);
  const writer = createReportWriter('D1', numberingFrom('e1'));
  // Every seventh packet stays unanswered; then the broker hangs up with a window of packets in flight.
  broker.acknowledges = (_packet, count) => count % 7 !== 6;
  uplink.start();
  const sent = new Map<string, Uint8Array>();
  for (let n = 0; n < 60; n++) {
    const report = n % 3 === 0 ? writer.event({ at: n, kind: 'overload', point: 'c1' }) : writer.telemetry(n, { a: n });
    sent.set(`e1/${report.seq}`, report.packets[0]?.payload ?? new Uint8Array());
    uplink.send(report);
  }
  const hangUps = setInterval(() => broker.hangUp(), 60);
  await eventually('everything acknowledged', () => uplink.status().acknowledged === 60).finally(() =>
    clearInterval(hangUps),
  );
  assert.ok(broker.connections > 2, `${broker.connections} connections`);
  const reports = reportsOf(broker.received);
  assert.ok(reports.length > 60, 'nothing was sent twice, so nothing was tried');
  const acknowledged = new Set(reports.filter(({ isAcknowledged }) => isAcknowledged).map(identityOf));
  assert.deepEqual(acknowledged, new Set(sent.keys()));
  for (const report of reports)
    assert.deepEqual(new Uint8Array(report.payload), new Uint8Array(sent.get(identityOf(report)) ?? []));
  // Within a connection the numbers rise, of events and of telemetry.
  for (let connection = 1; connection <= broker.connections; connection++) {
    for (const kind of ['event', 'telemetry']) {
      const numbers = reports
        .filter((report) => report.connection === connection && report.topic.endsWith(kind))
        .map((report) => Number(identityOf(report).slice(3)));
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((left, right) => left - right),
      );
    }
  }
});

test('an event overtakes the telemetry that queued up while there was no connection', async (context) => {
  const { broker, uplink } = await bench(context);
  const writer = createReportWriter('D1', numberingFrom('e1'));
  for (let n = 0; n < 50; n++) uplink.send(writer.telemetry(n, { a: n }));
  uplink.send(writer.event({ at: 50, kind: 'overload', point: 'c1' }));
  uplink.start();
  assert.equal(await uplink.stop(5000), 0);
  assert.equal(reportsOf(broker.received)[0]?.topic, 'fengsui/v1/D1/event');
});

test('a refused secret is named with its code, retried slowly, and everything is delivered once it is right', async (context) => {
  const { broker, uplink, notes } = await bench(context, { secret: 'wrong' });
  const writer = createReportWriter('D1', numberingFrom('e1'));
  uplink.send(writer.event({ at: 1, kind: 'overload', point: 'c1' }));
  uplink.start();
  await eventually('two refusals', () => notes.length >= 2);
  const reason = 'unknown device or wrong secret';
  assert.deepEqual(notes[0], { kind: 'refused', returnCode: 4, reason, retryMs: 40 });
  broker.refuseWith = 5;
  await eventually('a refusal with 5', () => notes.some((note) => note.kind === 'refused' && note.returnCode === 5));
  broker.refuseWith = undefined;
  broker.secrets.set('D1', 'wrong');
  await eventually('the event', () => uplink.status().acknowledged === 1);
});

test('the real wait after a refusal is a minute', async (context) => {
  const broker = await TestBroker.start();
  const notes: UplinkNote[] = [];
  const uplink = createMqttUplink({ url: broker.url, deviceId: 'D2', secret: 'x', onNote: (note) => notes.push(note) });
  context.after(async () => {
    await uplink.stop(0);
    await broker.stop();
  });
  uplink.start();
  await eventually('a refusal', () => notes.length > 0);
  assert.equal(notes[0]?.kind === 'refused' && notes[0].retryMs, 60_000);
});

test('packets without an answer for too long end the connection and are sent again', async (context) => {
  const { broker, uplink, notes } = await bench(context, { acknowledgeTimeoutMs: 50 });
  broker.acknowledges = (packet) => packet.topic.endsWith('/presence') || broker.connections > 1;
  const writer = createReportWriter('D1', numberingFrom('e1'));
  uplink.send(writer.telemetry(1, { a: 1 }));
  uplink.start();
  await eventually('the second connection', () => uplink.status().acknowledged === 1);
  assert.ok(notes.some((note) => note.kind === 'lost' && /no acknowledgement/.test(note.reason)));
});

test('an event goes out although a full window of telemetry has no answer', async (context) => {
  const { broker, uplink } = await bench(context);
  broker.acknowledges = ({ topic }) => !topic.endsWith('/telemetry');
  const writer = createReportWriter('D1', numberingFrom('e1'));
  uplink.start();
  for (let n = 0; n < 100; n++) uplink.send(writer.telemetry(n, { a: n }));
  await eventually('a full window', () => reportsOf(broker.received).length === 32);
  uplink.send(writer.event({ at: 100, kind: 'overload', point: 'c1' }));
  await eventually('the event', () => uplink.status().acknowledged === 1);
  assert.equal(reportsOf(broker.received).length, 33, 'and no telemetry with it');
});

test('a centre that is not there is told with its reason, and stop ends after its time', async () => {
  const notes: UplinkNote[] = [];
  const broker = await TestBroker.start();
  const url = broker.url;
  await broker.stop();
  const uplink = createMqttUplink({ url, deviceId: 'D1', secret: 'x', onNote: (note) => notes.push(note) });
  uplink.send(createReportWriter('D1', numberingFrom('e1')).telemetry(1, { a: 1 }));
  uplink.start();
  await eventually('a note', () => notes.length > 0);
  assert.ok(notes[0]?.kind === 'lost' && /ECONNREFUSED/.test(notes[0].reason));
  assert.equal(await uplink.stop(50), 1);
});

test('a second, more impatient stop ends the waiting of the first', async () => {
  const uplink = createMqttUplink({ url: 'mqtt://127.0.0.1:1', deviceId: 'D1', secret: 'x' });
  uplink.send(createReportWriter('D1', numberingFrom('e1')).telemetry(1, { a: 1 }));
  uplink.start();
  const patient = uplink.stop(60_000);
  assert.equal(await uplink.stop(0), 1);
  assert.equal(await patient, 1);
});

test('commands and time of the centre are received without harm', async (context) => {
  const { broker, uplink } = await bench(context);
  uplink.start();
  await eventually('the subscription', () => broker.subscribed.length === 2);
  broker.send('fengsui/v1/D1/command', '{"id":"1","name":"open"}');
  broker.send('fengsui/v1/D1/time', 'not json');
  uplink.send(createReportWriter('D1', numberingFrom('e1')).telemetry(1, { a: 1 }));
  await eventually('telemetry after it', () => uplink.status().acknowledged === 1);
  assert.equal(broker.connections, 1);
});

test('an address that is none, or that holds a secret, is refused', () => {
  const make = (url: string) => () => createMqttUplink({ url, deviceId: 'D1', secret: 'x' });
  assert.throws(make('127.0.0.1:1883'), /expected mqtt:\/\/host:port/);
  assert.throws(make('http://127.0.0.1'), /expected mqtt:\/\/host:port/);
  assert.throws(make('mqtt://user:word@host'), /user name or password/);
});
