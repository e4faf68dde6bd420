import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topicOf } from '@fengsui/protocol';
import { connectAsync, type MqttClient } from 'mqtt';
import type { DeviceGate } from './device-door.ts';
import { MqttDoor } from './mqtt-door.ts';

const TIMEOUT_MS = 10_000;

const everybody: DeviceGate = {
  authenticate: () => 'accepted',
  authenticateCertificate: () => 'accepted',
  receive: () => Promise.resolve({ holdMs: 0, close: false }),
  isStillValid: () => true,
  mayHearCommandsOf: () => true,
  gatewayOf: () => undefined,
  sessionOpened: () => undefined,
  sessionClosed: () => undefined,
};

test('the time is told again to who subscribed to it, and to nobody else', { timeout: TIMEOUT_MS }, async (t) => {
  const quiet = (): void => undefined;
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet };
  let now = 1_000;
  const door = new MqttDoor({ host: '127.0.0.1', port: 0, gate: everybody, clock: { now: () => now }, log });
  const port = await door.start();
  const clients: MqttClient[] = [];
  t.after(async () => {
    for (const client of clients) client.end(true);
    await door.stop();
  });
  const heard: string[] = [];
  const open = async (id: string): Promise<MqttClient> => {
    const options = { clientId: id, username: id, password: 'x', reconnectPeriod: 0 };
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options);
    clients.push(client);
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    return client;
  };
  const [plain, listening] = [await open('plain'), await open('listening')];
  await listening.subscribeAsync(topicOf('time', 'listening'), { qos: 0 });
  await plain.publishAsync(topicOf('telemetry', 'plain'), '{}', { qos: 1 });
  now = 2_000;
  door.tellTime();
  // The answers come behind what was written to the same connections before.
  for (const client of [plain, listening])
    await client.publishAsync(topicOf('telemetry', client.options.clientId ?? ''), '{}', { qos: 1 });
  assert.deepEqual(
    heard.map((line) => [line.split(' ')[0], /\d+/.exec(line.split(' ')[1] ?? '')?.[0]]),
    [
      [topicOf('time', 'listening'), '1000'],
      [topicOf('time', 'listening'), '2000'],
    ],
  );
});
