import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEntry } from '../journal/entry.ts';
import { event, T0, telemetry, type ReportOptions } from './entries.fixture.ts';
import { valueRows, type ReportedValues } from './reported-values.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

// Columns of a telemetry row as migration 0001 names them.
const AT = 7;
const DEVICE_AT = 9;
const LIVE = 12;
const VALUES = 14;
/** `t1.temperatureC` stands behind 8 circuits of 9 quantities each (design.md 5.5). */
const T1_COLUMN = 72;

let seq = 0;
const report = (values: Readonly<Record<string, unknown>>, at: number, options: ReportOptions = {}): NewEntry =>
  telemetry('D1', { epoch: 't', seq: ++seq, at, values }, { receivedAt: at, ...options });
const warm = (temperatureC: number, at: number, options: ReportOptions = {}): NewEntry =>
  report({ 't1.temperatureC': temperatureC }, at, options);

/** What a screen shows after it: of each point the last that was told. */
const shownOf = (values: readonly ReportedValues[]) => [
  ...new Map(values.flatMap((reported) => [...valueRows(reported)].map((row) => [row[1], row]))).values(),
];

test('a row holds the values in the order of the model, and null for what was not reported', () => {
  const feed = new SituationFeed();
  const { telemetry: rows, values } = feed.bulk(report({ 't1.temperatureC': 31.5, 'c1.voltageV': 229.8 }, T0));
  const expected = new Array<number | null>(80).fill(null);
  expected[0] = 229.8;
  expected[T1_COLUMN] = 31.5;
  assert.deepEqual(rows[0]?.[VALUES], expected);
  assert.deepEqual(shownOf(values), [
    ['D1', 't1.temperatureC', T0, 31.5],
    ['D1', 'c1.voltageV', T0, 229.8],
  ]);
});

test('a batch is one report of several rows, and only its newest values are shown', () => {
  const feed = new SituationFeed();
  const batch = {
    epoch: 'batch',
    seq: 1,
    at0: T0,
    periodMs: 1_000,
    points: ['c1.currentA', 'c2.currentA'],
    rows: [
      [1, 5],
      [2, null],
      [3, null],
    ],
  };
  const { telemetry: rows, values } = feed.bulk(telemetry('D1', batch));
  assert.deepEqual(
    rows.map((row) => [row[6], row[AT]]),
    [
      [0, T0],
      [1, T0 + 1_000],
      [2, T0 + 2_000],
    ],
  );
  assert.deepEqual(shownOf(values), [
    ['D1', 'c1.currentA', T0 + 2_000, 3],
    ['D1', 'c2.currentA', T0, 5],
  ]);
});

test('unknown points and wrong types go to quarantine, the good values of the report are kept', () => {
  const feed = new SituationFeed();
  const effects = feed.bulk(report({ 'c1.currentA': 4, 'c9.currentA': 4, 'c2.currentA': 'four' }, T0));
  assert.equal(effects.telemetry.length, 1);
  assert.equal(feed.situation.values.get('D1', 'c1.currentA')?.value, 4);
  assert.equal(effects.quarantine.length, 1);
  const reason = String(effects.quarantine[0]?.[6]);
  assert.match(reason, /^badValues: /);
  assert.match(reason, /c9\.currentA \(unknownPoint\)/);
  assert.match(reason, /c2\.currentA="four" \(notNumber\)/);
});

test('a report with a thousand unknown points is quarantined in a reason of bounded length', () => {
  const feed = new SituationFeed();
  const values = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`x${i}`, i]));
  const { quarantine } = feed.bulk(report(values, T0));
  assert.match(String(quarantine[0]?.[6]), / and 980 more$/);
});

test('a time that cannot be believed is replaced by the receipt, kept beside it, and is a fault of the clock', () => {
  const rows: readonly (readonly [deviceAt: number, isSuspect: boolean])[] = [
    [T0 + 300_000, false],
    [T0 + 300_001, true],
    [T0 - 86_400_000 * 30, false],
    [Date.UTC(2014, 11, 31, 23, 59, 59, 999), true],
    [0, true],
    [-1, true],
  ];
  for (const [deviceAt, isSuspect] of rows) {
    const feed = new SituationFeed();
    const { telemetry: stored } = feed.bulk(report({ 'c1.currentA': 1 }, deviceAt, { receivedAt: T0 }));
    assert.equal(stored[0]?.[AT], isSuspect ? T0 : deviceAt, `${deviceAt}`);
    assert.equal(stored[0]?.[DEVICE_AT], isSuspect ? deviceAt : null, `${deviceAt}`);
    assert.equal(feed.open('clockSuspect').length, isSuspect ? 1 : 0, `${deviceAt}`);
    assert.equal(feed.situation.deviceStates.get('D1')?.clockSuspect ?? false, isSuspect);
  }
});

test('the clock fault ends with the next live report that can be believed, not with backlog', () => {
  const feed = new SituationFeed();
  feed.bulk(report({ 'c1.currentA': 1 }, 1_000, { receivedAt: T0 }));
  feed.bulk(report({ 'c1.currentA': 1 }, T0, { live: false }));
  assert.equal(feed.open('clockSuspect')[0]?.state, 'unacknowledged');
  feed.bulk(report({ 'c1.currentA': 1 }, T0 + 1_000));
  assert.equal(feed.open('clockSuspect')[0]?.state, 'returnedUnacknowledged');
  assert.equal(feed.situation.deviceStates.get('D1')?.clockSuspect, undefined);
  feed.bulk(report({ 'c1.currentA': 1 }, 1_000, { receivedAt: T0, live: false }));
  assert.equal(feed.open('clockSuspect')[0]?.state, 'returnedUnacknowledged', 'nor is it raised by backlog');
});

test('a report without a time counts at its receipt and says nothing about the clock', () => {
  const feed = new SituationFeed();
  const { telemetry: rows } = feed.bulk(telemetry('D1', { values: { 'c1.currentA': 1 } }));
  assert.deepEqual([rows[0]?.[AT], rows[0]?.[DEVICE_AT]], [T0, null]);
  assert.deepEqual(feed.open(), []);
});

test('backlog fills the history, is not shown as the newest value and raises nothing', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(20, T0));
  const effects = feed.bulk(warm(99, T0 - 60_000, { live: false, receivedAt: T0 + 1 }));
  assert.equal(effects.telemetry[0]?.[LIVE], false);
  assert.equal(effects.values.length, 0);
  assert.equal(feed.situation.values.get('D1', 't1.temperatureC')?.value, 20);
  assert.equal(feed.timers.size, 0);
  assert.deepEqual(feed.open(), []);
});

test('what backlog exceeded is listed as a late hazard, once per limit', () => {
  const feed = new SituationFeed();
  const { lateHazards } = feed.bulk(
    warm(90, T0 - 60_000, { live: false, receivedAt: T0 }),
    warm(75, T0 - 50_000, { live: false, receivedAt: T0 }),
    warm(70, T0 - 40_000, { live: false, receivedAt: T0 }),
  );
  assert.deepEqual(
    lateHazards.map((row) => row.slice(3)),
    [
      ['D1', 't1.temperatureC', 'terminal-temperature-alarm', 'overTemperature', 'alarm', T0 - 60_000, T0, 90, 85],
      ['D1', 't1.temperatureC', 'terminal-temperature-warning', 'overTemperature', 'warning', T0 - 60_000, T0, 90, 70],
      ['D1', 't1.temperatureC', 'terminal-temperature-warning', 'overTemperature', 'warning', T0 - 50_000, T0, 75, 70],
    ],
  );
});

test('a circuit that was switched off is no late under-voltage', () => {
  const feed = new SituationFeed();
  const voltage = (voltageV: number): NewEntry =>
    report({ 'c1.voltageV': voltageV }, T0 - 60_000, { live: false, receivedAt: T0 });
  assert.deepEqual(feed.bulk(voltage(0), voltage(21.9)).lateHazards, []);
  assert.deepEqual(
    feed.bulk(voltage(22)).lateHazards.map((row) => row[5]),
    ['under-voltage-alarm', 'under-voltage-warning'],
  );
});

test('85 °C for 3 s is an alarm: the timer raises it when no further report comes', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0 + 40, { receivedAt: T0 + 90 }));
  assert.deepEqual(feed.open(), []);
  const timer = feed.timers.get('limit/D1/t1.temperatureC/terminal-temperature-alarm');
  assert.equal(timer?.dueAt, T0 + 3_090, '3 s from the receipt, whatever the clock of the device says');
  feed.fire('limit/D1/t1.temperatureC/terminal-temperature-alarm', T0 + 3_100);
  const [alarm] = feed.open();
  assert.deepEqual(
    [alarm?.kind, alarm?.level, alarm?.category, alarm?.priority, alarm?.state, alarm?.pointId],
    ['overTemperature', 'alarm', 'warning', 'P2', 'unacknowledged', 't1.temperatureC'],
  );
  assert.deepEqual([alarm?.value, alarm?.limit], [86, 85]);
  assert.equal(alarm?.raisedAt, new Date(T0 + 3_040).toISOString(), 'raised at the end of the delay, on its clock');
});

test('85 °C for 3 s is an alarm: a later sample raises it when it comes before the timer', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0));
  feed.bulk(warm(87, T0 + 2_999));
  assert.deepEqual(feed.open(), []);
  feed.bulk(warm(88, T0 + 3_000));
  assert.deepEqual(
    feed.open().map(({ level, value }) => [level, value]),
    [['alarm', 88]],
  );
  assert.deepEqual([...feed.timers.keys()], [], 'both limits are decided');
});

test('the worse of two limits raises first, the other one adds nothing to see', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0), warm(86, T0 + 3_000));
  const [alarm] = feed.open();
  assert.deepEqual([alarm?.level, alarm?.count, feed.open().length], ['alarm', 1, 1]);
});

test('a value that falls back within the delay raises nothing, and its timer is gone', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0), warm(60, T0 + 1_000));
  assert.deepEqual([...feed.timers.keys()], []);
  feed.bulk(warm(86, T0 + 2_000), warm(86, T0 + 3_500));
  assert.deepEqual(feed.open(), [], 'the delay began anew');
});

test('the alarm ends when the value is back inside by the dead-band for the off-delay', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0), warm(86, T0 + 3_000));
  feed.bulk(warm(81, T0 + 4_000));
  assert.equal(feed.timers.size, 0, '81 is within the dead-band of 85 and above 70');
  feed.bulk(warm(65, T0 + 5_000));
  for (const rule of ['alarm', 'warning'])
    feed.fire(`limit/D1/t1.temperatureC/terminal-temperature-${rule}`, T0 + 15_000);
  assert.deepEqual(
    feed.open().map(({ state, clearedAt }) => [state, clearedAt]),
    [['returnedUnacknowledged', new Date(T0 + 15_000).toISOString()]],
  );
});

test('a timer that was on its way while the value left and came back does not end the newer delay', () => {
  const feed = new SituationFeed();
  const id = 'limit/D1/t1.temperatureC/terminal-temperature-alarm';
  feed.bulk(warm(86, T0));
  const early = feed.timers.get(id);
  assert.ok(early);
  feed.bulk(warm(60, T0 + 2_000), warm(86, T0 + 2_500));
  // It fired just before those two were applied.
  feed.alarm({
    kind: 'timerFired',
    partition: 0,
    appendedAt: T0 + 3_000,
    meta: { timerId: id, firedAt: T0 + 3_000, purpose: early.purpose },
  });
  assert.deepEqual(feed.open(), []);
  assert.equal(feed.timers.get(id)?.dueAt, T0 + 5_500);
  feed.fire(id);
  assert.equal(feed.open('overTemperature')[0]?.level, 'alarm');
});

test('a limit whose last value is not known any more raises all the same', () => {
  const before = new SituationFeed();
  before.bulk(warm(86, T0));
  const id = 'D1/t1.temperatureC/terminal-temperature-alarm';
  const after = new SituationFeed();
  after.situation.limits.restore(id, { phase: 'entering', since: T0, lastAt: T0 });
  const timer = before.timers.get(`limit/${id}`);
  assert.ok(timer);
  after.timers.set(timer.id, timer);
  after.fire(timer.id);
  const [alarm] = after.open();
  assert.deepEqual([alarm?.level, alarm?.limit, alarm?.value], ['alarm', 85, undefined]);
});

test('a live report is evaluated although the clock of the device went back', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(20, T0 + 250_000, { receivedAt: T0 }));
  feed.bulk(warm(90, T0 + 10, { receivedAt: T0 + 10 }));
  feed.fire('limit/D1/t1.temperatureC/terminal-temperature-alarm');
  const [alarm] = feed.open('overTemperature');
  assert.deepEqual([alarm?.level, alarm?.value], ['alarm', 90]);
  assert.deepEqual(feed.situation.values.get('D1', 't1.temperatureC'), { at: T0 + 10, value: 90 });
});

test('a point and its prefix are one condition: active while the rule or the device says so', () => {
  const feed = new SituationFeed();
  feed.bulk(warm(86, T0), warm(86, T0 + 3_000));
  const device = (active: boolean, at: number): NewEntry =>
    event('D1', { at, kind: 'overTemperature', point: 't1', active, level: 'alarm' }, { receivedAt: at });
  feed.alarm(device(true, T0 + 4_000));
  assert.deepEqual(
    feed.open().map(({ kind, count }) => [kind, count]),
    [['overTemperature', 1]],
  );
  feed.bulk(warm(20, T0 + 5_000), warm(20, T0 + 15_000));
  assert.equal(feed.open()[0]?.state, 'unacknowledged', 'the device still says so');
  feed.alarm(device(false, T0 + 16_000));
  assert.equal(feed.open()[0]?.state, 'returnedUnacknowledged');
});
