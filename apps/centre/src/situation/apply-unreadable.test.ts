import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quarantineEntry } from './apply-unreadable.ts';
import { Effects } from './effects.ts';
import { T0, unreadable } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const fault = (feed: SituationFeed) => feed.open('malformedReports')[0];

test('an unreadable message is quarantined with its reason, and with what was sent', () => {
  const feed = new SituationFeed();
  const { quarantine, quarantinedDevices } = feed.bulk(unreadable('D1', '{"not json'));
  const row = quarantine[0] ?? [];
  assert.deepEqual(row.slice(1, 7), ['V1', 'live', 'D1', T0, 'fengsui/v1/D1/telemetry', 'notJson']);
  assert.equal(Buffer.from(row[8] as Uint8Array).toString(), '{"not json');
  assert.deepEqual([...quarantinedDevices], ['D1']);
});

test('of a large message 4 KiB are kept', () => {
  const { quarantine } = new SituationFeed().bulk(unreadable('D1', 'x'.repeat(200_000)));
  assert.equal((quarantine[0]?.[8] as Uint8Array).byteLength, 4_096);
});

test('20 unreadable messages a minute are no fault, the 21st is', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 20; i++) feed.bulk(unreadable('D1', `${i}`, { receivedAt: T0 + i * 2_900 }));
  assert.equal(fault(feed), undefined);
  feed.bulk(unreadable('D1', 'z', { receivedAt: T0 + 59_999 }));
  assert.equal(fault(feed)?.state, 'unacknowledged');
});

test('21 in more than a minute are no fault', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 100; i++) feed.bulk(unreadable('D1', `${i}`, { receivedAt: T0 + i * 3_000 }));
  assert.equal(fault(feed), undefined);
});

test('the fault ends after a minute of quiet, not before', () => {
  const feed = new SituationFeed();
  for (let i = 0; i <= 20; i++) feed.bulk(unreadable('D1', `${i}`));
  const timer = feed.timers.get('malformed/D1');
  assert.equal(timer?.dueAt, T0 + 60_000);
  for (let i = 0; i < 21; i++) feed.bulk(unreadable('D1', `more ${i}`, { receivedAt: T0 + 59_000 }));
  feed.alarm({
    kind: 'timerFired',
    partition: 0,
    appendedAt: T0 + 60_000,
    meta: { timerId: timer.id, firedAt: T0 + 60_000, purpose: timer.purpose },
  });
  assert.equal(fault(feed)?.state, 'unacknowledged');
  assert.equal(feed.timers.get('malformed/D1')?.dueAt, T0 + 119_000);
  feed.fire('malformed/D1');
  assert.equal(fault(feed)?.state, 'returnedUnacknowledged');
});

test('the fault of one device is not its neighbour’s', () => {
  const feed = new SituationFeed();
  for (let i = 0; i < 21; i++)
    feed.bulk(unreadable('D1', `${i}`), unreadable('D2', `${i}`, { receivedAt: T0 + i * 9_000 }));
  assert.deepEqual(
    feed.open().map(({ deviceId }) => deviceId),
    ['D1'],
  );
});

test('an entry that could not be applied is kept with its reason, also when it names no device', () => {
  const effects = new Effects();
  quarantineEntry(
    effects,
    { kind: 'operatorAct', lane: 'alarm', sequence: 3, partition: 9, appendedAt: T0, meta: {} },
    'notApplied: NUL \0 and lone \ud800',
  );
  assert.deepEqual(effects.quarantine, [
    [9, '', 'live', '', T0, 'operatorAct', 'notApplied: NUL ␀ and lone \ufffd', new Uint8Array(), new Uint8Array()],
  ]);
});
