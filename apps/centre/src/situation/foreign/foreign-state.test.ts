import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inboxEntry } from '../../intake/foreign/foreign-journal.ts';
import type { ForeignMeta } from '../../journal/foreign-meta.ts';
import { fired, registryChange, T0 } from '../entries.fixture.ts';
import { SituationFeed } from '../situation-feed.fixture.ts';

const MINUTE = 60_000;
const AWAY_MS = 10 * MINUTE;

type Link = Extract<ForeignMeta, { kind: 'link' }>;
const link = (feed: SituationFeed, state: Link['state'], at: number, error?: string): object =>
  feed.alarm(inboxEntry({ kind: 'link', sourceId: 'b1', state, ...(error !== undefined && { error }) }, at, at));
const due = (feed: SituationFeed, since: number, at = since + AWAY_MS): object =>
  feed.alarm(fired('foreignAway/b1', at, { kind: 'foreignAway', sourceId: 'b1', since }));

function feedWith(venueIds?: readonly string[]): SituationFeed {
  const feed = new SituationFeed();
  const broker = { url: 'mqtt://broker.example', clientId: 'c' };
  const source = { id: 'b1', kind: 'mqttBroker', secret: 's', topics: ['#'], broker, createdAt: T0 } as const;
  const change = { ...source, awayFaultMs: AWAY_MS, ...(venueIds !== undefined && { venueIds }) };
  feed.alarm(registryChange([{ kind: 'sourcePut', source: change }]));
  return feed;
}
const faults = (feed: SituationFeed) =>
  feed
    .open('sourceAway')
    .map(({ deviceId, venueId, category, priority, state }) => [deviceId, venueId, category, priority, state]);

test('a broker that stays away is a fault of its source, and the fault ends when it is back', () => {
  const feed = feedWith(['V1']);
  link(feed, 'away', T0);
  link(feed, 'connected', T0 + 1_000);
  due(feed, T0);
  assert.deepEqual(faults(feed), [], 'it came back before its minutes were over');
  link(feed, 'away', T0 + MINUTE, 'connection reset');
  assert.deepEqual(feed.situation.foreignStates.get('b1')?.link, {
    state: 'away',
    since: T0 + MINUTE,
    error: 'connection reset',
  });
  // Tried again, refused for another reason, and over a restart of ours: away since then all the same.
  link(feed, 'away', T0 + 5 * MINUTE, 'not authorized');
  assert.equal(feed.situation.foreignStates.get('b1')?.link?.since, T0 + MINUTE);
  due(feed, T0 + MINUTE);
  assert.deepEqual(faults(feed), [['source:b1', 'V1', 'fault', 'P3', 'unacknowledged']]);
  link(feed, 'connected', T0 + 30 * MINUTE);
  assert.deepEqual(faults(feed), [['source:b1', 'V1', 'fault', 'P3', 'returnedUnacknowledged']]);
});

test('a source of many venues raises where all venues are seen; one that is ended has no link and no fault', () => {
  for (const venueIds of [undefined, ['V1', 'V2'], ['gone']]) {
    const feed = feedWith(venueIds);
    link(feed, 'away', T0);
    due(feed, T0);
    assert.deepEqual(faults(feed), [['source:b1', '', 'fault', 'P3', 'unacknowledged']]);
    link(feed, 'ended', T0 + 20 * MINUTE);
    assert.deepEqual(faults(feed), [['source:b1', '', 'fault', 'P3', 'returnedUnacknowledged']]);
    assert.equal(feed.situation.foreignStates.get('b1')?.link, undefined);
    due(feed, T0, T0 + 21 * MINUTE);
    assert.equal(faults(feed).length, 1);
  }
});
