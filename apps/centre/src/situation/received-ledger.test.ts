import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { add, contains, ReceivedLedger, type Intervals } from './received-ledger.ts';

/** As a body's digest looks. */
const digestOf = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 32);
const [x, y, z] = ['x', 'y', 'z'].map(digestOf) as [string, string, string];

const LARGEST_SEQ = Number.MAX_SAFE_INTEGER;

/** Small numbers that meet each other, and the end of the range. */
const seqs = fc.array(
  fc.oneof(
    fc.nat(40),
    fc.nat({ max: 12 }).map((below) => LARGEST_SEQ - below),
  ),
  { maxLength: 60 },
);

/** The oracle: runs of a sorted set. */
function runsOf(numbers: ReadonlySet<number>): number[] {
  const runs: number[] = [];
  for (const seq of [...numbers].sort((a, b) => a - b)) {
    if (runs.length > 0 && runs.at(-1) === seq - 1) runs[runs.length - 1] = seq;
    else runs.push(seq, seq);
  }
  return runs;
}

test('numbers added in any order are the runs of their set, and nothing else is contained', () => {
  fc.assert(
    fc.property(seqs, (numbers) => {
      let intervals: Intervals = [];
      const set = new Set<number>();
      for (const seq of numbers) {
        intervals = add(intervals, seq);
        set.add(seq);
        assert.deepEqual(intervals, runsOf(set));
      }
      for (let seq = 0; seq <= 42; seq++) assert.equal(contains(intervals, seq), set.has(seq), `seq ${seq}`);
      for (let seq = LARGEST_SEQ - 14; seq < LARGEST_SEQ; seq++) assert.equal(contains(intervals, seq), set.has(seq));
    }),
    propertySettings(1_000),
  );
});

test('adding leaves the intervals it was given as they were', () => {
  const before: Intervals = Object.freeze([1, 3, 5, 7]);
  assert.deepEqual(add(before, 4), [1, 7]);
  assert.deepEqual(before, [1, 3, 5, 7]);
});

test('a number is new, then known by its body: the same is a duplicate, another must be compared', () => {
  const ledger = new ReceivedLedger();
  assert.equal(ledger.judge('b7', 5, x), 'new');
  ledger.record('b7', 5, x);
  for (const when of ['within the batch', 'after it']) {
    assert.equal(ledger.judge('b7', 5, x), 'duplicate', when);
    assert.equal(ledger.judge('b7', 5, y), 'compareWithStored', when);
    assert.equal(ledger.judge('b7', 4, x), 'new', when);
    assert.equal(ledger.judge('', 5, x), 'new', 'another epoch counts anew');
    ledger.forgetOld();
  }
  assert.equal(ledger.highest('b7'), 5);
  assert.equal(ledger.highest('b8'), undefined);
});

test('a number used for several bodies knows each of them', () => {
  const ledger = new ReceivedLedger();
  ledger.record('', 1, x);
  ledger.forgetOld();
  ledger.record('', 1, y);
  for (const when of ['within the batch', 'after it']) {
    assert.equal(ledger.judge('', 1, y), 'duplicate', when);
    assert.equal(ledger.judge('', 1, x), 'duplicate', when);
    assert.equal(ledger.judge('', 1, z), 'compareWithStored', when);
    ledger.forgetOld();
  }
  assert.deepEqual(ledger.intervals(''), [1, 1]);
});

test('the newest 128 bodies are known, of older ones the store must be asked', () => {
  const body = (seq: number): string => digestOf(`body ${seq}`);
  for (const perBatch of [1, 7, 131]) {
    const ledger = new ReceivedLedger();
    for (let seq = 1; seq <= 131; seq++) {
      ledger.record('', seq, body(seq));
      if (seq % perBatch === 0 && seq < 131) ledger.forgetOld();
    }
    if (perBatch === 131) assert.equal(ledger.judge('', 1, body(1)), 'duplicate', 'nothing is lost within a batch');
    ledger.forgetOld();
    for (const seq of [1, 2, 3]) assert.equal(ledger.judge('', seq, body(seq)), 'compareWithStored');
    for (const seq of [4, 5, 70, 131]) assert.equal(ledger.judge('', seq, body(seq)), 'duplicate', `seq ${seq}`);
    assert.equal(ledger.judge('', 132, x), 'new');
    assert.deepEqual(ledger.intervals(''), [1, 131]);
  }
});

test('the 16 epochs used last are in memory, an older one may be in the store', () => {
  const ledger = new ReceivedLedger();
  for (let epoch = 0; epoch < 17; epoch++) ledger.record(`e${epoch}`, 9, x);
  assert.equal(ledger.mayBeForgotten('e0'), false);
  ledger.record('e0', 10, x); // used again: e1 is now the oldest
  ledger.forgetOld();
  assert.equal(ledger.mayBeForgotten('e1'), true);
  assert.equal(ledger.mayBeForgotten('e0'), false);
  assert.equal(ledger.judge('e1', 9, x), 'new', 'until it is restored from the store');
  ledger.restore('e1', [3, 9]);
  assert.equal(ledger.judge('e1', 9, x), 'compareWithStored');
  assert.equal(ledger.judge('e1', 2, x), 'new');
  assert.equal(ledger.mayBeForgotten('e1'), false);
});

test('a device that never used more than 16 epochs never asks the store', () => {
  const ledger = new ReceivedLedger();
  for (let epoch = 0; epoch < 16; epoch++) ledger.record(`e${epoch}`, 1, x);
  ledger.forgetOld();
  assert.equal(ledger.mayBeForgotten('e99'), false);
});

test('restored intervals know the numbers but not the bodies', () => {
  const ledger = new ReceivedLedger();
  ledger.restore('k', [0, 20, 22, 22]);
  assert.equal(ledger.judge('k', 7, x), 'compareWithStored');
  assert.equal(ledger.judge('k', 21, x), 'new');
  assert.equal(ledger.highest('k'), 22);
});

test('without seq the same body is a repetition for 60 s and a new report afterwards', () => {
  const ledger = new ReceivedLedger();
  assert.equal(ledger.seenWithoutSeq('x', 1_000_000), false);
  assert.equal(ledger.seenWithoutSeq('y', 1_000_001), false);
  assert.equal(ledger.seenWithoutSeq('x', 1_059_999), true);
  assert.equal(ledger.seenWithoutSeq('x', 1_060_000), false, 'the 60 s count from the first');
  assert.equal(ledger.seenWithoutSeq('x', 1_060_001), true);
});

test('what a restart brought back counts as seen, from its own receipt on', () => {
  const ledger = new ReceivedLedger();
  ledger.restoreWithoutSeq('x', 1_000_000);
  assert.equal(ledger.seenWithoutSeq('x', 1_030_000), true);
  assert.equal(ledger.seenWithoutSeq('x', 1_060_000), false);
});

test('a flood without seq loses its oldest bodies, never more than the newest 4,096', () => {
  const ledger = new ReceivedLedger();
  for (let i = 0; i < 6_000; i++) assert.equal(ledger.seenWithoutSeq(`body ${i}`, 1_000_000), false);
  assert.equal(ledger.seenWithoutSeq('body 5999', 1_000_001), true);
  assert.equal(ledger.seenWithoutSeq(`body ${6_000 - 4_096}`, 1_000_001), true);
  assert.equal(ledger.seenWithoutSeq('body 0', 1_000_001), false);
});
