import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResendLedger, type SeenFrame } from './resend-ledger.ts';

const T0 = Date.UTC(2026, 2, 5, 6, 7, 10);
const durable = Promise.resolve();
const seen = (content: string, label = '', receivedAt = T0): SeenFrame => ({ content, label, receivedAt, durable });

test('the same content under a serial is a resend for a minute, whatever its sending time', () => {
  const ledger = new ResendLedger();
  ledger.record('U1', 5, seen('a', 'label1'));
  const again = { content: 'a', label: 'label2' };
  assert.ok(ledger.original('U1', 5, again, T0 + 59_999));
  assert.equal(ledger.original('U1', 5, again, T0 + 60_000), undefined);
  assert.equal(ledger.original('U1', 6, again, T0 + 1), undefined);
  assert.equal(ledger.original('U2', 5, again, T0 + 1), undefined);
});

test('with the same sending time it is a resend however late; a time that is none proves nothing', () => {
  const ledger = new ResendLedger();
  ledger.record('U1', 5, seen('a', 'label1'));
  ledger.record('U1', 6, seen('a'));
  assert.ok(ledger.original('U1', 5, { content: 'a', label: 'label1' }, T0 + 3_600_000));
  assert.equal(ledger.original('U1', 6, { content: 'a', label: '' }, T0 + 3_600_000), undefined);
});

test('a counter that stands still does not hide the second fire: only the newest content of a serial is compared', () => {
  const ledger = new ResendLedger();
  ledger.record('U1', 0, seen('fire'));
  ledger.record('U1', 0, seen('normal', '', T0 + 1_000));
  assert.equal(ledger.original('U1', 0, { content: 'fire', label: '' }, T0 + 2_000), undefined);
});

test('what did not become durable is forgotten, and memory is bounded', () => {
  const ledger = new ResendLedger();
  const first = seen('a');
  ledger.record('U1', 1, first);
  ledger.forget('U1', 1, first);
  assert.equal(ledger.original('U1', 1, first, T0), undefined);
  for (let serial = 0; serial < 5_000; serial++) ledger.record('U1', serial, seen('a'));
  assert.equal(ledger.original('U1', 0, seen('a'), T0), undefined);
  assert.ok(ledger.original('U1', 4_999, seen('a'), T0));
});
