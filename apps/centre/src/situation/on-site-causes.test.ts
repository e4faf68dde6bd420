import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, T0, telemetry, session } from './entries.fixture.ts';
import { telemetryColumns } from './commit/report-steps.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const says = (feed: SituationFeed, seq: number, kind: string, point: string, at = T0 + seq) =>
  feed.alarm(event('D1', { epoch: 'e', seq, at, kind, point, active: true, level: 'warning' }, { receivedAt: at }));

test('arc, heat, leakage and a local act keep a breaker closed to orders, each for the circuits it concerns', () => {
  const feed = new SituationFeed();
  const { onSite } = feed.situation;
  says(feed, 1, 'overload', 'c1');
  assert.equal(onSite.of('D1', 'c1'), undefined, 'an overload alone does not');
  const effects = says(feed, 2, 'arc', 'c1');
  assert.deepEqual([...effects.onSiteCauses.keys()], ['D1/c1']);
  assert.deepEqual(onSite.of('D1', 'c1'), { deviceId: 'D1', prefix: 'c1', kind: 'arc', at: T0 + 2 });
  assert.equal(onSite.of('D1', 'c2'), undefined);
  assert.equal(onSite.of('D2', 'c1'), undefined);
  says(feed, 3, 'contactHeating', 't4.temperatureC');
  assert.equal(onSite.of('D1', 'c2')?.kind, 'contactHeating', 'which circuit a temperature point sits on is not known');
  says(feed, 4, 'residualCurrent', 'c1');
  assert.equal(onSite.of('D1', 'c1')?.kind, 'residualCurrent', 'the newest is named');
});

test('an alarm that is over, or was told late, changes nothing', () => {
  const feed = new SituationFeed();
  says(feed, 1, 'arc', 'c1');
  const over = { epoch: 'e', seq: 2, at: T0 + 5, kind: 'arc', point: 'c1', active: false } as const;
  feed.alarm(event('D1', over, { receivedAt: T0 + 5 }));
  says(feed, 3, 'residualCurrent', 'c1', T0 - 60_000);
  assert.equal(feed.situation.onSite.of('D1', 'c1')?.kind, 'arc');
});

const IDENTITY_SUSPECT = telemetryColumns.findIndex(([name]) => name === 'identity_suspect');

test('rows of telemetry are marked while the identity of their device is suspect, and only then', () => {
  const feed = new SituationFeed();
  const marks = (seq: number): unknown[] =>
    feed
      .bulk(telemetry('D1', { epoch: 't', seq, at: T0, values: { 'c1.currentA': seq } }))
      .telemetry.map((row) => row[IDENTITY_SUSPECT]);
  assert.deepEqual(marks(1), [false]);
  for (let number = 1; number <= 6; number++) {
    const options = { receivedAt: T0 + number * 1_000 };
    feed.bulk({
      ...session('D1', 'opened', number, options),
      meta: { ...session('D1', 'opened', number, options).meta, address: `10.0.0.${number % 2}`, tookOver: true },
    });
  }
  assert.equal(feed.open('clonedIdentity').length, 1);
  assert.deepEqual(marks(2), [true]);
});
