import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSessionOf } from '../cluster/cluster-words.ts';
import { fired, presence, session, started, T0, telemetry } from './entries.fixture.ts';
import type { DeviceState } from './kept.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const sweep = (at: number) => fired('presenceSweep', at, { kind: 'presenceSweep' });
const state = (feed: SituationFeed, deviceId = 'D1') => {
  const { openings: _judgedElsewhere, ...known } = feed.situation.deviceStates.get(deviceId) ?? { changedAt: NaN };
  return known as Partial<DeviceState>;
};

test('a session that opens is presence, its end is absence, and both go to the feed', () => {
  const feed = new SituationFeed();
  const opened = feed.bulk(session('D1', 'opened', 1));
  assert.deepEqual([...opened.presence.values()], [{ venueId: 'V1', row: ['D1', true, T0] }]);
  const closed = feed.bulk(session('D1', 'closed', 1, { receivedAt: T0 + 5_000 }));
  assert.deepEqual([...closed.presence.values()], [{ venueId: 'V1', row: ['D1', false, T0 + 5_000] }]);
  assert.deepEqual(state(feed), { online: false, changedAt: T0 + 5_000, openedAt: T0 });
});

test('the end of a session that a newer one took over says nothing', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), session('D1', 'opened', 2));
  const late = feed.bulk(session('D1', 'closed', 1, { receivedAt: T0 + 1 }));
  assert.equal(late.presence.size, 0);
  assert.equal(state(feed)?.online, true);
  feed.bulk(session('D1', 'closed', 2, { receivedAt: T0 + 2 }));
  assert.equal(state(feed)?.online, false);
});

test('a session that opens is no report: when the device reported last stays unknown', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1));
  assert.equal(feed.situation.lastReceivedAt.get('D1'), undefined);
  feed.bulk(presence('D1', { online: true }, { receivedAt: T0 + 3 }));
  assert.equal(feed.situation.lastReceivedAt.get('D1'), T0 + 3);
});

test('what a device says of itself is kept, and its last will ends its presence', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), presence('D1', { online: true, firmware: '1.4.2', model: 'FT-8' }));
  assert.deepEqual(state(feed), {
    online: true,
    changedAt: T0,
    session: 1,
    openedAt: T0,
    firmware: '1.4.2',
    reportedModel: 'FT-8',
  });
  feed.bulk(presence('D1', { online: false }, { receivedAt: T0 + 9_000 }));
  assert.deepEqual(state(feed), {
    online: false,
    changedAt: T0 + 9_000,
    session: 1,
    openedAt: T0,
    firmware: '1.4.2',
    reportedModel: 'FT-8',
  });
});

test('silent for more than three contracted intervals is offline, whatever the session says', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1), session('S1', 'opened', 2));
  feed.bulk(telemetry('D1', { values: { 'c1.currentA': 1 } }, { receivedAt: T0 + 10_000 }));
  feed.alarm(sweep(T0 + 40_000));
  assert.equal(state(feed)?.online, true, 'three intervals of 10 s are permitted');
  const effects = feed.alarm(sweep(T0 + 40_001));
  assert.deepEqual([...effects.presence.values()], [{ venueId: 'V1', row: ['D1', false, T0 + 40_001] }]);
  assert.equal(state(feed, 'S1')?.online, true, 'a detector of 60 s may be silent longer');
  feed.alarm(sweep(T0 + 180_001));
  assert.equal(state(feed, 'S1')?.online, false);
});

test('who speaks again is online again', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1));
  feed.alarm(sweep(T0 + 60_000));
  assert.equal(state(feed)?.online, false);
  feed.bulk(telemetry('D1', { values: { 'c1.currentA': 1 } }, { receivedAt: T0 + 61_000 }));
  assert.deepEqual([state(feed)?.online, state(feed)?.changedAt], [true, T0 + 61_000]);
});

test('the sweep comes again every 5 s from the start of the centre on', () => {
  const feed = new SituationFeed();
  feed.alarm(started(T0));
  assert.equal(feed.timers.get('presenceSweep')?.dueAt, T0 + 5_000);
  feed.fire('presenceSweep', T0 + 5_020);
  assert.equal(feed.timers.get('presenceSweep')?.dueAt, T0 + 10_020);
});

test('after a restart nobody is offline for the time in which nobody listened', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 7), session('D2', 'opened', 8));
  const restartedAt = T0 + 3_600_000;
  feed.alarm(started(restartedAt));
  feed.fire('presenceSweep');
  assert.deepEqual([state(feed, 'D1')?.online, state(feed, 'D2')?.online], [true, true]);
  feed.bulk(session('D2', 'opened', 1, { receivedAt: restartedAt + 20_000 }));
  feed.alarm(sweep(restartedAt + 30_001));
  assert.deepEqual([state(feed, 'D1')?.online, state(feed, 'D2')?.online], [false, true]);
});

test('a session of before the restart cannot close the one with the same number of today', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 3));
  feed.alarm(started(T0 + 1));
  assert.equal(state(feed)?.session, undefined);
  feed.bulk(session('D1', 'closed', 3, { receivedAt: T0 + 2 }));
  assert.equal(state(feed)?.online, true);
});

test('a restart of the centre ends its own sessions, not those at gateways, which went on meanwhile', () => {
  const feed = new SituationFeed();
  const atGateway = firstSessionOf(77) + 5;
  feed.bulk(session('D1', 'opened', atGateway), session('D2', 'opened', 3));
  feed.alarm(fired('centreStarted', T0 + 1, { kind: 'centreStarted', hasGateways: true }));
  assert.deepEqual([state(feed).session, state(feed, 'D2').session], [atGateway, undefined]);
  feed.bulk(session('D1', 'closed', atGateway, { receivedAt: T0 + 2 }));
  assert.equal(state(feed).online, false);
});
