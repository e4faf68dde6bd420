import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lane, NewEntry } from '../journal/entry.ts';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { storedDigestKey } from './apply-report.ts';
import {
  act,
  chunkReport,
  captureChunks,
  deviceRecord,
  event,
  presence,
  registryChange,
  session,
  T0,
  telemetry,
  unreadable,
} from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const reading = (seq: number | undefined, value: number, more: object = {}) => ({
  epoch: 'b7',
  ...(seq !== undefined && { seq }),
  at: T0,
  values: { 'c1.currentA': value },
  ...more,
});

test('the same key with the same body is stored once', () => {
  const feed = new SituationFeed();
  assert.equal(feed.bulk(telemetry('D1', reading(5, 1))).telemetry.length, 1);
  const again = feed.bulk(telemetry('D1', reading(5, 1)), telemetry('D1', reading(5, 1), { receivedAt: T0 + 90_000 }));
  assert.equal(again.telemetry.length, 0);
  assert.equal(again.received.size, 0);
  assert.deepEqual(feed.open(), []);
});

test('the same key with another body is stored too and leaves the fault sequenceReset to be acknowledged', () => {
  const feed = new SituationFeed();
  feed.bulk(telemetry('D1', reading(5, 1)));
  assert.equal(feed.bulk(telemetry('D1', reading(5, 2))).telemetry.length, 1);
  const [fault] = feed.open();
  assert.deepEqual([fault?.kind, fault?.category, fault?.state], ['sequenceReset', 'fault', 'returnedUnacknowledged']);
  assert.equal(feed.bulk(telemetry('D1', reading(5, 1))).telemetry.length, 0, 'the first body is still known');
});

test('telemetry and events share one counter, another epoch and another device have their own', () => {
  const feed = new SituationFeed();
  feed.bulk(telemetry('D1', reading(5, 1)));
  feed.alarm(event('D1', { epoch: 'b7', seq: 5, at: T0, kind: 'loadOn', point: 'c1' }));
  assert.equal(feed.open('sequenceReset').length, 1);
  const others = feed.bulk(telemetry('D2', reading(5, 1)), telemetry('D1', reading(5, 1, { epoch: 'b8' })));
  assert.equal(others.telemetry.length, 2);
  assert.equal(feed.open().length, 1);
});

test('a forgotten body is compared with the stored rows', () => {
  const repeated = telemetry('D1', reading(5, 1));
  const digest = createHash('sha256')
    .update(Buffer.concat([Buffer.from('telemetry\0'), repeated.payload ?? Buffer.alloc(0)]))
    .digest('hex')
    .slice(0, 32);
  const feed = new SituationFeed();
  feed.situation.ledger('D1').restore('b7', [0, 9]);
  feed.stored = new Map([[storedDigestKey('D1', 'b7', 5), new Set(['00', digest])]]);
  assert.equal(feed.bulk(repeated).telemetry.length, 0);
  assert.deepEqual(feed.open(), []);
  assert.equal(feed.bulk(telemetry('D1', reading(6, 1))).telemetry.length, 1, 'no stored row has this body');
  assert.equal(feed.open('sequenceReset').length, 1);
});

test('without seq a repetition within 60 s is the same report, later it is a new one', () => {
  const feed = new SituationFeed();
  const at = (receivedAt: number): NewEntry => telemetry('D1', reading(undefined, 1), { receivedAt });
  assert.equal(feed.bulk(at(T0), at(T0 + 30_000), at(T0 + 59_999)).telemetry.length, 1);
  assert.equal(feed.bulk(at(T0 + 60_000)).telemetry.length, 1);
});

test('a report belongs to the venue and origin of its receipt, wherever the device is by now', () => {
  const feed = new SituationFeed();
  feed.alarm(registryChange([{ kind: 'devicePut', device: deviceRecord('D1', { venueId: 'V2', origin: 'test' }) }]));
  const effects = feed.bulk(telemetry('D1', reading(1, 1), { venueId: 'V1', origin: 'live' }));
  assert.deepEqual(effects.telemetry[0]?.slice(1, 4), ['V1', 'live', 'D1']);
});

test('an alarm stays where it was raised, the next one of the condition belongs to the new venue', () => {
  const feed = new SituationFeed();
  const arc = (active: boolean, venueId: string, at: number): NewEntry =>
    event('D1', { at, kind: 'arc', point: 'c1', active, level: 'alarm' }, { venueId, receivedAt: at });
  feed.alarm(arc(true, 'V1', T0));
  const [first] = feed.open();
  assert.ok(first);
  feed.alarm(arc(false, 'V2', T0 + 1));
  assert.equal(feed.shown.get(first.id)?.venueId, 'V1');
  feed.alarm(act(first.id, { kind: 'acknowledge' }));
  feed.alarm(arc(true, 'V2', T0 + 2));
  assert.deepEqual(
    feed.open().map(({ venueId }) => venueId),
    ['V2'],
  );
});

test('a report of an unregistered device is refused by name', () => {
  assert.throws(() => new SituationFeed().bulk(telemetry('D404', reading(1, 1))), /unregistered device D404/);
});

test('every report is a sign of life', () => {
  for (const entry of [
    telemetry('D1', reading(1, 1)),
    event('D1', { at: T0, kind: 'loadOn', point: 'c1' }),
    unreadable('D1', '?'),
    chunkReport('D1', 'k', captureChunks([1], 1)[0] ?? new Uint8Array()),
  ]) {
    const feed = new SituationFeed();
    const effects = feed.bulk(entry);
    assert.deepEqual([...effects.presence.values()], [{ venueId: 'V1', row: ['D1', true, T0] }]);
    assert.equal(feed.situation.lastReceivedAt.get('D1'), T0);
  }
});

const capture = captureChunks([1, 2, 3, 4, 5, 6], 3);

const message: fc.Arbitrary<readonly [Lane, NewEntry]> = fc
  .record({
    what: fc.constantFrom('telemetry', 'event', 'unreadable', 'session', 'presence', 'chunk'),
    deviceId: fc.constantFrom('D1', 'S1', 'D9'),
    seq: fc.option(fc.nat(6), { nil: undefined }),
    live: fc.boolean(),
    offset: fc.integer({ min: -3, max: 400 }),
    value: fc.constantFrom(10, 86, 60, 400, 600, 3),
    active: fc.boolean(),
  })
  .map(({ what, deviceId, seq, live, offset, value, active }) => {
    const options = { live, receivedAt: T0 + offset * 1_000 };
    const at = T0 + offset * 1_000;
    const identity = { epoch: 'p', ...(seq !== undefined && { seq }), at };
    switch (what) {
      case 'telemetry':
        return [
          'bulk',
          telemetry(
            deviceId,
            { ...identity, values: { 't1.temperatureC': value, 'smoke.obscurationPctPerM': value / 20, x: 1 } },
            options,
          ),
        ] as const;
      case 'event':
        return [
          'alarm',
          event(deviceId, { ...identity, kind: 'overTemperature', point: 't1', active, level: 'warning' }, options),
        ] as const;
      case 'unreadable':
        return ['bulk', unreadable(deviceId, 'garbage', options)] as const;
      case 'session':
        return ['bulk', session(deviceId, active ? 'opened' : 'closed', (seq ?? 0) + 1, options)] as const;
      case 'presence':
        return ['bulk', presence(deviceId, { online: active, firmware: `f${value}` }, options)] as const;
      default:
        return ['bulk', chunkReport(deviceId, 'k', capture[(seq ?? 0) % 3] ?? new Uint8Array(), options)] as const;
    }
  });

test('the same entries give the same effects', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const [one, two] = [new SituationFeed(), new SituationFeed()];
      for (const [lane, entry] of messages) assert.deepEqual(one.apply(lane, entry), two.apply(lane, entry));
    }),
    propertySettings(150),
  );
});

test('a report with seq that comes twice changes nothing the second time, alarms least of all', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const [once, twice] = [new SituationFeed(), new SituationFeed()];
      const stored = { once: 0, twice: 0 };
      for (const [lane, entry] of messages) {
        const first = once.apply(lane, entry);
        const again = [twice.apply(lane, entry), twice.apply(lane, entry)];
        stored.once += first.telemetry.length + first.events.length + first.captureChunks.length;
        for (const { telemetry: t, events, captureChunks: c } of again)
          stored.twice += t.length + events.length + c.length;
      }
      assert.equal(stored.twice, stored.once);
      const withoutGarbage = (feed: SituationFeed) =>
        feed
          .open()
          .filter(({ kind }) => kind !== 'malformedReports')
          .map(({ id: _id, ...alarm }) => alarm);
      assert.deepEqual(withoutGarbage(twice), withoutGarbage(once));
    }),
    propertySettings(150),
  );
});
