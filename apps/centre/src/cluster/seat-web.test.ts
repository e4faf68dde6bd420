import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { LiveBus } from '../situation/live-bus.ts';
import { openSeatWeb } from './seat-web.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** What a door for seats answers to an act, with the centre that leads at `leader`. */
async function act(t: TestContext, leader: string | undefined): Promise<readonly [number, string, string | null]> {
  const web = await openSeatWeb({
    host: '127.0.0.1',
    port: 0,
    console: { folder: import.meta.dirname, isBuilding: () => false },
    log,
    version: '1.2.3',
    feed: {
      bus: new LiveBus(0),
      clock: { now: () => 0 },
      snapshot: () => ({
        ...{ alarms: [], values: [], presence: [], commands: [] },
        ...{ workOrders: [], isolations: [], incidents: [] },
      }),
      accounts: { callerOfLogin: () => undefined, callerOfToken: () => undefined },
    },
    leader: () => (leader === undefined ? undefined : { url: leader, key: 'key-1' }),
    troubles: () => [],
  });
  t.after(() => web.close());
  const response = await fetch(`http://127.0.0.1:${web.port}/api/v1/alarms/a1/acknowledge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { code } = (await response.json()) as { code: string };
  return [response.status, code, response.headers.get('retry-after')];
}

/** A centre that takes every question and hangs up. */
async function hangingUp(t: TestContext): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request) => {
    request.resume().on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      request.socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked };
}

test('an act that nobody could be asked for is refused as not done', async (t) => {
  assert.deepEqual(await act(t, undefined), [503, 'centreAway', '2']);
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as { port: number };
  gone.close();
  await once(gone, 'close');
  assert.deepEqual(await act(t, `http://127.0.0.1:${port}`), [503, 'centreAway', '2']);
});

test('an act whose answer was lost is not said to be undone, and is not asked for again', async (t) => {
  const { url, asked } = await hangingUp(t);
  assert.deepEqual(await act(t, url), [503, 'centreSilent', '2']);
  assert.deepEqual(asked, ['POST /api/v1/alarms/a1/acknowledge']);
});
