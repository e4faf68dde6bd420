import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteCanary } from './remote-canary.ts';
import { Registry } from '../registry/registry.ts';
import { firstSessionOf, gatewayOfSession, MOST_GATEWAYS } from './cluster-words.ts';
import { GatewayDirectory } from './gateway-directory.ts';
import { GatewayPost, type GatewayPostOptions } from './gateway-post.ts';
import { MemoryBus } from './memory-bus.fixture.ts';
import { RemoteDoors } from './remote-doors.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

class Cluster {
  readonly bus = new MemoryBus();
  readonly sessions = new Map<string, number>();
  readonly secretsUsed: string[] = [];
  readonly sent: string[] = [];
  readonly superseded: string[] = [];
  readonly canaries: number[] = [];
  now = 0;
  readonly directory = new GatewayDirectory({
    bus: this.bus,
    prefix: 'p',
    log,
    onSecretUsed: (deviceId) => this.secretsUsed.push(deviceId),
    now: () => this.now,
  });
  readonly registry = new Registry();
  readonly doors = new RemoteDoors({
    bus: this.bus,
    prefix: 'p',
    directory: this.directory,
    registry: this.registry,
    sessionOf: (deviceId) => this.sessions.get(deviceId),
  });

  async gateway(number: number, options: Partial<GatewayPostOptions> = {}): Promise<GatewayPost> {
    const post = new GatewayPost({
      bus: this.bus,
      prefix: 'p',
      gateway: number,
      figures: () => ({ holder: `g${number}`, sessions: 10, waiting: 1, received: 100, sources: { s: number } }),
      send: (deviceId, payload) => {
        this.sent.push(`g${number} ${deviceId} ${Buffer.from(payload).toString('utf8')}`);
        return true;
      },
      sendCanary: () => Promise.resolve(this.canaries.push(number) > 0),
      superseded: (deviceId) => this.superseded.push(`g${number} ${deviceId}`),
      everyMs: 3_600_000,
      ...options,
    });
    post.start();
    await turn();
    return post;
  }
}

const order = new TextEncoder().encode('{"name":"电"}');

test('an order goes to the gateway that has the session of the device, or of the device it stands behind', async () => {
  const cluster = new Cluster();
  await cluster.doors.start();
  const posts = [await cluster.gateway(1), await cluster.gateway(2)];
  const common = { venueId: 'v', origin: 'live', reportingIntervalMs: 60_000 } as const;
  cluster.registry.apply({ kind: 'devicePut', device: { ...common, id: 'parent', model: 'generic-gateway' } });
  const child = { ...common, id: 'child', model: 'generic-smoke', parentId: 'parent' };
  cluster.registry.apply({ kind: 'devicePut', device: child });
  cluster.sessions.set('parent', firstSessionOf(2) + 7);
  for (const id of ['parent', 'child']) {
    assert.equal(cluster.doors.isReachable(id), true);
    assert.equal(await cluster.doors.send(id, order), true);
  }
  assert.deepEqual(cluster.sent, ['g2 parent {"name":"电"}', 'g2 child {"name":"电"}']);
  for (const post of posts) await post.leave();
});

test('whoever has no session, or one at a gateway that is gone, silent or does not hold it, is not reached', async () => {
  const cluster = new Cluster();
  await cluster.doors.start();
  const one = await cluster.gateway(1, { send: () => false });
  const two = await cluster.gateway(2);
  for (const [id, session] of [
    ['here', firstSessionOf(1) + 1],
    ['there', firstSessionOf(2) + 1],
    ['ours', 5],
  ] as const)
    cluster.sessions.set(id, session);
  assert.deepEqual(
    ['nobody', 'ours', 'here', 'there'].map((id) => cluster.doors.isReachable(id)),
    [false, false, true, true],
  );
  assert.equal(await cluster.doors.send('here', order), false, 'its session has just ended');
  await two.leave();
  await turn();
  assert.equal(cluster.doors.isReachable('there'), false);
  cluster.now = 6_000;
  assert.equal(cluster.doors.isReachable('here'), false);
  assert.equal(await cluster.doors.send('here', order), false);
  assert.equal(cluster.sent.length, 0);
  await one.leave();
});

test('figures are those of all gateways, and what a gateway that is gone had taken still counts', async () => {
  const cluster = new Cluster();
  await cluster.doors.start();
  const [one, two] = [await cluster.gateway(1), await cluster.gateway(2)];
  const { doors, directory } = cluster;
  assert.deepEqual(
    [doors.sessionCount, doors.waitingCount, doors.sessionsOf('s'), doors.sessionsOf('t')],
    [20, 2, 3, 0],
  );
  assert.equal(directory.receivedCount, 200);
  await one.leave();
  await turn();
  assert.deepEqual([doors.sessionCount, directory.receivedCount], [10, 200]);
  await two.leave();
});

test('a session that opens is told to the other gateways, those of one moment together; a used secret to the centre', async () => {
  const cluster = new Cluster();
  await cluster.doors.start();
  const posts = [await cluster.gateway(1), await cluster.gateway(2), await cluster.gateway(3)] as const;
  let words = 0;
  cluster.bus.subscribe('p.cluster.gateways', () => words++);
  posts[0].opened('a');
  posts[0].opened('b');
  posts[0].secretUsed('a');
  await turn();
  assert.deepEqual(cluster.superseded, ['g2 a', 'g2 b', 'g3 a', 'g3 b']);
  assert.equal(words, 2);
  assert.deepEqual(cluster.secretsUsed, ['a']);
  for (const post of posts) await post.leave();
});

test('the canary goes through one gateway after the other', async () => {
  const cluster = new Cluster();
  const canary = new RemoteCanary(cluster.directory, cluster.doors);
  await cluster.doors.start();
  assert.equal(canary.isConnected, false);
  await canary.send(order);
  const posts = [await cluster.gateway(1), await cluster.gateway(2)];
  assert.equal(canary.isConnected, true);
  for (let round = 0; round < 4; round++) await canary.send(order);
  assert.deepEqual(cluster.canaries.toSorted(), [1, 1, 2, 2]);
  assert.notEqual(cluster.canaries[0], cluster.canaries[1]);
  for (const post of posts) await post.leave();
});

test('the number of a session tells its gateway, to the last session of the last gateway', () => {
  assert.equal(gatewayOfSession(1), 0);
  for (const gateway of [1, 77, MOST_GATEWAYS - 1]) {
    for (const session of [1, 2 ** 32 - 1]) {
      const number = firstSessionOf(gateway) + session;
      assert.ok(Number.isSafeInteger(number));
      assert.equal(gatewayOfSession(number), gateway);
    }
  }
});
