import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CommandOrder } from '@fengsui/protocol';
import canonicalize from 'canonicalize';
import { createCentreClock } from './centre-clock.ts';
import { createCommandGate } from './command-gate.ts';
import { memoryNonceBook, openNonceBook, type NonceBook } from './nonce-book.ts';
import { pinnedKeys } from './pinned-keys.ts';

const T0 = 1_763_718_000_000;

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const keyId = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);
  return { privateKey, keyId, publicKey: x };
}

const centre = keyPair();

type Wire = Record<string, unknown>;

/** Signed by another implementation of RFC 8785. */
function signed(change: Wire = {}, key: KeyObject = centre.privateKey): Wire {
  const command = {
    id: 'n1',
    deviceId: 'D1',
    name: 'read',
    args: { points: ['c1.currentA', 'temperaturé'] },
    issuedAt: T0,
    expiresAt: T0 + 30_000,
    keyId: centre.keyId,
    ...change,
  };
  return { ...command, signature: sign(null, Buffer.from(canonicalize(command) ?? ''), key).toString('base64url') };
}

type GateOptions = { readonly nonces?: NonceBook; readonly heardAt?: number; readonly afterMs?: number };

function openGate({ nonces, heardAt = T0, afterMs = 100 }: GateOptions = {}) {
  const obeyed: CommandOrder[] = [];
  let elapsed = 0;
  const clock = createCentreClock(() => elapsed);
  if (Number.isFinite(heardAt)) clock.hear(heardAt);
  elapsed = afterMs;
  const gate = createCommandGate({
    deviceId: 'D1',
    keys: pinnedKeys([centre]),
    clock,
    nonces: nonces ?? memoryNonceBook(clock),
    obey: (order) => {
      obeyed.push(order);
      return { ok: true, result: { did: order.name } };
    },
    now: () => T0 + 5,
  });
  const answer = async (message: Wire | string): Promise<Wire | undefined> => {
    const payload = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
    const reply = await gate.answer(payload);
    return reply === undefined ? undefined : (JSON.parse(Buffer.from(reply).toString('utf8')) as Wire);
  };
  const refusal = async (message: Wire | string): Promise<unknown> => {
    const reply = await answer(message);
    assert.equal(reply?.['ok'], false);
    return (reply['result'] as Wire)['refused'];
  };
  return { answer, refusal, obeyed, pass: (ms: number) => (elapsed += ms) };
}

test('a command signed by a pinned key, alive and new, is done once and read back', async () => {
  const { answer, refusal, obeyed } = openGate();
  assert.deepEqual(await answer(signed()), { id: 'n1', ok: true, result: { did: 'read' }, at: T0 + 5 });
  assert.equal(await refusal(signed()), 'replayed');
  assert.deepEqual(obeyed, [{ name: 'read', args: { points: ['c1.currentA', 'temperaturé'] } }]);
});

test('whatever is changed after signing, or signed by somebody else, is refused', async () => {
  const { refusal, obeyed } = openGate();
  const stranger = keyPair();
  const { signature, ...unsigned } = signed();
  const rows: readonly [Wire, string][] = [
    [unsigned, 'malformed'],
    [{ ...signed(), args: { points: [] } }, 'badSignature'],
    [{ ...signed(), name: 'selfTest' }, 'badSignature'],
    [{ ...signed(), expiresAt: T0 + 29_000 }, 'badSignature'],
    [{ ...signed(), id: 'n2' }, 'badSignature'],
    [{ ...signed(), signature: `${String(signature).slice(0, -1)}B` }, 'badSignature'],
    [{ ...signed(), extra: 1 }, 'malformed'],
    [signed({}, stranger.privateKey), 'badSignature'],
    [signed({ keyId: stranger.keyId }, stranger.privateKey), 'unknownKey'],
    [signed({ deviceId: 'D2' }), 'otherDevice'],
    [signed({ name: 'selfDestruct', id: 'n3' }), 'unknownCommand'],
    [signed({ args: { volts: 9 }, id: 'n4' }), 'unknownCommand'],
  ];
  for (const [message, code] of rows) assert.equal(await refusal(message), code, JSON.stringify(message));
  assert.deepEqual(obeyed, []);
});

test('a command lives by the clock of the centre, for 30 s at most', async () => {
  const { refusal, answer, pass } = openGate();
  assert.equal(await refusal(signed({ expiresAt: T0 + 30_001 })), 'lifetimeTooLong');
  assert.equal(await refusal(signed({ issuedAt: T0 + 1, expiresAt: T0 })), 'lifetimeTooLong');
  assert.equal(await refusal(signed({ issuedAt: T0 + 6_000 })), 'notYetValid');
  pass(29_800);
  assert.equal((await answer(signed({ id: 'in-time' })))?.['ok'], true);
  pass(200);
  assert.equal(await refusal(signed({ id: 'late' })), 'expired');
  assert.equal(await openGate({ heardAt: NaN }).refusal(signed()), 'clockUnknown');
});

test('what cannot be read is left alone when it has no id to reply to', async () => {
  const { answer, refusal } = openGate();
  for (const text of ['', '{', '[]', '{"id":"a/b"}', '{"id":7}']) assert.equal(await answer(text), undefined, text);
  assert.equal(await refusal('{"id":"n9"}'), 'malformed');
});

function withFile(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-nonces-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'd1.nonces.json');
}

test('a command that was taken before a restart is refused after it', async (context) => {
  const file = withFile(context);
  assert.equal((await openGate({ nonces: openNonceBook(file) }).answer(signed()))?.['ok'], true);
  const second = openGate({ nonces: openNonceBook(file) });
  assert.equal(await second.refusal(signed()), 'replayed');
  assert.equal((await second.answer(signed({ id: 'n2' })))?.['ok'], true);
  writeFileSync(file, '{"floor":0}');
  assert.throws(() => openNonceBook(file), /d1\.nonces\.json: expected/);
});

test('without a file no command of before the start is taken', async () => {
  const { refusal, answer } = openGate({ heardAt: T0 + 5_000 });
  assert.equal(await refusal(signed({ id: 'before' })), 'replayed');
  assert.equal((await answer(signed({ id: 'after', issuedAt: T0 + 5_000 })))?.['ok'], true);
});

test('a clock that is set back brings no forgotten command to life', async (context) => {
  const nonces = openNonceBook(withFile(context));
  assert.equal((await openGate({ nonces }).answer(signed()))?.['ok'], true);
  const later = T0 + 60_000;
  const next = { id: 'n2', issuedAt: later, expiresAt: later + 30_000 };
  assert.equal((await openGate({ nonces, heardAt: later }).answer(signed(next)))?.['ok'], true);
  assert.equal(await openGate({ nonces, heardAt: T0 }).refusal(signed()), 'replayed');
});

test('an id that cannot be kept means that nothing is done', async () => {
  const nonces: NonceBook = {
    isReplay: () => false,
    take: () => {
      throw new Error('no space left on device');
    },
  };
  const { refusal, obeyed } = openGate({ nonces });
  assert.equal(await refusal(signed()), 'notKept');
  assert.deepEqual(obeyed, []);
});

test('a key under a wrong name, or one that is none, is refused at the start', () => {
  const { keyId, publicKey } = centre;
  assert.throws(() => pinnedKeys([{ keyId: 'k1', publicKey }]), /k1: the key's own id is/);
  assert.throws(() => pinnedKeys([{ keyId, publicKey: `${publicKey}=` }]), /expected base64url of 32 bytes/);
  assert.throws(() => pinnedKeys([{ keyId, publicKey: publicKey.slice(1) }]), /expected base64url of 32 bytes/);
});
