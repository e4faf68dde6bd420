import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCommand, encodeCommand } from './command.ts';
import { encodeUtf8 } from './utf8.ts';

const command = {
  id: 'n-1',
  deviceId: 't1',
  name: 'openBreaker',
  args: { circuit: 'c1' },
  issuedAt: 1763718000000,
  expiresAt: 1763718030000,
  keyId: 'k1',
  signature: 'A'.repeat(86),
};

test('an encoded command is decoded to itself', () => {
  assert.deepEqual(decodeCommand(encodeCommand(command)), { kind: 'command', command });
});

test('a command with a missing, wrong or foreign field is discarded with the field', () => {
  const rows: [object, RegExp][] = [
    [{ signature: 'A'.repeat(85) }, /signature/],
    [{ signature: `${'A'.repeat(85)}+` }, /signature/],
    [{ deviceId: 'a/b' }, /deviceId/],
    [{ issuedAt: 1.5 }, /issuedAt/],
    [{ args: [] }, /args/],
    [{ priority: 1 }, /priority|additional/],
  ];
  for (const [change, detail] of rows) {
    const decoded = decodeCommand(encodeUtf8(JSON.stringify({ ...command, ...change })));
    assert.ok(decoded.kind === 'discarded');
    assert.match(decoded.detail, detail);
  }
  const { name: _name, ...nameless } = command;
  const decoded = decodeCommand(encodeUtf8(JSON.stringify(nameless)));
  assert.ok(decoded.kind === 'discarded');
  assert.match(decoded.detail, /name/);
});

test('a command with a key written twice is discarded', () => {
  const text = JSON.stringify(command).replace('"name"', '"name":"closeBreaker","name"');
  assert.equal(decodeCommand(encodeUtf8(text)).kind, 'discarded');
});
