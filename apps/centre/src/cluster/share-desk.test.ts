import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Lane } from '../journal/entry.ts';
import { Registry } from '../registry/registry.ts';
import type { Share } from '../situation/duty.ts';
import { Effects } from '../situation/effects.ts';
import type { SensorFaultRow } from '../situation/fire/sensor-faults.ts';
import { mirrorOf, type MirroredEffects } from '../situation/mirrored-effects.ts';
import { SHARD_COUNT } from '../situation/share.ts';
import { Situation } from '../situation/situation.ts';
import { clusterSubjects, type HeldShard, type WorkerWord } from './cluster-words.ts';
import { MemoryBus } from './memory-bus.fixture.ts';
import { ShareDesk } from './share-desk.ts';
import type { ShardLease } from './share-leases.ts';

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const subjects = clusterSubjects('t');
const LOOK_MS = 5;
const DEAD_MS = 100;
const positions = (): Record<Lane, number[]> => ({
  alarm: new Array<number>(SHARD_COUNT).fill(0),
  bulk: new Array<number>(SHARD_COUNT).fill(0),
});

async function until(what: string, isSo: () => boolean): Promise<void> {
  const since = performance.now();
  while (!isSo()) {
    if (performance.now() - since > 20_000) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The rows of centre_share, in memory. */
class Book {
  rows: ShardLease[] = [];
  /** Called in the place of the next transfer; the one after it works again. */
  insteadOfTransfer: (() => Promise<never>) | undefined;

  read = async (): Promise<readonly ShardLease[]> => [...this.rows];

  begin = async (): Promise<readonly ShardLease[]> => {
    this.rows = Array.from({ length: SHARD_COUNT }, (_, shard) => ({ shard, epoch: 0, session: '' }));
    return this.rows;
  };

  transfer = async (shards: readonly number[], session: string): Promise<readonly HeldShard[]> => {
    const instead = this.insteadOfTransfer;
    this.insteadOfTransfer = undefined;
    if (instead !== undefined) return instead();
    const moved: HeldShard[] = [];
    this.rows = this.rows.map((row) => {
      if (!shards.includes(row.shard)) return row;
      moved.push([row.shard, row.epoch + 1]);
      return { shard: row.shard, epoch: row.epoch + 1, session };
    });
    return moved;
  };

  end = async (): Promise<void> => undefined;

  of(session: string): HeldShard[] {
    return this.rows.flatMap((row): HeldShard[] => (row.session === session ? [[row.shard, row.epoch]] : []));
  }
}

/** The centre's own worker, as far as the desk sees it. */
class OwnWorker {
  readonly applied = { alarm: 0, bulk: 0 };
  readonly levelled = { alarm: 0, bulk: 0 };
  readonly followed: Effects[] = [];
  readonly #situation: Situation;

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  follow = (effects: Effects): void => void this.followed.push(effects);
  othersAdvanced = (): void => undefined;

  beginSharing = async <Begun>(share: Share, begin: () => Promise<Begun>): Promise<Begun> => {
    const begun = await begin();
    this.#situation.share = share;
    return begun;
  };

  takeShare = async (share: Share): Promise<void> => {
    this.#situation.share = share;
  };

  releaseShards = async (shards: ReadonlySet<number>): Promise<void> => {
    const { leads = true, shards: held = new Set<number>() } = this.#situation.share ?? {};
    this.#situation.share = { leads, shards: new Set([...held].filter((shard) => !shards.has(shard))) };
  };
}

class Hall {
  readonly bus = new MemoryBus();
  readonly situation = new Situation(new Registry());
  readonly own = new OwnWorker(this.situation);
  readonly desk: ShareDesk;
  readonly book: Book;

  constructor(t: TestContext, book = new Book()) {
    this.book = book;
    this.desk = new ShareDesk({
      bus: this.bus,
      prefix: 't',
      leases: book,
      situation: this.situation,
      log: quiet,
      lookMs: LOOK_MS,
      deadMs: DEAD_MS,
      behindMs: 50,
    });
    t.after(() => this.desk.stop());
  }

  async start(): Promise<this> {
    this.situation.share = await this.desk.open();
    this.desk.start(this.own, positions());
    return this;
  }

  get ownShards(): number {
    return this.situation.share?.shards.size ?? SHARD_COUNT;
  }
}

/** What the desk sees of a worker process that is well: it applies whatever the book says, unless told otherwise. */
class Far {
  givenBack: HeldShard[] = [];
  applied = { alarm: 0, bulk: 0 };
  isSilent = false;
  fenced: () => HeldShard[];
  #number = 0;
  readonly #hall: Hall;
  readonly #session: string;

  constructor(t: TestContext, hall: Hall, session: string) {
    this.#hall = hall;
    this.#session = session;
    this.fenced = () =>
      hall.book.of(session).filter(([shard, epoch]) => !this.givenBack.some(([s, e]) => s === shard && e === epoch));
    hall.bus.answer(subjects.worker(session), async (question) => {
      const { shards } = question as { readonly shards: readonly number[] };
      this.givenBack.push(...this.fenced().filter(([shard]) => shards.includes(shard)));
      return { isReleased: true };
    });
    const saying = setInterval(() => {
      if (!this.isSilent) this.say();
    }, LOOK_MS);
    t.after(() => clearInterval(saying));
  }

  get count(): number {
    return this.fenced().length;
  }

  say(effects?: MirroredEffects, fenced = this.fenced(), sensorFaults?: readonly SensorFaultRow[]): void {
    if (effects !== undefined) this.#number++;
    this.#hall.bus.publish(subjects.workers, {
      kind: 'worker',
      session: this.#session,
      holder: this.#session,
      number: this.#number,
      held: fenced,
      fenced,
      givenBack: this.givenBack,
      applied: this.applied,
      levelled: this.applied,
      ...(effects !== undefined && { effects }),
      ...(sensorFaults !== undefined && { sensorFaults }),
    } satisfies WorkerWord);
  }

  leave(): void {
    this.isSilent = true;
    this.#hall.bus.publish(subjects.workers, { kind: 'left', session: this.#session });
  }
}

const heard = (deviceId: string, at: number): MirroredEffects => {
  const effects = new Effects();
  effects.heard.set(deviceId, at);
  return mirrorOf(effects);
};

test('shards that the centre has let go while the worker they were for went away are the centre’s again', async (t) => {
  const hall = await new Hall(t).start();
  const far = new Far(t, hall, 'far');
  // The store is away just when the rows are written; when it is back, the worker is not.
  hall.book.insteadOfTransfer = async () => {
    far.leave();
    throw new Error('the store is away');
  };
  await until('the centre to let go', () => hall.ownShards < SHARD_COUNT);
  await until('the centre to apply everything again', () => hall.ownShards === SHARD_COUNT);
  assert.equal(hall.book.of('').length, SHARD_COUNT);
});

test('a shard that a worker has given back to a centre that died before it was on record does not stay with nobody', async (t) => {
  const book = new Book();
  await book.begin();
  await book.transfer([3, 4, 5], 'far');
  const hall = new Hall(t, book);
  const far = new Far(t, hall, 'far');
  far.givenBack = [[4, 1]];
  await hall.start();
  await until('the worker to have it under another epoch', () => far.fenced().some(([shard]) => shard === 4));
  assert.ok(book.rows[4] !== undefined && book.rows[4].epoch > 1);
  await until('the others to be dealt', () => far.count + hall.ownShards === SHARD_COUNT);
});

test('what a worker committed before its shards were taken away, and says when it wakes, does not replace what came since', async (t) => {
  const hall = await new Hall(t).start();
  const far = new Far(t, hall, 'far');
  await until('its share', () => far.count > 0 && hall.ownShards + far.count === SHARD_COUNT);
  far.say(heard('D1', 100));
  await until('its word', () => hall.situation.lastReceivedAt.get('D1') === 100);

  const before = far.fenced();
  far.isSilent = true;
  await until('its shards to be taken back', () => hall.ownShards === SHARD_COUNT);
  hall.situation.lastReceivedAt.clear();
  const followed = hall.own.followed.length;
  far.say(heard('D1', 200), before);
  far.isSilent = false;
  await until('it to be dealt shards again', () => far.count > 0 && hall.ownShards + far.count === SHARD_COUNT);
  assert.equal(hall.situation.lastReceivedAt.get('D1'), undefined);
  assert.equal(hall.own.followed.length, followed);
});

test('words that come while the situation is read are shown at once, and are in what was read', async (t) => {
  const hall = await new Hall(t).start();
  const far = new Far(t, hall, 'far');
  await until('its share', () => far.count > 0 && hall.ownShards + far.count === SHARD_COUNT);
  await hall.desk.whileReading(async () => {
    const read = hall.situation.begunAnew();
    far.say(heard('D1', 100));
    await until('its word', () => hall.situation.lastReceivedAt.get('D1') === 100);
    hall.situation.become(read);
    assert.equal(hall.situation.lastReceivedAt.get('D1'), undefined, 'what was read is older');
  });
  assert.equal(hall.situation.lastReceivedAt.get('D1'), 100);
});

test('a bus that carried nothing for a while buries nobody when it carries again, before he could speak', async (t) => {
  const hall = await new Hall(t).start();
  const far = new Far(t, hall, 'far');
  await until('its share', () => far.count > 0 && hall.ownShards + far.count === SHARD_COUNT);
  const count = far.count;
  hall.bus.isLost = () => true;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  // The centre is connected first.
  hall.bus.isLost = (subject) => subject === subjects.workers;
  let pulses = 0;
  hall.bus.subscribe(subjects.pulse, () => pulses++);
  await until('some pulses', () => pulses >= 3);
  hall.bus.isLost = () => false;
  await new Promise((resolve) => setTimeout(resolve, 2 * DEAD_MS));
  assert.equal(far.count, count);
  assert.equal(hall.book.rows[far.fenced()[0]?.[0] ?? 0]?.epoch, 1, 'nothing has changed hands');
});

test('a worker that speaks and applies nothing is in trouble', async (t) => {
  const hall = await new Hall(t).start();
  const far = new Far(t, hall, 'far');
  await until('its share', () => far.count > 0 && hall.ownShards + far.count === SHARD_COUNT);
  assert.equal(hall.desk.trouble, undefined);
  hall.own.applied.alarm = 10;
  await until('that to be said', () => hall.desk.trouble !== undefined);
  assert.match(hall.desk.trouble ?? '', /^far: more than \d+ s behind/);
  far.applied = { alarm: 10, bulk: 0 };
  await until('it to be well', () => hall.desk.trouble === undefined);
});

test('the shards of a dead worker do not wait for another one’s answer', async (t) => {
  const hall = await new Hall(t).start();
  const one = new Far(t, hall, 'one');
  await until('its share', () => one.count > 0 && hall.ownShards + one.count === SHARD_COUNT);
  // It is asked for shards when another one comes, and never answers; and dies.
  hall.bus.answer(subjects.worker('one'), () => new Promise(() => undefined));
  const other = new Far(t, hall, 'other');
  await new Promise((resolve) => setTimeout(resolve, 10 * LOOK_MS));
  one.isSilent = true;
  await until('all to be with the other', () => other.count > 7 && other.count + hall.ownShards === SHARD_COUNT);
  assert.equal(hall.book.of('one').length, 0);
});

test('sensors that fail with any worker are known here until it says otherwise, has lost its shards, or is gone', async (t) => {
  const hall = await new Hall(t).start();
  const [one, two] = [new Far(t, hall, 'one'), new Far(t, hall, 'two')];
  await until('both to have shards', () => one.count > 0 && two.count > 0);
  const known = (): readonly string[] =>
    ['S1', 'S2'].flatMap((id) => hall.situation.sensorFaults.of(id, false).map(([, , fault]) => `${id} ${fault}`));
  const untilKnown = (...expected: readonly string[]): Promise<void> =>
    until(expected.join(), () => {
      one.say(undefined, one.fenced(), expected.length > 1 ? [['S1', 'smoke', 'noisy', 1]] : []);
      two.say(undefined, two.fenced(), [['S2', 'heat', 'drifting', 2]]);
      return known().join() === expected.join();
    });
  await untilKnown('S1 noisy', 'S2 drifting');
  await untilKnown('S2 drifting');
  one.say(undefined, [[0, 99]], [['S1', 'smoke', 'stuck', 3]]);
  await new Promise((resolve) => setTimeout(resolve, 4 * LOOK_MS));
  assert.deepEqual(known(), ['S2 drifting'], 'it has lost what it speaks of');
  two.leave();
  await until('the other to be gone', () => known().length === 0);
});
