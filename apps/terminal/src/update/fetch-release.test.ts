import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, beforeEach, test } from 'node:test';
import type { ReleaseManifest } from '@fengsui/protocol';
import { fetchRelease, type FetchOptions } from './fetch-release.ts';
import { UpdateFailure } from './update-failure.ts';

const content = randomBytes(300_000);
const manifest = {
  kind: 'model',
  name: 'm',
  version: '2',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
} as ReleaseManifest;

let folder: string;
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[];
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-fetch-'));
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const options = (file: string, more: Partial<FetchOptions> = {}): FetchOptions => ({
  base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  deviceId: 'D1',
  secret: 's3',
  manifest,
  file: path.join(folder, file),
  signal: new AbortController().signal,
  bytesPerSecond: 1e9,
  firstPauseMs: 5,
  ...more,
});

function whole(request: IncomingMessage, response: ServerResponse): void {
  const [, first = '0'] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
  response.end(content.subarray(from));
}

async function longerThan(file: string, bytes: number): Promise<void> {
  while (((await stat(file).catch(() => undefined))?.size ?? 0) <= bytes) await sleep(5);
}

const failsWith = async (work: Promise<void>, code: string): Promise<void> => {
  await assert.rejects(work, (error: unknown) => error instanceof UpdateFailure && error.code === code);
};

test('a file is fetched with the device secret, and goes on where the line broke', async () => {
  answer = (request, response) => {
    if (asked.length > 2) return whole(request, response);
    response.writeHead(request.headers.range === undefined ? 200 : 206, { 'content-length': content.length });
    const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    response.write(content.subarray(from, from + 100_000));
    // Not before some of it is kept: what a broken line had brought and nobody had read is lost with it.
    void longerThan(path.join(folder, 'broken-off'), from).then(() => response.destroy());
  };
  await fetchRelease(options('broken-off'));
  assert.deepEqual(await readFile(path.join(folder, 'broken-off')), content);
  assert.equal(asked[0]?.url, '/api/v1/releases/model-m-2/file');
  assert.equal(asked[0]?.headers.authorization, `Basic ${Buffer.from('D1:s3').toString('base64')}`);
  assert.match(asked.at(-1)?.headers.range ?? '', /^bytes=[1-9]\d*-$/, 'not from the beginning again');
});

test('one byte changed on the way, or more than was announced, is refused and deleted', async () => {
  const changed = Buffer.from(content);
  changed.writeUInt8(changed.readUInt8(1000) ^ 1, 1000);
  answer = (_request, response) => response.end(changed);
  await failsWith(fetchRelease(options('changed')), 'wrongContent');
  await assert.rejects(stat(path.join(folder, 'changed')), /ENOENT/);
  answer = (_request, response) => response.end(Buffer.concat([content, Buffer.alloc(10)]));
  await failsWith(fetchRelease(options('longer')), 'wrongContent');
  await assert.rejects(stat(path.join(folder, 'longer')), /ENOENT/);
});

test('a refusal is not asked again; a centre that is busy is, for so many times', async () => {
  answer = (_request, response) => response.writeHead(403).end();
  await failsWith(fetchRelease(options('refused')), 'notOffered');
  assert.equal(asked.length, 1);
  asked = [];
  answer = (request, response) => (asked.length < 3 ? response.writeHead(503).end() : whole(request, response));
  await fetchRelease(options('busy'));
  assert.equal(asked.length, 3);
  asked = [];
  answer = (_request, response) => response.writeHead(503).end();
  await failsWith(fetchRelease(options('down', { firstPauseMs: 1 })), 'fetchFailed');
  assert.equal(asked.length, 8);
});

test('what is there already is not fetched again, and giving up ends it at once', async () => {
  await writeFile(path.join(folder, 'there'), content);
  answer = () => assert.fail('asked for what is there');
  await fetchRelease(options('there'));
  assert.equal(asked.length, 0);
  const abort = new AbortController();
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 10), () => abort.abort());
  };
  await failsWith(fetchRelease(options('given-up', { signal: abort.signal })), 'givenUp');
});
