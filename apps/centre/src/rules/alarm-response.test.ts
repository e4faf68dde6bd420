import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules, defaultResponses, ruleOfLimit } from '@fengsui/alarm';
import { event, registryChange, T0, telemetry } from '../situation/entries.fixture.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import { alarmResponse } from './alarm-response.ts';

const limit = defaultLimitRules.find(({ id }) => id === 'terminal-temperature-alarm');
assert.ok(limit);
const words = (zh: string, en: string) => ({ zh, en });

test('what the rules that keep an alarm on say, soonest first and each once; of a device’s own the product’s', () => {
  const feed = new SituationFeed();
  const own = {
    ...{ ...ruleOfLimit(limit), version: 2, timeAllowedS: 300 },
    ...{ consequence: words('烧', 'it burns'), response: words('断', 'cut it') },
  };
  const version = { rule: own, state: 'on', author: 'a', reviewer: 'b', lines: [] } as const;
  feed.alarm(registryChange([{ kind: 'rulePut', version }]));
  const warm = (at: number) =>
    telemetry('D1', { epoch: 'a', seq: at - T0, at, values: { 't1.temperatureC': 92 } }, { receivedAt: at });
  feed.bulk(warm(T0), warm(T0 + 10_000));
  const [alarm] = feed.open('overTemperature');
  assert.ok(alarm);
  const since = Date.parse(alarm.escalatedAt ?? alarm.raisedAt);
  assert.deepEqual(
    alarmResponse(feed.situation, alarm).map(({ ruleId, version: number, response, dueAt }) => [
      ...[ruleId, number, response.en, (Date.parse(dueAt) - since) / 1_000],
    ]),
    [
      ['terminal-temperature-alarm', 2, 'cut it', 300],
      ['terminal-temperature-warning', 1, defaultResponses['overTemperature']?.response.en, 1_800],
    ],
  );

  feed.alarm(event('S1', { at: T0, kind: 'smoke', active: true, level: 'alarm' }));
  const [smoke] = feed.open('smoke');
  assert.ok(smoke);
  assert.deepEqual(
    alarmResponse(feed.situation, smoke).map(({ ruleId, timeAllowedS }) => [ruleId, timeAllowedS]),
    [[undefined, 60]],
  );
  feed.alarm(event('D1', { at: T0, kind: 'constructor', active: true, level: 'alarm' }));
  const [unknown] = feed.open('constructor');
  assert.deepEqual(unknown && alarmResponse(feed.situation, unknown), []);
});
