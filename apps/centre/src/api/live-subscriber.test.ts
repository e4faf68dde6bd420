import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Alarm, LiveServerFrame, LiveTopic } from '@fengsui/protocol';
import type { WebSocket } from 'ws';
import type { Scope } from '../access/scope.ts';
import { Effects } from '../situation/effects.ts';
import { event, presence, T0, telemetry } from '../situation/entries.fixture.ts';
import { snapshotOf, type FeedSource } from '../situation/feed-source.ts';
import { LiveBus } from '../situation/live-bus.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import { LiveSubscriber } from './live-subscriber.ts';

const MIB = 1024 * 1024;

/** A socket that remembers, with a send buffer set by hand. */
function socket() {
  const frames: LiveServerFrame[] = [];
  const closed: (readonly [number, string])[] = [];
  const ws = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (text: string) => void frames.push(JSON.parse(text) as LiveServerFrame),
    close: (code: number, reason: string) => void closed.push([code, reason]),
  };
  return { ws, frames, closed };
}

const everything: readonly LiveTopic[] = ['alarms', 'values', 'presence'];

function open(
  t: TestContext,
  options: {
    readonly scope?: Scope;
    readonly topics?: readonly LiveTopic[];
    readonly cursor?: string;
    readonly bus?: LiveBus;
    readonly feed?: SituationFeed;
    readonly patience?: number;
  } = {},
) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const tick = (ms: number): void => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const { scope = { venues: 'all' }, topics = everything, bus = new LiveBus(10), feed = new SituationFeed() } = options;
  const { ws, frames, closed } = socket();
  const source: FeedSource = {
    bus,
    clock: { now: () => T0 },
    snapshot: (within, of) => snapshotOf(feed.situation, within, of),
  };
  const subscriber = new LiveSubscriber(
    ws as unknown as WebSocket,
    source,
    scope,
    new Set(topics),
    0,
    options.patience,
  );
  subscriber.start(options.cursor);
  t.after(() => subscriber.stop());
  return { subscriber, bus, feed, ws, frames, closed, tick };
}

const value = (kwh: number, venueId = 'V1'): Effects => {
  const effects = new Effects();
  effects.values.push({ venueId, deviceId: 'D1', at: T0, points: ['p'], values: [kwh] });
  return effects;
};

const alarm = (id: string, venueId = 'V1'): Effects => {
  const effects = new Effects();
  const place = { partition: 0, venueId, origin: 'live' } as const;
  effects.alarms.set(id, { place, alarm: { id, venueId } as Alarm, raisedAt: T0 });
  return effects;
};

const batches = (frames: readonly LiveServerFrame[]) => frames.filter((frame) => frame.type === 'batch');

test('the snapshot is what is true now, in the scope and the topics that were asked for', (t) => {
  const feed = new SituationFeed();
  feed.bulk(telemetry('D1', { at: T0, values: { 'c1.currentA': 4 } }), presence('D9', { online: true }));
  feed.alarm(event('D1', { at: T0, kind: 'arc', point: 'c1', level: 'alarm' }));
  const { frames } = open(t, { feed, scope: { venues: ['V1'] } });
  const [snapshot] = frames;
  assert.ok(snapshot?.type === 'snapshot');
  assert.deepEqual([snapshot.n, snapshot.at], [1, T0]);
  assert.deepEqual(snapshot.values, [['D1', 'c1.currentA', T0, 4]]);
  assert.deepEqual(snapshot.presence, [['D1', true, T0]]);
  assert.deepEqual(
    snapshot.alarms.map(({ kind, venueId }) => [kind, venueId]),
    [['arc', 'V1']],
  );
});

test('topics that were not asked for are empty', (t) => {
  const feed = new SituationFeed();
  feed.bulk(telemetry('D1', { at: T0, values: { 'c1.currentA': 4 } }));
  const { frames, bus, tick } = open(t, { feed, topics: ['alarms'] });
  const [snapshot] = frames;
  assert.ok(snapshot?.type === 'snapshot');
  assert.deepEqual([snapshot.values, snapshot.presence], [[], []]);
  bus.publish(value(1));
  tick(1_000);
  assert.equal(frames.length, 1);
});

test('alarms leave within 10 ms, values are collected for 100 to 250 ms and only the newest is sent', (t) => {
  const { frames, bus, tick } = open(t);
  bus.publish(value(1));
  tick(99);
  bus.publish(value(2));
  assert.equal(batches(frames).length, 0);
  tick(151);
  const [values] = batches(frames);
  assert.deepEqual(values?.values, [['D1', 'p', T0, 2]]);
  bus.publish(value(3));
  bus.publish(alarm('a'));
  tick(10);
  const [, alarms] = batches(frames);
  assert.deepEqual([alarms?.alarms.length, alarms?.values.length], [1, 1], 'what was collected goes along');
  assert.deepEqual(
    frames.map((frame) => ('n' in frame ? frame.n : 0)),
    [1, 2, 3],
  );
});

test('an alarm by itself leaves at once, those of a flood share a frame every 5 ms', (t) => {
  const { frames, bus, tick } = open(t);
  bus.publish(alarm('a'));
  tick(1);
  assert.deepEqual(
    batches(frames).map(({ alarms }) => alarms.length),
    [1],
  );
  for (const id of ['b', 'c', 'd']) {
    bus.publish(alarm(id));
    tick(1);
  }
  assert.equal(batches(frames).length, 1, 'the next frame is not due yet');
  tick(2);
  assert.deepEqual(
    batches(frames).map(({ alarms }) => alarms.length),
    [1, 3],
  );
});

test('a cursor goes on where its frame left off, without a snapshot and without a gap', (t) => {
  const bus = new LiveBus(10);
  const first = open(t, { bus });
  bus.publish(alarm('a'));
  first.tick(10);
  const cursor = batches(first.frames)[0]?.cursor ?? '';
  first.subscriber.stop();
  bus.publish(alarm('b'));
  t.mock.reset();
  const { frames, tick } = open(t, { bus, cursor });
  bus.publish(alarm('c'));
  tick(10);
  assert.deepEqual(
    frames.map((frame) => frame.type),
    ['heartbeat', 'batch'],
    'the heartbeat says at once that the client is live again',
  );
  assert.deepEqual(
    batches(frames)[0]?.alarms.map(({ id }) => id),
    ['b', 'c'],
  );
});

test('a cursor that is too old, of the future or no cursor at all is answered by resync', (t) => {
  for (const cursor of ['1:9', '1:11', '2:10', '1:-1', 'x', ''].map((text) =>
    Buffer.from(text).toString('base64url'),
  )) {
    const { frames, bus, tick } = open(t, { cursor });
    bus.publish(alarm('a'));
    tick(1_000);
    assert.deepEqual(frames, [{ type: 'resync' }]);
    t.mock.reset();
  }
});

test('a change outside the scope sends nothing, and its position is not lost', (t) => {
  const { frames, bus, tick } = open(t, { scope: { venues: ['V2'] } });
  bus.publish(alarm('a', 'V1'));
  bus.publish(alarm('b', 'V2'));
  tick(10);
  const [batch] = batches(frames);
  assert.deepEqual(
    batch?.alarms.map(({ id }) => id),
    ['b'],
  );
  assert.equal(Buffer.from(batch?.cursor ?? '', 'base64url').toString(), '1:12');
});

test('a mirror, for which more may wait, loses no values where a screen does', (t) => {
  const { frames, bus, ws, tick } = open(t, { patience: 10 });
  ws.bufferedAmount = 33 * MIB;
  bus.publish(value(1));
  tick(1_000);
  assert.equal(batches(frames)[0]?.values.length, 1);
});

test('who reads slowly loses values first, keeps every alarm, and is told to begin anew when he has caught up', (t) => {
  const { frames, bus, ws, tick } = open(t);
  ws.bufferedAmount = 5 * MIB;
  bus.publish(value(1));
  bus.publish(alarm('a'));
  tick(10);
  assert.deepEqual(
    batches(frames).map((frame) => [frame.alarms.length, frame.values.length]),
    [[1, 0]],
  );
  ws.bufferedAmount = 0;
  bus.publish(value(2));
  tick(250);
  assert.equal(frames.at(-1)?.type, 'resync');
  bus.publish(alarm('b'));
  tick(250);
  assert.equal(frames.at(-1)?.type, 'resync', 'nothing more before the client subscribes again');
});

test('who does not read at all is disconnected with "try again later"', (t) => {
  const { bus, ws, closed, tick } = open(t);
  ws.bufferedAmount = 33 * MIB;
  bus.publish(alarm('a'));
  tick(10);
  assert.deepEqual(closed, [[1013, 'reads too slowly']]);
});

test('who asks for one snapshot after the other and reads none gets no further', (t) => {
  const { subscriber, ws, frames, closed } = open(t);
  ws.bufferedAmount = 33 * MIB;
  subscriber.stop();
  subscriber.start(undefined);
  assert.deepEqual([frames.length, closed.length], [1, 1]);
});

test('heartbeats are numbered with the frames and end with the subscription', (t) => {
  const { frames, subscriber } = open(t);
  subscriber.heartbeat();
  assert.deepEqual(frames.at(-1), { type: 'heartbeat', n: 2, at: T0 });
  assert.equal(subscriber.frameCount, 2);
  subscriber.stop();
  subscriber.heartbeat();
  assert.equal(frames.length, 2);
});

test('nothing is sent on a socket that is not open any more', (t) => {
  const { frames, bus, ws, tick } = open(t);
  ws.readyState = 3;
  bus.publish(alarm('a'));
  tick(10);
  assert.equal(frames.length, 1);
});
