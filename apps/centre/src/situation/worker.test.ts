import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Lane, NewEntry } from '../journal/entry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { StoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import {
  act,
  captureChunks,
  chunkReport,
  deviceRecord,
  event,
  house,
  registryChange,
  T0,
  telemetry,
  unreadable,
} from './entries.fixture.ts';
import { openStore, Rooms, type RoomsOptions } from './rooms.fixture.ts';

const deviceIds = [
  'A1',
  'B1',
  'B2',
  'C1',
  'E1',
  'F1',
  'F2',
  'G1',
  'H1',
  'I1',
  'J1',
  'K1',
  'K2',
  'L1',
  'L2',
  'M1',
  'N1',
  'O1',
  'O2',
];

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-worker-'));
  store = await openStore(folder);
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    const devices = deviceIds.map((id): RegistryChange => ({ kind: 'devicePut', device: deviceRecord(id) }));
    await rooms.take('alarm', registryChange([...house, ...devices]));
  });
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** A restart of everything but the engine, which `pglite-store.test.ts` restarts; every test has devices of its own. */
async function withRooms(options: RoomsOptions, work: (rooms: Rooms) => Promise<void>): Promise<void> {
  const rooms = await Rooms.open(folder, { store, ...options });
  try {
    await work(rooms);
  } finally {
    await rooms.close();
  }
}

const reading = (deviceId: string, seq: number, epoch = 'w'): NewEntry =>
  telemetry(deviceId, { epoch, seq, at: T0 + seq, values: { 'c1.currentA': seq } }, { receivedAt: T0 + seq });

const arc = (deviceId: string, seq: number, active = true): NewEntry =>
  event(deviceId, { epoch: 'w', seq, at: T0 + seq, kind: 'arc', point: 'c1', active, level: 'alarm' });

const rowsOf = (rooms: Rooms, deviceId: string): Promise<number> =>
  rooms.count('telemetry where device_id = $1', deviceId);

type Failure = 'before' | 'after' | undefined;

/** Fails as told before or after the real commit. */
function failing(real: Store, fail: (attempt: number) => Failure, error: Error | ((attempt: number) => Error)): Store {
  let attempt = 0;
  return {
    ...real,
    engine: 'postgres',
    commit: async (steps: readonly Step[]) => {
      const when = fail(++attempt);
      const failure = error instanceof Error ? error : error(attempt);
      if (when === 'before') throw failure;
      const rows = await real.commit(steps);
      if (when === 'after') throw failure;
      return rows;
    },
  };
}

test('a store that refuses for a while loses nothing and doubles nothing', async () => {
  const refused = new StoreError('full', 'disk full');
  const wrapStore = (real: Store): Store => failing(real, (n) => (n <= 2 || n === 4 ? 'before' : undefined), refused);
  await withRooms({ wrapStore }, async (rooms) => {
    rooms.worker.start();
    await rooms.journal.append('bulk', [reading('A1', 1), reading('A1', 2), reading('A1', 1)]);
    const alarms = rooms.take('alarm', arc('A1', 3), arc('A1', 4, false), arc('A1', 3));
    while (rooms.worker.trouble === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(rooms.worker.trouble, 'disk full');
    await alarms;
    await rooms.take('bulk', reading('A1', 5));
    assert.equal(rooms.worker.trouble, undefined);
    assert.equal(await rowsOf(rooms, 'A1'), 3);
    assert.equal(await rooms.count('event where device_id = $1', 'A1'), 2);
    assert.equal(await rooms.count('alarm where device_id = $1', 'A1'), 1);
    assert.deepEqual(
      rooms.logged.filter((line) => line.includes('store')).map((line) => line.split(' ').slice(1, 5).join(' ')),
      [
        'error store refuses; trying',
        'info store works again',
        'error store refuses; trying',
        'info store works again',
      ],
    );
  });
});

test('a commit whose answer was lost is not written again, one that did not happen is', async () => {
  const lost = new StoreError('unknownOutcome', 'connection lost');
  for (const [id, when] of [
    ['B1', 'after'],
    ['B2', 'before'],
  ] as const) {
    const wrapStore = (real: Store): Store => failing(real, (n) => (n === 1 ? when : undefined), lost);
    await withRooms({ wrapStore }, async (rooms) => {
      rooms.worker.start();
      await rooms.take('bulk', reading(id, 1), reading(id, 2));
      assert.equal(await rowsOf(rooms, id), 2, when);
    });
  }
});

test('a commit whose answer was lost is settled once, though the server stays away for a while', async () => {
  for (const [id, when] of [
    ['O1', 'after'],
    ['O2', 'before'],
  ] as const) {
    const error = (attempt: number): Error =>
      attempt === 1 ? new StoreError('unknownOutcome', 'connection lost') : new StoreError('connection', 'refused');
    const fail = (attempt: number): Failure => (attempt === 1 ? when : attempt <= 3 ? 'before' : undefined);
    await withRooms({ wrapStore: (real) => failing(real, fail, error) }, async (rooms) => {
      rooms.worker.start();
      await rooms.take('bulk', reading(id, 1), reading(id, 2));
      assert.equal(await rowsOf(rooms, id), 2, when);
    });
  }
});

test('when the embedded engine is gone the worker says so once, stops, and the journal keeps the entries', async () => {
  const gone = new StoreError('connection', 'engine stopped');
  const wrapStore = (real: Store): Store => ({ ...failing(real, () => 'before', gone), engine: 'pglite' });
  await withRooms({ wrapStore }, async (rooms) => {
    rooms.worker.start();
    await rooms.journal.append('bulk', [reading('C1', 1)]);
    while (rooms.fatal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(rooms.fatal, ['engine stopped']);
  });
  await withRooms({}, async (rooms) => {
    await rooms.worker.catchUp();
    assert.equal(await rowsOf(rooms, 'C1'), 1);
  });
});

test('when the files of the embedded engine are gone nothing is set aside: the worker says so and stops', async () => {
  const gone = new StoreError('sql', 'could not open file', { sqlState: '58P01' });
  const wrapStore = (real: Store): Store => ({ ...failing(real, () => 'before', gone), engine: 'pglite' });
  await withRooms({ wrapStore }, async (rooms) => {
    rooms.worker.start();
    await rooms.journal.append('bulk', [reading('C1', 2)]);
    while (rooms.fatal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(rooms.fatal, ['could not open file']);
  });
  await withRooms({}, async (rooms) => {
    await rooms.worker.catchUp();
    assert.equal(await rowsOf(rooms, 'C1'), 2);
  });
});

test('an entry that cannot be applied is quarantined with its reason, and its neighbours are applied', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    const reply: NewEntry = { kind: 'commandReply', partition: 0, appendedAt: T0, meta: {}, payload: Buffer.from('?') };
    await rooms.take('bulk', reading('D1', 1), reading('nobody', 1), reply, reading('D1', 2));
    assert.equal(await rowsOf(rooms, 'D1'), 2);
    const rows = await rooms.store.query(
      "select device_id, reason from quarantine where reason like 'notApplied%' order by id",
    );
    assert.deepEqual(
      rows.map((row) => [row['device_id'], String(row['reason']).slice(0, 46)]),
      [
        ['nobody', 'notApplied: report of unregistered device nobo'],
        ['', 'notApplied: commandReply entry that is neither'],
      ],
    );
    assert.equal(rooms.logged.filter((line) => line.includes('journal entry not applied')).length, 2);
  });
});

test('what people write holds nothing back: a note with NUL and lone surrogates is stored', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    await rooms.take('alarm', arc('E1', 1));
    const [alarm] = rooms.situation.alarms({ venues: 'all' }).filter(({ deviceId }) => deviceId === 'E1');
    assert.ok(alarm);
    const outcome = rooms.worker.outcomeOf('with NUL', 10_000);
    await rooms.take('alarm', act(alarm.id, { kind: 'acknowledge', note: 'a\0b \udc00' }, { actId: 'with NUL' }));
    assert.equal((await outcome).kind, 'done');
    const [change] = await rooms.store.query(
      "select doc from alarm_change where alarm_id = $1 and doc->>'kind' = 'acknowledged'",
      [alarm.id],
    );
    assert.equal((change?.['doc'] as { note: string }).note, 'a␀b \ufffd');
  });
});

test('an alarm is applied before the telemetry that was queued before it', async () => {
  const order: Lane[] = [];
  const wrapStore = (real: Store): Store => ({
    ...real,
    commit: async (steps) => {
      const rows = await real.commit(steps);
      const checkpoint = steps.find((step) => step.kind === 'sql' && step.sql.startsWith('insert into checkpoint'));
      const lane = checkpoint?.kind === 'sql' ? (checkpoint.params?.[0] as Lane[])[0] : undefined;
      if (lane !== undefined) order.push(lane);
      return rows;
    },
  });
  await withRooms({ wrapStore }, async (rooms) => {
    const bulk = Array.from({ length: 10_000 }, (_, seq) => reading('F1', seq));
    const [first = 0] = await rooms.journal.append('bulk', bulk);
    rooms.worker.start();
    await rooms.worker.reached('bulk', first, 15_000);
    await rooms.take('alarm', arc('F2', 1));
    assert.ok(rooms.worker.applied.bulk < first + 4_000, `${rooms.worker.applied.bulk - first} of 10,000 went before`);
    assert.deepEqual(order.filter((lane) => lane === 'alarm').length, 1);
    await rooms.worker.reached('bulk', first + 9_999, 15_000);
    assert.ok(order.indexOf('alarm') <= 3, order.join(' '));
    assert.equal(await rowsOf(rooms, 'F1'), 10_000);
  });
});

test('large captures make small batches: an alarm does not wait for a hundred megabytes', async () => {
  const batches: number[] = [];
  const wrapStore = (real: Store): Store => ({
    ...real,
    commit: (steps) => {
      const chunks = steps.find((step) => step.kind === 'copy' && step.table === 'capture_chunk');
      if (chunks?.kind === 'copy') batches.push(chunks.rows.length);
      return real.commit(steps);
    },
  });
  await withRooms({ wrapStore }, async (rooms) => {
    const chunks = captureChunks(new Array<number>(50 * 120_000).fill(7), 50);
    const [first = 0] = await rooms.journal.append(
      'bulk',
      chunks.map((chunk) => chunkReport('G1', 'large', chunk)),
    );
    rooms.worker.start();
    await rooms.worker.reached('bulk', first + 49, 15_000);
    // 240,000 bytes each: 34 of them are below 8 MiB, 35 are above.
    assert.deepEqual(batches, [34, 16]);
    const [row] = await rooms.store.query("select complete from capture where id = 'G1:large'");
    assert.equal(row?.['complete'], true);
  });
});

test('stopped in the middle, the next worker goes on where the last commit ended', async () => {
  const total = 6_000;
  await withRooms({}, async (rooms) => {
    const entries = Array.from({ length: total }, (_, seq) => reading('H1', seq));
    const [first = 0] = await rooms.journal.append('bulk', entries);
    rooms.worker.start();
    await rooms.worker.reached('bulk', first + 999, 15_000);
    await rooms.worker.stop();
    const applied = rooms.worker.applied.bulk - first + 1;
    assert.ok(applied >= 1_000 && applied < total, `${applied}`);
    assert.equal(await rowsOf(rooms, 'H1'), applied);
  });
  await withRooms({}, async (rooms) => {
    await rooms.worker.catchUp();
    assert.equal(await rowsOf(rooms, 'H1'), total);
    const ledger = rooms.situation.ledger('H1');
    assert.deepEqual(ledger.intervals('w'), [0, total - 1]);
    rooms.worker.start();
    await rooms.take('bulk', reading('H1', 0), reading('H1', total - 1));
    assert.equal(await rowsOf(rooms, 'H1'), total, 'a resend after the restart is a duplicate');
  });
});

test('the journal is trimmed behind the commit only, and a trim that fails stops nothing', async () => {
  const trimmed: string[] = [];
  let isDurable = (_lane: Lane, _through: number): Promise<boolean> => Promise.resolve(false);
  const options: RoomsOptions = {
    wrapJournal: (journal) => ({
      ...journal,
      trim: async (lane, through) => {
        trimmed.push(`${lane} ${await isDurable(lane, through)}`);
        throw new Error('EIO');
      },
    }),
  };
  await withRooms(options, async (rooms) => {
    isDurable = async (lane, through) => {
      const [row] = await rooms.store.query('select max(sequence) as sequence from checkpoint where lane = $1', [lane]);
      return (row?.['sequence'] as number) >= through;
    };
    rooms.worker.start();
    await rooms.take('bulk', reading('I1', 1));
    await rooms.take('alarm', arc('I1', 2));
    await rooms.take('bulk', reading('I1', 3));
    await rooms.worker.stop();
    assert.deepEqual(trimmed, ['bulk true', 'alarm true', 'bulk true']);
    assert.equal(rooms.logged.filter((line) => line.includes('journal not trimmed')).length, 3);
  });
});

test('a chunk of a complete capture that is sent again after a restart changes nothing', async () => {
  const chunks = captureChunks([1, 2, 3, 4, 5, 6], 3);
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    await rooms.take('bulk', ...chunks.map((chunk) => chunkReport('J1', 'k', chunk)));
    assert.equal(rooms.situation.captures.has('J1:k'), false, 'complete: not kept in memory');
  });
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    await rooms.take('bulk', ...chunks.map((chunk) => chunkReport('J1', 'k', chunk)));
    const [row] = await rooms.store.query("select complete from capture where id = 'J1:k'");
    assert.equal(row?.['complete'], true);
    assert.equal(await rooms.count("capture_chunk where capture = 'J1:k'"), 3);
    assert.equal(rooms.situation.captures.has('J1:k'), false);
  });
});

test('more epochs and more numbers than memory holds: a resend is still a duplicate, in any batch', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    const epochs = Array.from({ length: 40 }, (_, index) => `e${index}`);
    await rooms.take('bulk', ...epochs.flatMap((epoch) => [reading('K1', 1, epoch), reading('K1', 2, epoch)]));
    // Every epoch again, in one batch: what the first half brings back must not be forgotten for the second.
    await rooms.take('bulk', ...epochs.map((epoch) => reading('K1', 1, epoch)), reading('K1', 3, 'e0'));
    assert.equal(await rowsOf(rooms, 'K1'), 81);
    const [row] = await rooms.store.query("select intervals from received where device_id = 'K1' and epoch = 'e0'");
    assert.deepEqual(row?.['intervals'], [1, 3]);

    const numbers = Array.from({ length: 4_096 }, (_, seq) => reading('K2', seq));
    await rooms.take('bulk', ...numbers);
    // Four new numbers push the oldest four out of memory in the very batch that repeats them.
    const repeated = [0, 1, 2, 3].map((seq) => reading('K2', seq));
    await rooms.take('bulk', ...[4_096, 4_097, 4_098, 4_099].map((seq) => reading('K2', seq)), ...repeated);
    assert.equal(await rowsOf(rooms, 'K2'), 4_100);
    assert.equal(await rooms.count("alarm where device_id in ('K1', 'K2')"), 0, 'no sequenceReset');
  });
});

test('of one device the newest 200 quarantined messages are kept', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    const bad = (id: string, i: number): NewEntry => unreadable(id, `${i}`, { receivedAt: T0 + i });
    await rooms.take('bulk', bad('L2', 0), ...Array.from({ length: 150 }, (_, i) => bad('L1', i)));
    await rooms.take('bulk', ...Array.from({ length: 100 }, (_, i) => bad('L1', 150 + i)));
    const [row] = await rooms.store.query(
      "select count(*) as count, min(received_at) as oldest from quarantine where device_id = 'L1'",
    );
    assert.deepEqual([row?.['count'], row?.['oldest']], [200, T0 + 50]);
    assert.equal(await rooms.count("quarantine where device_id = 'L2'"), 1);
  });
});

test('everybody who waits for an act gets its outcome; who waits in vain is told after the time', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    await rooms.take('alarm', arc('M1', 1));
    const [alarm] = rooms.situation.alarms({ venues: 'all' }).filter(({ deviceId }) => deviceId === 'M1');
    const waiting = [rooms.worker.outcomeOf('twice', 10_000), rooms.worker.outcomeOf('twice', 10_000)];
    await rooms.take('alarm', act(alarm?.id ?? '', { kind: 'acknowledge' }, { actId: 'twice' }));
    for (const outcome of await Promise.all(waiting)) assert.equal(outcome.kind, 'done');
    await assert.rejects(rooms.worker.outcomeOf('never', 20), /act never was not applied within 20 ms/);
    await assert.rejects(rooms.worker.reached('bulk', 1e9, 20), /entry bulk:1000000000 was not applied within 20 ms/);
    await rooms.worker.reached('alarm', 1, 1);
  });
});

test('the feed is told after the commit, with the position that the store remembers', async () => {
  await withRooms({}, async (rooms) => {
    rooms.worker.start();
    const before = rooms.bus.position;
    const heard: { position: number; values: number }[] = [];
    rooms.bus.subscribe(({ position, values }) => heard.push({ position, values: values.length }));
    await rooms.take('bulk', reading('N1', 1));
    await rooms.take('bulk', reading('N1', 1));
    assert.deepEqual(heard, [
      { position: before + 1, values: 1 },
      { position: before + 2, values: 0 },
    ]);
    const [row] = await rooms.store.query('select position from feed_position');
    assert.equal(row?.['position'], before + 2);
  });
});
