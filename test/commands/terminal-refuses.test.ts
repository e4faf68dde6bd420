import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { TestBroker } from '../../apps/terminal/test/test-broker.ts';
import { eventually } from '../contract/client/eventually.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';

const TIMEOUT = { timeout: 300_000 };
const COMMAND = 'fengsui/v1/D1/command';

let broker: TestBroker;
let folder: string;
let keysFile: string;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const { x = '' } = publicKey.export({ format: 'jwk' });
const keyId = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);

before(async () => {
  broker = await TestBroker.start();
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-refuses-'));
  keysFile = path.join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify({ commandKeys: [{ keyId, publicKey: x }] }));
});
after(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Members in the order of RFC 8785, by hand: no member name here needs more than that. */
function signed(change: Record<string, unknown> = {}): string {
  const now = Date.now();
  const command: Record<string, unknown> = {
    args: { points: [] },
    deviceId: 'D1',
    expiresAt: now + 20_000,
    id: `n-${now}-${Math.round(performance.now() * 1000)}`,
    issuedAt: now,
    keyId,
    name: 'read',
    ...change,
  };
  const text = JSON.stringify(command);
  return JSON.stringify({ ...command, signature: sign(null, Buffer.from(text), privateKey).toString('base64url') });
}

type Reply = { readonly id: string; readonly ok: boolean; readonly result: { readonly refused?: string } };

const replies = (): Reply[] =>
  broker.received
    .filter(({ topic }) => topic.endsWith('/reply'))
    .map(({ payload }) => JSON.parse(payload.toString('utf8')) as Reply);

async function answerTo(payload: string): Promise<Reply> {
  const before = replies().length;
  broker.send(COMMAND, payload);
  return eventually('a reply', () => replies()[before]);
}

async function started(): Promise<TerminalProcess> {
  const subscribed = broker.subscribed.length;
  const source = ['--source', 'city:normal?seed=7&circuits=1', '--state', path.join(folder, 'd1.json')];
  const terminal = new TerminalProcess(
    [...source, '--device', 'D1', '--centre', broker.url, '--command-keys', keysFile, '--no-loads'],
    's3cret',
  );
  await terminal.says(/connected to/);
  await eventually('the subscription', () => broker.subscribed.slice(subscribed).includes(COMMAND));
  return terminal;
}

test('the terminal obeys a signed command once, and refuses every other with its reason', TIMEOUT, async () => {
  const first = await started();
  let kept = '';
  try {
    assert.equal((await answerTo(signed())).result.refused, 'clockUnknown');
    broker.send('fengsui/v1/D1/time', JSON.stringify({ at: Date.now() }));
    const taken = signed();
    const done = await answerTo(taken);
    assert.equal(done.ok, true, JSON.stringify(done));
    const now = Date.now();
    const { signature: _none, ...unsigned } = JSON.parse(signed()) as Record<string, unknown>;
    const rows: readonly [string, string][] = [
      [taken, 'replayed'],
      [JSON.stringify(unsigned), 'malformed'],
      [signed({ issuedAt: now - 40_000, expiresAt: now - 10_000 }), 'expired'],
      [signed({ expiresAt: now + 60_000 }), 'lifetimeTooLong'],
      [signed({ deviceId: 'D2' }), 'otherDevice'],
      [signed({ keyId: '0'.repeat(16) }), 'unknownKey'],
      [signed().replace('"points":[]', '"points":["c1.currentA"]'), 'badSignature'],
      [signed({ args: { circuit: 'c1' }, name: 'breakerOpen' }), 'protectedLoad'],
      [signed({ args: { circuit: 'c1' }, name: 'breakerClose' }), 'onSiteOnly'],
      [signed({ args: {}, name: 'valveClose' }), 'notEquipped'],
      [signed({ args: {}, name: 'format' }), 'unknownCommand'],
    ];
    for (const [payload, code] of rows) {
      const reply = await answerTo(payload);
      assert.deepEqual([reply.ok, reply.result.refused], [false, code], payload);
    }
    // As long as a command may live: it is replayed after the next start.
    kept = signed({ expiresAt: Date.now() + 30_000 });
    assert.equal((await answerTo(kept)).ok, true);
  } finally {
    await first.kill9();
  }
  const second = await started();
  try {
    broker.send('fengsui/v1/D1/time', JSON.stringify({ at: Date.now() }));
    assert.equal((await answerTo(kept)).result.refused, 'replayed', 'also after kill -9');
    assert.equal((await answerTo(signed())).ok, true);
  } finally {
    await second.stop();
  }
});
