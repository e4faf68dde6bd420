import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMapping, type DeviceModel } from '@fengsui/protocol';
import {
  changePicked,
  emptyDraft,
  exampleOf,
  gapsOf,
  mappingOf,
  pickWords,
  proposalsOf,
  togglePick,
  wordsAt,
  type Example,
} from './map-draft.ts';

const message = (text: string, topic?: string): Example =>
  exampleOf({ id: 'i', receivedAt: '', text, ...(topic !== undefined && { topic }) }) ?? assert.fail();
const model = { points: [{ id: 'heat.temperatureC', unit: '°C', family: 'heat' }] } as unknown as DeviceModel;

test('from a click on each value to a mapping that reads the message', () => {
  const body = (imei: string, alarm: number) =>
    JSON.stringify({ data: [{ imei, msgId: 'm1', temp: 253, alarm, time: '2026-11-21 09:00:00' }] });
  const examples = [message(body('861', 1)), message(body('862', 0))];
  const [first] = examples;
  assert.ok(first);
  const { device, time, key, others } = proposalsOf(first);
  assert.deepEqual([device?.word, time?.format, key?.word], ['861', 'local', 'm1']);
  assert.ok(device && time && key);
  let draft = { ...emptyDraft, device: device.pick, time: { pick: time.pick, format: time.format }, key: key.pick };
  assert.deepEqual(gapsOf(draft), ['table', 'picked']);
  assert.deepEqual(wordsAt(device.pick, examples), ['861', '862']);
  draft = { ...draft, table: { '861': 'H1', '862': '' } };
  for (const pick of [{ place: ['data', 0, 'temp'] }, { place: ['data', 0, 'alarm'] }])
    draft = { ...draft, ...togglePick(draft, pick, examples, others.get(JSON.stringify(pick.place)), model) };
  assert.deepEqual(
    draft.picked.map(({ kind }) => kind),
    ['value', 'condition'],
  );
  assert.deepEqual(gapsOf(draft), ['cases']);
  const [value, condition] = draft.picked;
  assert.ok(value?.kind === 'value' && condition?.kind === 'condition');
  assert.equal(value.point, 'heat.temperatureC', 'the only point of the model that fits');
  assert.deepEqual(
    condition.cases.map(({ word }) => word),
    ['1', '0'],
  );
  draft = { ...draft, ...changePicked(draft, 0, { ...value, scale: '0.1' }) };
  const means = (word: string) => ({ kind: 'heat', level: 'alarm' as const, active: word === '1' });
  const cases = condition.cases.map(({ word }) => ({ word, means: means(word) }));
  draft = { ...draft, ...changePicked(draft, 1, { ...condition, cases }) };
  assert.deepEqual(gapsOf(draft), []);
  const mapping = mappingOf(draft, 'mine', undefined, false);
  assert.ok(mapping);
  const result = applyMapping(mapping, first.value);
  assert.deepEqual(
    result.statements.map((one) => [
      one.deviceId,
      one.at,
      one.kind === 'values' ? one.values : [one.eventKind, one.active],
    ]),
    [
      ['H1', Date.parse('2026-11-21T09:00:00+08:00'), { 'heat.temperatureC': 25.3 }],
      ['H1', Date.parse('2026-11-21T09:00:00+08:00'), ['heat', true]],
    ],
  );
  assert.equal(applyMapping(mapping, examples[1]?.value).unmapped[0]?.reason, 'deviceNotInTable');
  const again = togglePick(draft, { place: ['data', 0, 'temp'] }, examples, undefined, model);
  assert.equal(again.picked.length, 1, 'a second click takes it away');
});

test('ids that are ours need no table; the level of a topic and a bare text can be pointed at', () => {
  const text = message('23.5', 'plant/h1/temperature');
  assert.deepEqual([text.isText, text.value], [false, 23.5]);
  const word = message('ON', 'plant/h1/state');
  assert.equal(word.isText, true);
  const proposed = proposalsOf(word);
  assert.deepEqual(proposed.device, { pick: { topicLevel: 1 }, word: 'h1' });
  assert.equal(pickWords({ topicLevel: 1 }), 'topic 2');
  assert.equal(pickWords({ place: ['a', 0, 'b'] }), 'a[0].b');
  let draft = togglePick(
    { ...emptyDraft, device: { topicLevel: 1 }, table: { h1: 'h1' } },
    { place: [] },
    [word],
    undefined,
    model,
  );
  const [one] = draft.picked;
  assert.ok(one?.kind === 'condition');
  draft = changePicked(draft, 0, {
    ...one,
    cases: [{ word: 'ON', means: { kind: 'smoke', level: 'alarm', active: true } }],
  });
  const mapping = mappingOf(draft, 'switch', 'plant/+/state', word.isText);
  assert.equal(mapping?.device.table, undefined);
  assert.equal(mapping?.body, 'text');
  const { statements } = applyMapping(mapping ?? assert.fail(), 'ON', 'plant/h1/state');
  assert.deepEqual(
    statements.map(({ deviceId, kind }) => [deviceId, kind]),
    [['h1', 'condition']],
  );
});
