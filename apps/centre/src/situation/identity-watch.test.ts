import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEntry } from '../journal/entry.ts';
import { act, event, session, T0 } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const MINUTE = 60_000;

/** A session of D1 that opens; the fixture's `session` knows nothing of addresses. */
function opened(number: number, at: number, address: string, tookOver = false): NewEntry {
  const entry = session('D1', 'opened', number, { receivedAt: at });
  return { ...entry, meta: { ...entry.meta, address, ...(tookOver && { tookOver: true }) } };
}

const suspect = (feed: SituationFeed): boolean => feed.situation.isIdentitySuspect('D1');

test('more than three take-overs in ten minutes are a cloned identity', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 4; i++) feed.bulk(opened(i, T0 + i * MINUTE, '10.0.0.1', i > 0));
  assert.equal(suspect(feed), false, 'three are permitted');
  feed.bulk(opened(9, T0 + 4 * MINUTE, '10.0.0.1', true));
  assert.equal(suspect(feed), true);
  const [alarm] = feed.open('clonedIdentity');
  assert.deepEqual([alarm?.category, alarm?.priority, alarm?.state], ['fault', 'P2', 'latchedUnacknowledged']);
});

/** The end of a session of D1 whose gateway was told that D1 has come to another one. */
function superseded(number: number, at: number): NewEntry {
  const entry = session('D1', 'closed', number, { receivedAt: at });
  return { ...entry, meta: { ...entry.meta, tookOver: true } };
}

for (const order of ['before', 'after'] as const) {
  test(`take-overs between two gateways count too, where the end is told ${order} the opening`, () => {
    const feed = new SituationFeed();
    feed.bulk(opened(1, T0, '10.0.0.1'));
    for (let number = 2; number <= 5; number++) {
      assert.equal(suspect(feed), false, `${number - 2} take-overs`);
      const at = T0 + number * MINUTE;
      const entries = [superseded(number - 1, at), opened(number, at, '10.0.0.1')];
      feed.bulk(...(order === 'before' ? entries : entries.toReversed()));
      assert.equal(feed.situation.deviceStates.get('D1')?.session, number);
    }
    assert.equal(suspect(feed), true);
  });
}

test('take-overs that are further apart are a device on a bad line', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 12; i++) feed.bulk(opened(i, T0 + i * 4 * MINUTE, '10.0.0.1', true));
  assert.equal(suspect(feed), false);
  const openings = feed.situation.deviceStates.get('D1')?.openings?.length ?? Infinity;
  assert.ok(openings <= 4, 'what lies outside the window is forgotten');
});

test('two addresses that alternate are a cloned identity; one that changes for good is not', () => {
  const moved = new SituationFeed();
  for (const [i, address] of ['a', 'a', 'b', 'b', 'b', 'c'].entries()) moved.bulk(opened(i, T0 + i, address));
  assert.equal(suspect(moved), false);
  const cloned = new SituationFeed();
  for (const [i, address] of ['a', 'b', 'a', 'b'].entries()) cloned.bulk(opened(i, T0 + i, address));
  assert.equal(suspect(cloned), true);
});

test('reports of a suspect identity raise all the same, and are marked', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 5; i++) feed.bulk(opened(i, T0 + i, '10.0.0.1', true));
  const arc = { epoch: '', at: T0 + 10, kind: 'arc', point: 'c1', active: true, level: 'alarm' } as const;
  const effects = feed.alarm(event('D1', { ...arc, seq: 1 }));
  const [alarm] = feed.open('arc');
  assert.deepEqual([alarm?.level, alarm?.identitySuspect], ['alarm', true]);
  assert.equal(effects.events[0]?.at(-1), true);
  assert.equal(feed.alarm(event('D2', { ...arc, seq: 1 })).events[0]?.at(-1), false);
  assert.equal(feed.open('arc').find(({ deviceId }) => deviceId === 'D2')?.identitySuspect, undefined);
});

test('a person who has looked into it ends the suspicion, and it begins anew from nothing', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 5; i++) feed.bulk(opened(i, T0 + i, '10.0.0.1', true));
  const [alarm] = feed.open('clonedIdentity');
  const id = alarm?.id ?? '';
  feed.alarm(act(id, { kind: 'inspect', note: 'not yet acknowledged' }, { at: T0 + 20 }));
  assert.equal(suspect(feed), true);
  feed.alarm(act(id, { kind: 'acknowledge' }, { at: T0 + 21 }));
  assert.equal(suspect(feed), true);
  feed.alarm(act(id, { kind: 'inspect', note: 'old board removed' }, { actId: 'second', at: T0 + 22 }));
  assert.equal(suspect(feed), false);
  feed.bulk(opened(10, T0 + 30, '10.0.0.1', true));
  assert.equal(suspect(feed), false, 'what was seen before is settled');
  for (let i = 11; i < 14; i++) feed.bulk(opened(i, T0 + 20 + i, '10.0.0.1', true));
  assert.equal(suspect(feed), true);
});
