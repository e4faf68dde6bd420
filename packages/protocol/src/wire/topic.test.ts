import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { captureTopicOf, deviceTopicKinds, isWireId, parseTopic, topicOf } from './topic.ts';

const wireId = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);

test('every topic of a device is recognised with its device id', () => {
  for (const kind of deviceTopicKinds) {
    assert.deepEqual(parseTopic(`fengsui/v1/lf-0001.a/${kind}`), { kind, deviceId: 'lf-0001.a' });
  }
  assert.deepEqual(parseTopic('fengsui/v1/t1/capture/c-9'), { kind: 'capture', deviceId: 't1', captureId: 'c-9' });
});

test('a topic that is not of the device wire is foreign', () => {
  const foreign = [
    '',
    'fengsui/v1',
    'fengsui/v1/',
    'fengsui/v1/t1',
    'fengsui/v1//telemetry',
    'fengsui/v2/t1/telemetry',
    'Fengsui/v1/t1/telemetry',
    '/fengsui/v1/t1/telemetry',
    'fengsui/v1/t1/telemetry/',
    'fengsui/v1/t1/telemetry/extra',
    'fengsui/v1/t1/Telemetry',
    'fengsui/v1/t1/capture',
    'fengsui/v1/t1/capture/',
    'fengsui/v1/t1/capture/a/b',
    'fengsui/v1/+/telemetry',
    'fengsui/v1/#',
    'fengsui/v1/t 1/telemetry',
    'fengsui/v1/终端/telemetry',
    'fengsui/v1/t1\u0000/telemetry',
    'fengsui/v1/t1/__proto__',
    `fengsui/v1/${'a'.repeat(65)}/telemetry`,
    `fengsui/v1/t1/capture/${'a'.repeat(65)}`,
    '$SYS/broker/uptime',
    'a'.repeat(65_535),
  ];
  for (const topic of foreign) assert.deepEqual(parseTopic(topic), { kind: 'foreign' }, topic.slice(0, 80));
});

test('parsing a built topic gives back its parts', () => {
  fc.assert(
    fc.property(wireId, wireId, fc.constantFrom(...deviceTopicKinds), (deviceId, captureId, kind) => {
      assert.deepEqual(parseTopic(topicOf(kind, deviceId)), { kind, deviceId });
      assert.deepEqual(parseTopic(captureTopicOf(deviceId, captureId)), { kind: 'capture', deviceId, captureId });
    }),
  );
});

test('any text is parsed without throwing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTopic(text)));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTopic(`fengsui/v1/${text}`)));
});

test('building a topic from something that is no id is refused with the value', () => {
  assert.throws(() => topicOf('event', 'a/b'), { name: 'RangeError', message: /"a\/b"/ });
  assert.throws(() => captureTopicOf('a', ''), { name: 'RangeError', message: /captureId is ""/ });
});

test('an id is 1 to 64 characters of the allowed set', () => {
  assert.ok(isWireId('A-z_0.9') && isWireId('a'.repeat(64)));
  assert.ok(![undefined, 3, '', 'a'.repeat(65), 'a b', 'é', 'a\n'].some(isWireId));
});
