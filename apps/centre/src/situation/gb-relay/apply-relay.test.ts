import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGbFrame } from '@fengsui/protocol';
import type { NewEntry, ReportMeta } from '../../journal/entry.ts';
import type { RelayMeta } from '../../journal/relay-meta.ts';
import { deviceRecord, registryChange, T0 } from '../entries.fixture.ts';
import { SituationFeed } from '../situation-feed.fixture.ts';

const AWAY_S = 60;

function feedWith(): SituationFeed {
  const feed = new SituationFeed();
  const device = deviceRecord('U1', { model: 'generic-uitd', gb: { address: '4d3c2b1a0000' } });
  const target = { id: 'old', mode: 'listening', host: 'h', port: 1, awayFaultS: AWAY_S, changes: [] } as const;
  feed.alarm(
    registryChange([
      { kind: 'devicePut', device },
      { kind: 'relayPut', target },
    ]),
  );
  return feed;
}

function frame(order: number, relay: readonly string[]): NewEntry {
  const unit = { kind: 'userDefined', type: 130, count: 1, body: Uint8Array.of(order) } as const;
  const head = { serial: order, version: { major: 1, user: 0 }, sentAt: T0, source: '4d3c2b1a0000' };
  const payload = encodeGbFrame({ ...head, destination: '010000000000', command: 2, unit });
  const gb = { kind: 'frame', order, relay } as const;
  const meta: ReportMeta = {
    deviceId: 'U1',
    venueId: 'V1',
    origin: 'live',
    receivedAt: T0,
    channel: 'gb26875',
    live: true,
    gb,
  };
  return { kind: 'report', partition: 0, appendedAt: T0, meta, payload };
}

function told(relay: RelayMeta, at = T0): NewEntry {
  const meta: ReportMeta = {
    deviceId: '',
    venueId: '',
    origin: 'live',
    receivedAt: at,
    channel: 'relay',
    live: false,
    relay,
  };
  return { kind: 'report', partition: 0, appendedAt: at, meta };
}

const faults = (feed: SituationFeed): readonly string[] =>
  feed
    .open()
    .filter(({ deviceId }) => deviceId === 'relay:old')
    .map(({ kind, state }) => `${kind} ${state}`);

test('a frame is a row for each centre that is owed it, until that one has confirmed it', () => {
  const feed = feedWith();
  const owed = feed.bulk(frame(1, ['old', 'province']), frame(2, ['old']));
  assert.deepEqual(
    [...owed.relayOwed.values()].map(({ relayId, order, deviceId, isUrgent }) => [relayId, order, deviceId, isUrgent]),
    [
      ['old', 1, 'U1', false],
      ['province', 1, 'U1', false],
      ['old', 2, 'U1', false],
    ],
  );
  const settled = feed.bulk(told({ kind: 'delivered', relayId: 'old', orders: [1, 2] }));
  assert.deepEqual(
    [...settled.relaySettled.values()],
    [
      { relayId: 'old', order: 1 },
      { relayId: 'old', order: 2 },
    ],
  );
});

test('a frame that is confirmed within the batch it came in is never a row', () => {
  const feed = feedWith();
  const { relayOwed, relaySettled } = feed.bulk(
    frame(1, ['old']),
    told({ kind: 'delivered', relayId: 'old', orders: [1] }),
  );
  assert.deepEqual([relayOwed.size, relaySettled.size], [0, 0]);
});

test('a centre that stays away is a fault until it is back; how long it has been away goes on over restarts', () => {
  const feed = feedWith();
  feed.alarm(told({ kind: 'link', relayId: 'old', state: 'away', error: 'refused' }));
  feed.alarm(told({ kind: 'link', relayId: 'old', state: 'away', error: 'timed out' }, T0 + 30_000));
  assert.equal(feed.situation.relayStates.get('old')?.link?.since, T0);
  assert.equal(feed.timers.get('relayAway/old')?.dueAt, T0 + 1_000 * AWAY_S);
  feed.fire('relayAway/old');
  assert.deepEqual(faults(feed), ['relayAway unacknowledged']);
  feed.alarm(told({ kind: 'link', relayId: 'old', state: 'connected' }, T0 + 90_000));
  assert.deepEqual(faults(feed), ['relayAway returnedUnacknowledged']);
  feed.alarm(told({ kind: 'link', relayId: 'old', state: 'ended' }, T0 + 91_000));
  assert.equal(feed.situation.relayStates.get('old')?.link, undefined);
});

test('frames that are given up are counted and stay a fault to be acknowledged; a backlog ends when it is gone', () => {
  const feed = feedWith();
  feed.bulk(frame(1, ['old']));
  feed.bulk(told({ kind: 'setAside', relayId: 'old', orders: [1] }));
  feed.alarm(told({ kind: 'lost', relayId: 'old', count: 5 }), told({ kind: 'lost', relayId: 'old', count: 2 }));
  feed.alarm(told({ kind: 'backlog', relayId: 'old', isBehind: true }));
  const { setAsideCount, lostCount, behindSince } = feed.situation.relayStates.get('old') ?? {};
  assert.deepEqual([setAsideCount, lostCount, behindSince], [1, 7, T0]);
  assert.deepEqual([...faults(feed)].sort(), ['relayBacklog unacknowledged', 'relayLoss returnedUnacknowledged']);
  feed.alarm(told({ kind: 'backlog', relayId: 'old', isBehind: false }, T0 + 1_000));
  assert.equal(feed.situation.relayStates.get('old')?.behindSince, undefined);
  assert.ok(faults(feed).includes('relayBacklog returnedUnacknowledged'));
});

test('an order of another centre is an event of the device it was meant for', () => {
  const feed = feedWith();
  const order = {
    kind: 'order',
    relayId: 'old',
    deviceId: 'U1',
    command: 1,
    type: 90,
    isRefused: true,
    count: 3,
  } as const;
  const { events } = feed.alarm(told(order));
  assert.equal(events.length, 1);
  assert.ok(events[0]?.includes('relayOrderRefused'));
});
