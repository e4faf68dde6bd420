import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules, ruleOfLimit, type Rule } from '@fengsui/alarm';
import { deviceRecord, house, registryChange, T0, telemetry } from '../situation/entries.fixture.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { RuleVersion } from './rule-book.ts';

const found = defaultLimitRules.find(({ id }) => id === 'terminal-temperature-alarm');
assert.ok(found);
const base = ruleOfLimit(found);
assert.ok(base.test.kind === 'limit');
const limit = base.test;
const ID = base.id;

const version = (number: number, more: Partial<Rule>, state: RuleVersion['state'] = 'on'): RuleVersion => ({
  rule: { ...base, version: number, ...more },
  state,
  author: 'zhang',
  reviewer: 'wang',
  lines: [],
});
const put = (kept: RuleVersion, at: number) => registryChange([{ kind: 'rulePut', version: kept }], at);
const above = (threshold: number): Partial<Rule> => ({ test: { ...limit, threshold } });

let seq = 0;
const warm = (value: number, at: number, deviceId = 'D1') =>
  telemetry(deviceId, { epoch: 'r', seq: ++seq, at, values: { 't1.temperatureC': value } }, { receivedAt: at });

/** A house in which D1 stands at 92 °C: its alarm is on by warning (70) and alarm (85) of the product. */
function hot(): SituationFeed {
  const feed = new SituationFeed();
  feed.bulk(warm(92, T0), warm(92, T0 + 5_000));
  assert.equal(feed.open('overTemperature')[0]?.level, 'alarm');
  return feed;
}
const sources = (feed: SituationFeed) => feed.situation.condition('D1/t1/overTemperature')?.condition.sources ?? {};

test('a threshold that is raised above the value ends the source of the rule, within the dead-band too', () => {
  const feed = hot();
  // 92 is not above 95, and not back by its dead-band of 5 either: nothing would ever have ended it.
  feed.alarm(put(version(2, above(95)), T0 + 6_000));
  assert.deepEqual(sources(feed), { 'rule:terminal-temperature-warning': 'warning' });
  feed.bulk(warm(96, T0 + 10_000), warm(96, T0 + 14_000));
  assert.equal(sources(feed)[`rule:${ID}`], 'alarm', 'and the new threshold watches');
});

test('what is beyond the new threshold too goes on as one alarm', () => {
  const feed = hot();
  const before = feed.open('overTemperature')[0];
  feed.alarm(put(version(2, above(90)), T0 + 6_000));
  const after = feed.open('overTemperature')[0];
  assert.deepEqual([after?.id, after?.count, sources(feed)[`rule:${ID}`]], [before?.id, before?.count, 'alarm']);
});

test('a rule that is switched off ends its sources, and watches again when that is taken back', () => {
  const feed = hot();
  feed.alarm(put(version(2, { test: { kind: 'off' } }), T0 + 6_000));
  assert.equal(sources(feed)[`rule:${ID}`], undefined);
  feed.bulk(warm(99, T0 + 10_000), warm(99, T0 + 20_000));
  assert.equal(sources(feed)[`rule:${ID}`], undefined);
  feed.alarm(put(version(2, { test: { kind: 'off' } }, 'retired'), T0 + 21_000));
  feed.bulk(warm(99, T0 + 30_000), warm(99, T0 + 40_000));
  assert.equal(sources(feed)[`rule:${ID}`], 'alarm');
});

test('a version holds in its scope alone, the newest first, and the product’s elsewhere', () => {
  const feed = new SituationFeed(house);
  const thresholds = (venueId: string) =>
    feed.situation.limits
      .rulesOf('generic-terminal', 't1.temperatureC', venueId)
      .filter(({ id }) => id === ID)
      .map(({ threshold }) => threshold);
  const venue = feed.situation.registry.venue('V2');
  assert.ok(venue);
  feed.alarm(registryChange([{ kind: 'venuePut', venue: { ...venue, class: 'hospital' } }]));
  feed.alarm(put(version(2, { ...above(60), scope: { venueClasses: ['hospital'] } }), T0));
  assert.deepEqual([thresholds('V1'), thresholds('V2')], [[85], [60]]);
  feed.alarm(put(version(3, { ...above(50), scope: { jurisdictions: ['O1'], models: ['generic-terminal'] } }), T0));
  assert.deepEqual([thresholds('V1'), thresholds('V2')], [[50], [50]]);
  feed.alarm(put(version(3, { ...above(50), scope: { jurisdictions: ['O1'] } }, 'retired'), T0));
  assert.deepEqual([thresholds('V1'), thresholds('V2')], [[85], [60]]);
  for (const state of ['draft', 'tried', 'reviewed'] as const) feed.alarm(put(version(4, above(40), state), T0));
  assert.deepEqual(thresholds('V1'), [85], 'what is not on watches nothing');
});

test('a delay that runs when the rule changes ends by its timer, or not at all when the rule is gone', () => {
  for (const isGone of [false, true]) {
    const feed = new SituationFeed();
    feed.bulk(warm(92, T0));
    const timer = [...feed.timers.keys()].find((id) => id.endsWith(`/${ID}`));
    assert.ok(timer);
    feed.alarm(put(version(2, isGone ? { test: { kind: 'off' } } : above(90)), T0 + 1_000));
    assert.equal(feed.timers.has(timer), !isGone);
    if (!isGone) feed.fire(timer);
    assert.equal(sources(feed)[`rule:${ID}`], isGone ? undefined : 'alarm');
  }
});

test('a venue that comes into another class is judged by the rules of that class', () => {
  const feed = hot();
  feed.alarm(put(version(2, { ...above(95), scope: { venueClasses: ['enterprise'] } }), T0 + 6_000));
  assert.equal(sources(feed)[`rule:${ID}`], 'alarm');
  const venue = feed.situation.registry.venue('V1');
  assert.ok(venue);
  feed.alarm(registryChange([{ kind: 'venuePut', venue: { ...venue, class: 'enterprise' } }], T0 + 7_000));
  assert.equal(sources(feed)[`rule:${ID}`], undefined);
});

test('a device that is put into a venue with other rules is judged by those', () => {
  const feed = hot();
  const venue = feed.situation.registry.venue('V2');
  assert.ok(venue);
  feed.alarm(registryChange([{ kind: 'venuePut', venue: { ...venue, class: 'hospital' } }], T0 + 6_000));
  feed.alarm(put(version(2, { ...above(95), scope: { venueClasses: ['hospital'] } }), T0 + 7_000));
  assert.equal(sources(feed)[`rule:${ID}`], 'alarm', 'it is in V1');
  feed.alarm(registryChange([{ kind: 'devicePut', device: deviceRecord('D1', { venueId: 'V2' }) }], T0 + 8_000));
  assert.deepEqual(sources(feed), { 'rule:terminal-temperature-warning': 'warning' });
});
