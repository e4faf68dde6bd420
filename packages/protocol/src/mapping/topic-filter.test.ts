import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesTopic, topicFilterProblem } from './topic-filter.ts';

test('filters match as MQTT 3.1.1 section 4.7 says', () => {
  // The examples of the standard, 4.7.1.2 and 4.7.1.3.
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'anything/at/all', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['+/tennis/#', 'sport/tennis/x', true],
    ['a/b', 'a/b/c', false],
    ['a/b/c', 'a/b', false],
  ];
  for (const [filter, topic, expected] of rows)
    assert.equal(matchesTopic(filter, topic), expected, `${filter} ${topic}`);
});

test('our own tree and the broker’s match no filter, however wide', () => {
  for (const topic of ['fengsui/v1/d1/event', 'fengsui', 'fengsui/x', '$SYS/broker/uptime']) {
    for (const filter of ['#', '+/#', '+/v1/+/event', '+/x', '+', '$SYS/#'])
      assert.equal(matchesTopic(filter, topic), false, `${filter} ${topic}`);
  }
  assert.equal(matchesTopic('#', 'fengsuix/v1'), true);
});

test('what is no filter of foreign topics is refused with its reason', () => {
  for (const filter of ['', 'a/#/b', 'a#', 'a/b+', '$SYS/#', 'fengsui/v1/#', 'fengsui', 'a\0b', 'x'.repeat(257)])
    assert.equal(typeof topicFilterProblem(filter), 'string', filter);
  for (const filter of ['#', '+', 'a/+/b/#', '/a', 'vendor/设备/+'])
    assert.equal(topicFilterProblem(filter), undefined);
});
