import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { LiveBus } from '../situation/live-bus.ts';
import type { Caller } from '../access/callers.ts';
import { LiveFeed } from './live-feed.ts';

/** A feed that tells on what it hears, a program that listens, and what it may. */
async function mirror(t: TestContext) {
  const rights: { caller: Caller | undefined; changed: () => void } = {
    caller: { username: 'reader', role: 'display', permissions: new Set(['alarm.read']), scope: { venues: 'all' } },
    changed: () => undefined,
  };
  const upstream = {
    isFollowing: true,
    heardAt: performance.now(),
    pass: (): void => undefined,
    onHeartbeat: (pass: () => void): void => void (upstream.pass = pass),
  };
  const feed = new LiveFeed({
    bus: new LiveBus(0),
    clock: { now: () => 1_000 },
    snapshot: () => ({
      ...{ alarms: [], values: [], presence: [], commands: [] },
      ...{ workOrders: [], isolations: [], incidents: [] },
    }),
    accounts: {
      callerOfLogin: () => undefined,
      callerOfToken: () => rights.caller,
      onChanged: (listener) => {
        rights.changed = listener;
        return () => undefined;
      },
    },
    upstream,
  });
  const server = createServer().on('upgrade', (request, socket, head: Buffer) => feed.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    await feed.close();
    server.close();
  });
  const { port } = server.address() as { port: number };
  /** Subscribes; what comes until the door closes, or until there are `count` frames. */
  const listen = async (cursor?: string) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`);
    const frames: { readonly type: string; readonly cursor?: string }[] = [];
    const closed = once(ws, 'close').then(([code]) => code as number);
    ws.on('message', (data) => void frames.push(JSON.parse((data as Buffer).toString()) as (typeof frames)[number]));
    await once(ws, 'open');
    ws.send('{"type":"auth","token":"t"}');
    ws.send(JSON.stringify({ type: 'subscribe', topics: ['alarms'], ...(cursor !== undefined && { cursor }) }));
    const frame = async (): Promise<void> => void (await once(ws, 'message'));
    return { ws, frames, closed, frame };
  };
  return { upstream, listen, rights };
}

test('a feed that is told on passes heartbeats on and has none of its own', async (t) => {
  const { upstream, listen } = await mirror(t);
  const { frames, frame } = await listen();
  await frame();
  upstream.pass();
  await frame();
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['snapshot', 'heartbeat'],
  );
});

test('while what it hears is away or silent, nobody who subscribes is told that it is the present', async (t) => {
  const { upstream, listen } = await mirror(t);
  const first = await listen();
  await first.frame();
  const cursor = first.frames[0]?.cursor;
  assert.notEqual(cursor, undefined);
  upstream.isFollowing = false;
  for (const given of [cursor, undefined]) {
    const { closed, frames } = await listen(given);
    assert.equal(await closed, 1013);
    assert.deepEqual(frames, []);
  }
  upstream.isFollowing = true;
  upstream.heardAt = performance.now() - 7_500;
  assert.equal(await (await listen(cursor)).closed, 1013);
  upstream.heardAt = performance.now();
  const again = await listen(cursor);
  await again.frame();
  assert.equal(again.frames[0]?.type, 'heartbeat');
});

test('who listens is let go when it has been away for longer than a take-over', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { upstream, listen } = await mirror(t);
  const { closed, frame, frames } = await listen();
  await frame();
  upstream.isFollowing = false;
  upstream.heardAt = performance.now() - 11_000;
  t.mock.timers.tick(1_000);
  upstream.heardAt = performance.now() - 13_000;
  t.mock.timers.tick(1_000);
  assert.equal(await closed, 1013);
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['snapshot'],
  );
});

test('rights that change hold at once on what is open: it begins anew, and ends when none are left', async (t) => {
  const { listen, rights } = await mirror(t);
  const { ws, frames, frame, closed } = await listen();
  await frame();
  rights.changed();
  assert.ok(rights.caller);
  rights.caller = { ...rights.caller, scope: { venues: ['V1'] } };
  rights.changed();
  await frame();
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['snapshot', 'resync'],
    'what changes nothing is not told',
  );
  ws.send(JSON.stringify({ type: 'subscribe', topics: ['alarms'] }));
  await frame();
  rights.caller = { ...rights.caller, permissions: new Set() };
  rights.changed();
  await frame();
  assert.deepEqual(
    frames.slice(2).map(({ type }) => type),
    ['snapshot', 'resync'],
  );
  rights.caller = undefined;
  rights.changed();
  assert.equal(await closed, 4401);
});
