import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForeignLedger } from './foreign-ledger.ts';

const identity = (key: string, value = '', keptUntil = 1_000) => ({ key, value, keptUntil });

test('an identity is known until its time is over', () => {
  const ledger = new ForeignLedger();
  assert.equal(ledger.isKnown([identity('a')], 0), false);
  ledger.record([identity('a')], 0);
  assert.equal(ledger.isKnown([identity('b'), identity('a')], 999), true);
  assert.equal(ledger.isKnown([identity('a')], 1_000), false);
});

test('raise, clear and raise within a minute are three things; a repeat of the last is one', () => {
  const ledger = new ForeignLedger();
  const said = (value: string): boolean => {
    const last = [identity('smoke of D1', value)];
    const isKnown = ledger.isKnown(last, 0);
    if (!isKnown) ledger.record(last, 0);
    return isKnown;
  };
  assert.deepEqual(['raise', 'raise', 'clear', 'clear', 'raise'].map(said), [false, true, false, true, false]);
});

test('the oldest are forgotten, and named, when there are too many or their time is over', () => {
  const ledger = new ForeignLedger(2);
  assert.deepEqual(ledger.record([identity('a'), identity('b')], 0), []);
  assert.deepEqual(ledger.record([identity('c')], 0), ['a']);
  assert.equal(ledger.isKnown([identity('a')], 0), false);
  assert.deepEqual(ledger.record([identity('d', '', 5_000)], 2_000), ['b', 'c']);
  assert.equal(ledger.isKnown([identity('d')], 2_000), true);
});
