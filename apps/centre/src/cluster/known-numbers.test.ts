import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lane } from '../journal/entry.ts';
import type { Row, SqlValue } from '../store/store.ts';
import { KnownNumbers, type KnownNumbersOptions } from './known-numbers.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** A store whose worker is at `applied`, and a journal that ends at `end`. */
class Behind {
  applied: Record<Lane, number> = { alarm: 0, bulk: 0 };
  end: Record<Lane, number> = { alarm: 0, bulk: 0 };
  readonly received: Row[] = [];
  readonly asked: (readonly SqlValue[])[] = [];
  isAway = false;

  numbers(options: Partial<KnownNumbersOptions> = {}): KnownNumbers {
    return new KnownNumbers({
      store: { query: (sql, params = []) => this.#query(sql, params) },
      endOf: (lane) => Promise.resolve(this.end[lane]),
      log,
      waitMs: 30_000,
      lookEveryMs: 1,
      ...options,
    });
  }

  async #query(sql: string, params: readonly SqlValue[]): Promise<readonly Row[]> {
    if (this.isAway) throw new Error('the database is away');
    if (sql.includes('checkpoint')) return Object.entries(this.applied).map(([lane, sequence]) => ({ lane, sequence }));
    this.asked.push(params[0] as readonly SqlValue[]);
    return this.received.filter((row) => (params[0] as readonly string[]).includes(row['device_id'] as string));
  }
}

const row = (device: string, epoch: string, intervals: number[]): Row => ({ device_id: device, epoch, intervals });

test('the highest number of each epoch is known after learning, of those that ask together by one query', async () => {
  const behind = new Behind();
  behind.received.push(row('a', 'x', [0, 4, 7, 9]), row('a', 'y', [3, 3]), row('b', '', [0, 1]));
  const numbers = behind.numbers();
  await Promise.all(['a', 'b', 'c', 'a'].map(async (id) => numbers.learn(id, id)));
  assert.deepEqual([numbers.highest('a', 'x'), numbers.highest('a', 'y'), numbers.highest('b', '')], [9, 3, 1]);
  assert.equal(numbers.highest('c', ''), undefined);
  assert.equal(numbers.highest('a', 'z'), undefined);
  assert.equal(behind.asked.flat().length, 3, 'nobody is asked about twice');
  assert.equal(numbers.learn('a', 'a'), undefined, 'nothing to wait for any more');
});

test('what others appended before is waited for: it is in the store when the numbers are read', async () => {
  const behind = new Behind();
  behind.end = { alarm: 0, bulk: 8192 };
  behind.received.push(row('a', '', [0, 4]));
  const numbers = behind.numbers();
  let isLearned = false;
  const learning = numbers.learn('a', 'a')?.then(() => (isLearned = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(isLearned, false);
  behind.received.splice(0, 1, row('a', '', [0, 6]));
  behind.applied = { alarm: 0, bulk: 8192 };
  await learning;
  assert.equal(numbers.highest('a', ''), 6);
});

test('nobody waits for ever: with a worker that stands still what the store has is known, without a store nothing', async () => {
  const behind = new Behind();
  behind.end = { alarm: 4096, bulk: 0 };
  behind.received.push(row('a', '', [0, 4]));
  const numbers = behind.numbers({ waitMs: 30 });
  await numbers.learn('a', 'a');
  assert.equal(numbers.highest('a', ''), 4);
  behind.isAway = true;
  await numbers.learn('b', 'b');
  assert.equal(numbers.highest('b', ''), undefined);
});

test('who leaves and comes back is asked about again, with all that stand behind it', async () => {
  const behind = new Behind();
  behind.received.push(row('gateway', '', [0, 1]), row('child', '', [0, 1]), row('other', '', [0, 1]));
  const numbers = behind.numbers();
  await Promise.all([numbers.learn('gateway', 'gateway'), numbers.learn('gateway', 'child')]);
  await numbers.learn('other', 'other');
  behind.received.splice(0, 3, row('gateway', '', [0, 5]), row('child', '', [0, 6]), row('other', '', [0, 7]));
  numbers.forget('gateway');
  assert.equal(numbers.learn('other', 'other'), undefined);
  await Promise.all([numbers.learn('gateway', 'gateway'), numbers.learn('gateway', 'child')]);
  assert.deepEqual(
    [numbers.highest('gateway', ''), numbers.highest('child', ''), numbers.highest('other', '')],
    [5, 6, 1],
  );
});

test('what is learned for a session that ended meanwhile does not serve the next', async () => {
  const behind = new Behind();
  behind.end = { alarm: 0, bulk: 4096 };
  behind.received.push(row('a', '', [0, 1]));
  const numbers = behind.numbers();
  const learning = numbers.learn('a', 'a');
  numbers.forget('a');
  behind.applied = { alarm: 0, bulk: 4096 };
  await learning;
  await new Promise((resolve) => setImmediate(resolve));
  behind.received.splice(0, 1, row('a', '', [0, 8]));
  await numbers.learn('a', 'a');
  assert.equal(numbers.highest('a', ''), 8);
});
