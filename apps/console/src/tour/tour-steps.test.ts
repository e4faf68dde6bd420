import assert from 'node:assert/strict';
import test from 'node:test';
import { isTourOver, keepTourOver } from './tour-steps.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test('the tour is over for the user who closed it, not for the next one at the same seat', () => {
  const storage = memory();
  assert.equal(isTourOver(storage, 'li'), false);
  keepTourOver(storage, 'li');
  assert.deepEqual([isTourOver(storage, 'li'), isTourOver(storage, 'wang')], [true, false]);
});

test('a browser that keeps nothing shows no tour rather than one at every visit', () => {
  const refusing = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('forbidden');
    },
  };
  keepTourOver(refusing, 'li');
  assert.equal(isTourOver(refusing, 'li'), true);
  assert.equal(isTourOver(undefined, 'li'), true);
});
