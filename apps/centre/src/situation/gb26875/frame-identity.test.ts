import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGbFrame } from '@fengsui/protocol';
import { gbFrameIdentity, isResend } from './frame-identity.ts';

const AT = Date.UTC(2026, 4, 1, 8);

const frame = (sentAt: number, body: number, source = '0a0000000001'): Uint8Array =>
  encodeGbFrame({
    serial: 7,
    version: { major: 1, user: 0 },
    sentAt,
    source,
    destination: '010000000000',
    command: 2,
    unit: { kind: 'userDefined', type: 130, count: 1, body: Uint8Array.of(body) },
  });
const known = { ...gbFrameIdentity(frame(AT, 1)), receivedAt: AT };

test('the same content with the same sending time is a resend, however late it comes', () => {
  assert.equal(isResend(known, gbFrameIdentity(frame(AT, 1)), AT + 86_400_000), true);
});

test('the same content with another sending time is a resend for a minute (6.5: four transmissions), then a new frame', () => {
  const again = gbFrameIdentity(frame(AT + 10_000, 1));
  assert.equal(isResend(known, again, AT + 59_999), true);
  assert.equal(isResend(known, again, AT + 60_000), false);
});

test('another content under the serial is a new frame, also with the same sending time', () => {
  assert.equal(isResend(known, gbFrameIdentity(frame(AT, 2)), AT), false);
});

test('a sending time that is none says nothing: two frames without one are told by content and time', () => {
  const bytes = frame(AT, 1);
  bytes.fill(0, 6, 12);
  const none = gbFrameIdentity(bytes);
  assert.equal(none.label, '');
  assert.equal(isResend({ ...none, receivedAt: AT }, none, AT + 59_999), true);
  assert.equal(isResend({ ...none, receivedAt: AT }, none, AT + 60_000), false);
});
