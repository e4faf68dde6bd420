import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { encodeModel, shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import { manifestBytes, type ReleaseManifest, type UpdateEvidence } from '@fengsui/protocol';
import { pinnedKeys } from '../command/pinned-keys.ts';
import { createUpdateDesk, type UpdateDesk } from './update-desk.ts';

const PROBATION_MS = 60_000;
const { privateKey } = generateKeyPairSync('ed25519');
const { x: publicKey = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
const keyId = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16);

let folder: string;
let server: Server;
const files = new Map<string, Buffer>();
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-desk-'));
  server = createServer((request, response) => {
    const content = files.get(request.url ?? '');
    if (content === undefined) response.writeHead(403).end();
    else response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** A model of this version on the server, with its manifest; the file may call itself otherwise. */
function offer(version: string, named = version): ReleaseManifest {
  const content = Buffer.from(encodeModel({ ...shippedModel(), version: named }));
  files.set(`/api/v1/releases/model-fengsui-city-${version}/file`, content);
  const unsigned = {
    ...({ format: 'fengsui-release', schemaVersion: 1, kind: 'model', name: 'fengsui-city', version } as const),
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    requires: {},
    notes: { zh: '', en: '' },
    createdAt: 1,
    keyId,
  };
  return { ...unsigned, signature: sign(null, manifestBytes(unsigned), privateKey).toString('base64url') };
}

/** A terminal as far as updates reach it: what it recognises with, what it tells, and a clock that is set by hand. */
class Bench {
  readonly file: string;
  readonly told: UpdateEvidence[] = [];
  now = 1_000_000;
  isConnected = true;
  isSampling = true;
  model: RecognitionModel;
  desk: UpdateDesk;
  #heard: (() => void)[] = [];

  constructor(name: string) {
    this.file = path.join(folder, `${name}.update.json`);
    this.desk = this.#open();
    this.model = this.#begin();
  }

  #open(): UpdateDesk {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return createUpdateDesk({
      file: this.file,
      keys: pinnedKeys([{ keyId, publicKey }]),
      deviceModel: 'generic-terminal',
      terminalVersion: '1',
      restart: () => assert.fail('no program is changed here'),
      now: () => this.now,
      fetch: { base, deviceId: 'D', secret: 's', firstPauseMs: 1 },
      probationMs: PROBATION_MS,
    });
  }

  #begin(): RecognitionModel {
    const model = this.desk.model();
    this.desk.begin({
      useModel: async (next) => void (this.model = next),
      enrolled: () => [],
      isConnected: () => this.isConnected,
      selfTest: () => ({ sampling: { ok: this.isSampling, detail: 'said by the test' } }),
      tell: (evidence) => {
        this.told.push(evidence);
        for (const wake of this.#heard.splice(0)) wake();
      },
    });
    return model;
  }

  /** The process ends, however, and another begins. */
  restart(): void {
    this.desk.close();
    this.desk = this.#open();
    this.model = this.#begin();
  }

  later(ms: number): void {
    this.now += ms;
    this.desk.tick();
  }

  async says(count: number): Promise<readonly string[]> {
    while (this.told.length < count) await new Promise<void>((resolve) => this.#heard.push(resolve));
    return this.told.map(({ state, code, running }) =>
      [state, ...(code === undefined ? [] : [code]), running].join(' '),
    );
  }
}

test('a model is on probation until it has been well, then it runs; the one before comes back on order', async () => {
  const bench = new Bench('well');
  const manifest = offer('2');
  assert.deepEqual(bench.desk.take('r', manifest), { ok: true, result: { state: 'accepted', running: '1' } });
  assert.deepEqual(await bench.says(1), ['trying 2']);
  assert.equal(bench.model.version, '2');
  assert.ok('refused' in bench.desk.take('other', offer('3')), 'one at a time');
  bench.later(2_000);
  bench.later(PROBATION_MS / 10 + 1);
  assert.deepEqual(await bench.says(2), ['trying 2', 'running 2']);
  assert.deepEqual(bench.desk.take('r', manifest), { ok: true, result: { state: 'running', running: '2' } });
  assert.deepEqual(await bench.desk.rollBack('r', 'model', '2'), {
    ok: true,
    result: { state: 'rolledBack', running: '1' },
  });
  assert.equal(bench.model.version, '1');
  const again = await bench.desk.rollBack('r', 'model', '2');
  assert.equal('refused' in again && again.refused, 'notRunning');
});

test('a model under which something is wrong that was not before goes back when the probation is over', async () => {
  const bench = new Bench('ill');
  bench.desk.take('r', offer('2'));
  await bench.says(1);
  bench.isSampling = false;
  bench.later(PROBATION_MS - 1_000);
  assert.equal(bench.model.version, '2', 'it has its time');
  bench.later(2_000);
  assert.deepEqual(await bench.says(2), ['trying 2', 'failed notHealthy 1']);
  assert.equal(bench.model.version, '1');
});

test('what was wrong before is not the fault of the model', async () => {
  const bench = new Bench('before');
  bench.isSampling = false;
  bench.desk.take('r', offer('2'));
  await bench.says(1);
  bench.later(2_000);
  bench.later(PROBATION_MS / 10 + 1);
  assert.deepEqual(await bench.says(2), ['trying 2', 'running 2']);
});

test('a model under which the terminal does not stay up is left at the fourth start', async () => {
  const bench = new Bench('loop');
  bench.desk.take('r', offer('2'));
  await bench.says(1);
  for (let start = 1; start <= 3; start++) {
    bench.restart();
    assert.equal(bench.model.version, '2');
  }
  bench.restart();
  assert.equal(bench.model.version, '1');
  assert.deepEqual(await bench.says(2), ['trying 2', 'failed restarts 1']);
});

test('a file that calls itself otherwise, one that is damaged later, and one that is not there are told and not used', async () => {
  const bench = new Bench('files');
  bench.desk.take('r1', offer('2', '7'));
  assert.deepEqual(await bench.says(1), ['failed wrongContent 1']);
  const missing = offer('3');
  files.delete('/api/v1/releases/model-fengsui-city-3/file');
  // The one before has to be over: it is told before that.
  while ('refused' in bench.desk.take('r2', missing)) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await bench.says(2)).at(-1), 'failed notOffered 1');
  const good = offer('4');
  while ('refused' in bench.desk.take('r3', good)) await new Promise((resolve) => setImmediate(resolve));
  await bench.says(3);
  bench.later(2_000);
  bench.later(PROBATION_MS / 10 + 1);
  assert.equal((await bench.says(4)).at(-1), 'running 4');
  const file = path.join(folder, `files.model-${good.sha256.slice(0, 16)}.json`);
  assert.ok(existsSync(file));
  await writeFile(file, '{"format":"damaged"}');
  bench.restart();
  assert.equal(bench.model.version, '1', 'the shipped one is always there');
  assert.equal((await bench.says(5)).at(-1), 'failed notAModel 1');
});

test('an update that the end of the process cut off is taken up again', async () => {
  const bench = new Bench('cut');
  bench.desk.take('r', offer('2'));
  // At once: nothing of it has been fetched.
  bench.restart();
  assert.deepEqual(await bench.says(1), ['trying 2']);
  assert.equal(bench.model.version, '2');
});
