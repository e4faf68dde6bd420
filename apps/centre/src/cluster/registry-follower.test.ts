import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import { clusterSubjects } from './cluster-words.ts';
import { LeaderNews } from './leader-news.ts';
import { MemoryBus } from './memory-bus.fixture.ts';
import { RegistryFollower } from './registry-follower.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const applied = { alarm: 0, bulk: 0 };

const deviceOf = (n: number, label: string): DeviceRecord => ({
  id: `d${n}`,
  venueId: 'v',
  model: 'generic-terminal',
  origin: 'live',
  secretSha256: label,
  reportingIntervalMs: 60_000,
});

/** The leader's side: a store that has what was committed, and the news of it. */
class Leader {
  readonly bus: MemoryBus;
  readonly committed = new Map<string, DeviceRecord>();
  news: LeaderNews;
  loads = 0;
  isAway = false;
  /** Between two rows of a load. */
  onQuery: () => void = () => undefined;
  #epoch = 7;

  constructor(bus = new MemoryBus()) {
    this.bus = bus;
    this.news = this.#newsOf();
  }

  readonly store: Pick<Store, 'query'> = {
    query: async (sql) => {
      if (this.isAway) throw new Error('the database is away');
      const isDevices = sql === 'select doc from device';
      if (isDevices) this.loads++;
      const rows = isDevices ? [...this.committed.values()].map((doc) => ({ doc })) : [];
      await new Promise((resolve) => setImmediate(resolve));
      this.onQuery();
      return rows;
    },
  };

  put(...devices: readonly DeviceRecord[]): void {
    for (const device of devices) this.committed.set(device.id, device);
    this.news.changed(devices.map((device): RegistryChange => ({ kind: 'devicePut', device })));
  }

  /** Another process leads; it counts anew. */
  change(): void {
    this.news.stop();
    this.#epoch++;
    this.news = this.#newsOf();
    this.news.start();
  }

  #newsOf(): LeaderNews {
    return new LeaderNews({ bus: this.bus, prefix: 'p', epoch: this.#epoch, applied: () => applied, everyMs: 20 });
  }
}

async function follow(t: TestContext, leader: Leader, { isLed = true, firstBeatMs = 30_000 } = {}) {
  const registry = new Registry();
  const told: (readonly string[] | 'any')[] = [];
  const follower = new RegistryFollower({
    bus: leader.bus,
    prefix: 'p',
    registry,
    store: leader.store as Store,
    log,
    onChanged: (changes) =>
      told.push(changes?.map((change) => (change.kind === 'devicePut' ? change.device.id : '')) ?? 'any'),
    retryMs: 10,
    firstBeatMs,
  });
  t.after(async () => {
    leader.news.stop();
    await follower.stop();
  });
  if (isLed) leader.news.start();
  await follower.start();
  return { registry, told, follower };
}

async function same(registry: Registry, leader: Leader): Promise<void> {
  const deadline = Date.now() + 30_000;
  const contents = (): object => Object.fromEntries([...registry.allDevices()].map((device) => [device.id, device]));
  for (;;) {
    try {
      assert.deepEqual(contents(), Object.fromEntries(leader.committed));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `not in time: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('what the leader commits is in the registry, without reading the store again', async (t) => {
  const leader = new Leader();
  leader.put(deviceOf(1, 'a'));
  const { registry, told } = await follow(t, leader);
  assert.equal(registry.device('d1')?.secretSha256, 'a');
  leader.put(deviceOf(1, 'b'), deviceOf(2, 'a'));
  leader.put(deviceOf(3, 'a'));
  await same(registry, leader);
  assert.equal(leader.loads, 1);
  assert.deepEqual(told, ['any', ['d1', 'd2'], ['d3']]);
});

test('a word that was lost is found by the next one, or by the beat, and everything may have changed then', async (t) => {
  const leader = new Leader();
  const { registry, told } = await follow(t, leader);
  leader.bus.isLost = (_subject, message) => 'changes' in message;
  leader.put(deviceOf(1, 'a'));
  await same(registry, leader);
  // The rows are there before all is read.
  await until(() => told.length >= 2);
  assert.deepEqual(told, ['any', 'any']);
});

test('changes too many for one message are read from the store', async (t) => {
  const leader = new Leader(new MemoryBus(2_000));
  const { registry } = await follow(t, leader);
  leader.put(...Array.from({ length: 100 }, (_, n) => deviceOf(n, 'a')));
  await same(registry, leader);
  assert.equal(leader.loads, 2);
});

test('what is committed while the store is read is not lost and not undone, whatever was lost before', async (t) => {
  const leader = new Leader();
  const { registry } = await follow(t, leader);
  let n = 0;
  let left = 60;
  leader.onQuery = () => {
    if (left-- > 0) leader.put(deviceOf(n++ % 5, `b${n}`));
  };
  leader.bus.isLost = (_subject, message) => 'changes' in message && n % 3 === 0;
  leader.put(deviceOf(0, 'first'));
  for (let i = 0; i < 40; i++) {
    leader.put(deviceOf(i % 7, `c${i}`));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await same(registry, leader);
});

test('a new leader is followed from the store on, and a predecessor that wakes late is not heard', async (t) => {
  const leader = new Leader();
  const { registry } = await follow(t, leader);
  leader.put(deviceOf(1, 'a'));
  await same(registry, leader);
  const { news: predecessor } = leader;
  leader.bus.isLost = () => true;
  leader.put(deviceOf(1, 'b'));
  leader.bus.isLost = () => false;
  leader.change();
  await same(registry, leader);
  const before = leader.loads;
  predecessor.changed([{ kind: 'devicePut', device: deviceOf(1, 'of before') }]);
  leader.put(deviceOf(2, 'a'));
  await same(registry, leader);
  assert.equal(leader.loads, before);
});

test('a store that is away is asked until it answers, and the trouble is said meanwhile', async (t) => {
  const leader = new Leader();
  const { registry, follower } = await follow(t, leader);
  leader.isAway = true;
  leader.bus.isLost = (_subject, message) => 'changes' in message;
  leader.put(deviceOf(1, 'a'));
  await until(() => follower.trouble !== undefined);
  assert.match(follower.trouble ?? '', /cannot be read: the database is away/);
  leader.isAway = false;
  await same(registry, leader);
  await until(() => follower.trouble === undefined);
});

test('without a leader the store is enough to begin with; words that nobody knows are none', async (t) => {
  const leader = new Leader();
  leader.committed.set('d1', deviceOf(1, 'a'));
  const { registry } = await follow(t, leader, { isLed: false, firstBeatMs: 50 });
  assert.equal(registry.device('d1')?.secretSha256, 'a');
  for (const word of [{}, { kind: 'ode' }, [1]]) leader.bus.publish(clusterSubjects('p').leader, word);
  leader.committed.set('d2', deviceOf(2, 'a'));
  leader.news.start();
  await same(registry, leader);
});
