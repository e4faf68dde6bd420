import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFaults, parseFaults } from './faults.ts';

test('names, shares and several options are read; all is everything at its usual value', () => {
  assert.deepEqual(parseFaults([]), noFaults);
  assert.deepEqual(parseFaults(['storm=30,duplicates', 'skew=0.5']), {
    ...noFaults,
    stormEveryS: 30,
    duplicates: 0.02,
    skew: 0.5,
  });
  assert.ok(Object.values(parseFaults(['all'])).every((value) => value > 0));
  assert.equal(parseFaults(['all', 'silent=0']).silent, 0);
});

test('an unknown fault and a share that is none are refused with what is expected', () => {
  assert.throws(() => parseFaults(['dupes']), /fault "dupes": expected storm, duplicates, /);
  for (const text of ['skew=2', 'skew=', 'skew=x', 'skew=-1', 'constructor'])
    assert.throws(() => parseFaults([text]), /expected/, text);
});
