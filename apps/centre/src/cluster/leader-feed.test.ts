import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { LiveServerFrame } from '@fengsui/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { LeaderFeed } from './leader-feed.ts';

const PATIENCE_MS = 30_000;

/** A centre that says what a test has it say. */
async function centre(t: TestContext, silentMs?: number) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const sockets: WebSocket[] = [];
  const heard: Record<string, unknown>[] = [];
  server.on('connection', (ws) => {
    sockets.push(ws);
    ws.on('message', (data) => void heard.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>));
  });
  const told: string[] = [];
  const feed = new LeaderFeed({
    mirror: {
      replace: ({ cursor }) => void told.push(`snapshot ${cursor}`),
      apply: ({ cursor }) => void told.push(`batch ${cursor}`),
    },
    log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
    retryMs: 10,
    ...(silentMs !== undefined && { silentMs }),
  });
  t.after(async () => {
    await feed.stop();
    for (const ws of sockets) ws.terminate();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const place = { url: `http://127.0.0.1:${port}`, key: 'key-1' };
  const say = (frame: Partial<LiveServerFrame>): void => sockets.at(-1)?.send(JSON.stringify(frame));
  return { feed, place, sockets, heard, told, say };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(performance.now() < endsAt, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('it asks for everything with the key, and goes on behind its cursor after a break', async (t) => {
  const { feed, place, sockets, heard, told, say } = await centre(t);
  assert.match(feed.trouble ?? '', /no centre/);
  feed.follow(place);
  await until('the questions', () => heard.length === 2);
  const topics = ['alarms', 'values', 'presence', 'commands', 'workOrders', 'isolations', 'incidents'];
  assert.deepEqual(heard.splice(0), [
    { type: 'auth', token: 'key-1' },
    { type: 'subscribe', topics },
  ]);
  say({ type: 'snapshot', n: 1, cursor: 'x' });
  say({ type: 'batch', n: 2, cursor: 'y' });
  say({ type: 'heartbeat', n: 3 });
  await until('both', () => told.length === 2);
  assert.equal(feed.trouble, undefined);
  sockets[0]?.terminate();
  await until('the questions again', () => heard.length === 2);
  assert.deepEqual(heard[1], { type: 'subscribe', topics, cursor: 'y' });
  assert.match(feed.trouble ?? '', /closed the live feed|ECONNRESET|socket/);
  say({ type: 'heartbeat', n: 1 });
  await until('it follows', () => feed.trouble === undefined);
  assert.deepEqual(told, ['snapshot x', 'batch y']);
});

test('a resync makes it ask for a snapshot, a frame that is missing for a new connection', async (t) => {
  const { feed, place, sockets, heard, told, say } = await centre(t);
  feed.follow(place);
  await until('a connection', () => heard.length === 2);
  say({ type: 'snapshot', n: 1, cursor: 'x' });
  say({ type: 'resync' });
  await until('the question without a cursor', () => heard.length === 3);
  assert.equal(heard[2]?.['cursor'], undefined);
  say({ type: 'snapshot', n: 2, cursor: 'z' });
  say({ type: 'batch', n: 4, cursor: 'lost' });
  await until('another connection', () => sockets.length === 2);
  assert.deepEqual(told, ['snapshot x', 'snapshot z']);
});

test('what cannot be understood ends the connection, not the process, and everything is asked for anew', async (t) => {
  const { feed, place, sockets, heard, say } = await centre(t);
  feed.follow(place);
  await until('a connection', () => heard.length === 2);
  say({ type: 'snapshot', n: 1, cursor: 'x' });
  sockets[0]?.send('{"type":"batch",');
  await until('another connection', () => heard.length === 4);
  assert.equal(heard[3]?.['cursor'], undefined);
});

test('a centre that is silent, or another one that leads, is left for a new connection', async (t) => {
  const { feed, place, sockets } = await centre(t, 100);
  feed.follow(place);
  await until('a second connection', () => sockets.length >= 2);
  const count = sockets.length;
  feed.follow({ ...place, key: 'key-2' });
  await until('another one', () => sockets.length > count);
  assert.notEqual(feed.trouble, undefined);
});

test('its heartbeats are passed on, and when it was heard last stays known behind its end', async (t) => {
  const { feed, place, sockets, heard, say } = await centre(t);
  let passed = 0;
  feed.onHeartbeat(() => passed++);
  assert.deepEqual([feed.isFollowing, feed.heardAt], [false, -Infinity]);
  feed.follow(place);
  await until('a connection', () => heard.length === 2);
  say({ type: 'snapshot', n: 1, cursor: 'x' });
  await until('the snapshot', () => feed.isFollowing);
  assert.equal(passed, 0);
  const before = performance.now();
  say({ type: 'heartbeat', n: 2 });
  await until('the heartbeat', () => passed === 1);
  assert.ok(feed.heardAt >= before);
  sockets[0]?.terminate();
  await until('its end', () => !feed.isFollowing);
  assert.ok(feed.heardAt >= before);
});
