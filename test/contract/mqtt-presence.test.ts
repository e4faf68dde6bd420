import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { LiveClient } from './client/live-client.ts';
import { packetTypes, publishPacket, RawMqtt } from './client/raw-mqtt.ts';

let contract: ContractCentre;
let port: number;

before(async () => {
  contract = await ContractCentre.start();
  port = contract.process.mqttPort;
});
after(() => contract.dispose());

const telemetryOf = (seq: number, temperatureC: number, at = Date.now()): string =>
  JSON.stringify({ epoch: 'e1', seq, at, values: { 't1.temperatureC': temperatureC } });

test('a second connection takes over, and the will of the first does not set the device offline', async () => {
  const secret = await contract.register('door-twice');
  const topic = 'fengsui/v1/door-twice/presence';
  const live = await LiveClient.open(contract.process.webUrl, await contract.provision.token('operator'));
  live.subscribe({ topics: ['presence'] });
  await live.snapshot();
  const will = { topic, payload: '{"online":false,"firmware":"of the will"}', qos: 1, retain: true } as const;
  const first = await RawMqtt.logIn(port, 'door-twice', secret, { will });
  await eventually('the device online', async () => (await deviceOf('door-twice')).online);
  const second = await RawMqtt.logIn(port, 'door-twice', secret, { will });
  await first.untilClosed();
  second.send(publishPacket('fengsui/v1/door-twice/telemetry', telemetryOf(1, 21), { id: 1 }));
  await second.first(packetTypes.puback);
  // Who connects after it is online behind whatever the will would have said.
  await contract.device('door-after');
  await live.frame('the next one online', ({ presence = [] }) =>
    presence.some(([id, online]) => id === 'door-after' && online),
  );
  const device = await deviceOf('door-twice');
  assert.equal(device.online, true);
  assert.notEqual(device.firmware, 'of the will');
  const rows = live.frames.flatMap(({ presence }) => presence ?? []).filter(([id]) => id === 'door-twice');
  // Between the end of the first and the second there may be a moment without any.
  assert.equal(rows.at(-1)?.[1], true);
  // The newest session's own will counts.
  second.socket.resetAndDestroy();
  await eventually('the device offline', async () => !(await deviceOf('door-twice')).online);
  live.close();
});

test('a retained presence is taken, shown, and handed to nobody', async () => {
  const device = await contract.device('door-presence');
  await device.send('presence', { online: true, firmware: '4.2.1', model: 'T-100' }, { retain: true });
  await eventually('the firmware', async () => (await deviceOf('door-presence')).firmware === '4.2.1');
  const granted = await device.mqtt
    .subscribeAsync('fengsui/v1/door-presence/presence', { qos: 1 })
    .catch((error: unknown) => error);
  assert.ok(granted instanceof Error || (granted as { qos: number }[])[0]?.qos === 128);
  await device.send('presence', { online: false, firmware: '4.2.1' }, { retain: true });
  await eventually('offline by its own word', async () => !(await deviceOf('door-presence')).online);
  await device.telemetry({ epoch: 'e', seq: 1, values: { 't1.temperatureC': 20 } });
  await eventually('online again by a report', async () => (await deviceOf('door-presence')).online);
  await device.end();
  await eventually('offline after DISCONNECT', async () => !(await deviceOf('door-presence')).online);
});

test('who is silent for one and a half keep-alives is disconnected, who pings is not', async () => {
  const [silentSecret, pingingSecret] = [
    await contract.register('door-silent'),
    await contract.register('door-pinging'),
  ];
  const silent = await RawMqtt.logIn(port, 'door-silent', silentSecret, { keepaliveS: 2 });
  const pinging = await RawMqtt.logIn(port, 'door-pinging', pingingSecret, { keepaliveS: 2 });
  const pings = setInterval(() => pinging.send(Buffer.from([0xc0, 0])), 300);
  try {
    const startedAt = performance.now();
    await silent.untilClosed();
    const heldMs = performance.now() - startedAt;
    assert.ok(heldMs > 2_000, `closed after ${heldMs.toFixed(0)} ms`);
    await eventually(
      'pings for longer than the silent one was held',
      () =>
        pinging.isClosed ||
        (performance.now() > startedAt + heldMs + 1_000 && pinging.ofType(packetTypes.pingresp).length >= 8),
    );
    assert.equal(pinging.isClosed, false);
    await eventually('the silent one offline', async () => !(await deviceOf('door-silent')).online);
  } finally {
    clearInterval(pings);
    pinging.destroy();
  }
});

async function deviceOf(id: string): Promise<{ online: boolean; firmware?: string }> {
  return contract.api.get(`/api/v1/devices/${id}`);
}
