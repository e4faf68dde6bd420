import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FindingKind } from './look.ts';
import { follow, isUnsure, type OutageState } from './outage.ts';

const REMIND_MS = 1_800_000;

/** Plays what was found at which second; tells who was called when. */
function play(found: readonly (readonly [atS: number, kind: FindingKind])[], remindMs = REMIND_MS): readonly string[] {
  let held: OutageState = {};
  return found.flatMap(([atS, kind]) => {
    // Through JSON, as the state file keeps it.
    const known = JSON.parse(JSON.stringify(held)) as OutageState;
    const { state, calls } = follow(known, { kind, reason: `is ${kind}` }, atS * 1000, remindMs);
    held = state;
    return calls.map((call) => `${atS} ${call.kind} ${call.finding}`);
  });
}

test('one look that fails calls nobody, a second one does, once', () => {
  assert.deepEqual(
    play([
      [0, 'well'],
      [15, 'down'],
      [20, 'well'],
      [35, 'down'],
      [40, 'down'],
      [55, 'down'],
    ]),
    ['40 outage down'],
  );
});

test('a look that failed is repeated soon', () => {
  assert.equal(isUnsure(follow({}, { kind: 'down', reason: '' }, 0, REMIND_MS).state), true);
  assert.equal(isUnsure(follow({}, { kind: 'held', reason: '' }, 0, REMIND_MS).state), false);
});

test('a centre that stands still was watched for long enough: the first look calls', () => {
  assert.deepEqual(play([[0, 'standing']]), ['0 outage standing']);
});

test('what is held for half a minute calls, what is over before does not', () => {
  assert.deepEqual(
    play([
      [0, 'held'],
      [15, 'well'],
      [30, 'held'],
      [45, 'held'],
      [60, 'held'],
    ]),
    ['60 outage held'],
  );
});

test('it is said again every half hour, and when it is over', () => {
  const minutes = Array.from({ length: 70 }, (_, index): [number, FindingKind] => [index * 60, 'down']);
  assert.deepEqual(play([...minutes, [4_200, 'well'], [4_215, 'well']]), [
    '60 outage down',
    '1860 reminder down',
    '3660 reminder down',
    '4200 well well',
  ]);
});

test('what gets worse is told at once, what gets better is told when it is well', () => {
  assert.deepEqual(
    play([
      [0, 'standing'],
      [15, 'down'],
      [30, 'standing'],
      [45, 'down'],
      [60, 'well'],
    ]),
    ['0 outage standing', '15 changed down', '60 well well'],
  );
});

test('the watcher says that it sees nothing, and what it finds once it sees again', () => {
  assert.deepEqual(
    play([
      [0, 'blind'],
      [5, 'blind'],
      [60, 'down'],
      [75, 'blind'],
      [90, 'well'],
    ]),
    ['5 outage blind', '60 changed down', '75 changed blind', '90 well well'],
  );
});

test('every call of an outage has an id of its own', () => {
  let state: OutageState = {};
  const ids: string[] = [];
  for (const [at, kind] of [
    [0, 'down'],
    [1, 'down'],
    [2, 'down'],
    [3, 'down'],
    [4, 'well'],
    [5, 'standing'],
  ] as const) {
    const next = follow(state, { kind, reason: '' }, at, 1);
    state = next.state;
    ids.push(...next.calls.map(({ id }) => id));
  }
  assert.equal(ids.length, 5);
  assert.equal(new Set(ids).size, 5);
});

test('a clock that was set back by a day does not silence the reminders', () => {
  const day = 86_400;
  assert.deepEqual(
    play([
      [day, 'down'],
      [day + 5, 'down'],
      [20, 'down'],
    ]),
    [`${day + 5} outage down`, '20 reminder down'],
  );
});
