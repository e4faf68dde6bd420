import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvent, isWireId } from '@fengsui/protocol';
import type { DeviceGate } from '../intake/device-door.ts';
import type { NewEntry } from '../journal/entry.ts';
import { createProcessSecret } from '../platform/process-secret.ts';
import { CANARY_DEVICE_ID, CanaryGate } from './canary-device.ts';

const asked: string[] = [];
const note = (name: string): void => void asked.push(name);
const field: DeviceGate = {
  authenticate: (deviceId) => (note(deviceId), 'accepted'),
  authenticateCertificate: (deviceId) => (note(deviceId), 'accepted'),
  receive: ({ deviceId }) => (note(deviceId), Promise.resolve({ holdMs: 0, close: false })),
  isStillValid: (deviceId) => (note(deviceId), false),
  mayHearCommandsOf: () => false,
  gatewayOf: () => undefined,
  sessionOpened: note,
  sessionClosed: note,
};
const secret = createProcessSecret();
const journalled: NewEntry[] = [];
const gate = new CanaryGate(field, secret, {
  journal: {
    append: (_lane, entries) => {
      journalled.push(...entries);
      return Promise.resolve([1]);
    },
  },
  clock: { now: () => 1_000 },
});

test('the canary logs in with the secret of this process alone, and never by a certificate', () => {
  assert.ok(isWireId(CANARY_DEVICE_ID));
  assert.equal(gate.authenticate(CANARY_DEVICE_ID, secret), 'accepted');
  for (const wrong of ['', secret.slice(1), `${secret} `, createProcessSecret()])
    assert.equal(gate.authenticate(CANARY_DEVICE_ID, wrong), 'wrongSecret');
  assert.equal(gate.authenticateCertificate(CANARY_DEVICE_ID), 'unknownDevice');
});

test('what it sends is an entry of its own kind; what is no event is no entry; the field hears of neither', async () => {
  const payload = encodeEvent({ kind: 'canary', epoch: 'e', seq: 7, at: 999, active: true, level: 'attention' });
  await gate.receive({ deviceId: CANARY_DEVICE_ID, topic: 'any', payload });
  await gate.receive({ deviceId: CANARY_DEVICE_ID, topic: 'any', payload: Buffer.from('no JSON') });
  gate.sessionOpened(CANARY_DEVICE_ID, 1, { tookOver: false });
  gate.sessionClosed(CANARY_DEVICE_ID, 1);
  assert.deepEqual(
    journalled.map(({ kind, meta }) => [kind, (meta as { channel: string }).channel]),
    [['report', 'canary']],
  );
  assert.deepEqual(asked, []);
});

test('every other device is the business of the field', async () => {
  assert.equal(gate.authenticate('D1', secret), 'accepted');
  await gate.receive({ deviceId: 'D1', topic: 't', payload: new Uint8Array() });
  gate.sessionOpened('D1', 2, { tookOver: false });
  assert.equal(gate.isStillValid('D1', undefined), false);
  assert.deepEqual(asked, ['D1', 'D1', 'D1', 'D1']);
});
