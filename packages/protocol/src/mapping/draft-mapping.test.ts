import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMapping } from './apply-mapping.ts';
import { draftMapping, type MappingDraft } from './draft-mapping.ts';
import { shapeOf, topicShapeOf } from './message-shape.ts';
import { leavesOf, proposeFields } from './propose-fields.ts';
import { readMapping } from './read-mapping.ts';

const place = (...steps: (string | number)[]) => ({ place: steps });
const message = {
  gateway: 'G1',
  sent: '2026-11-21 09:00:00',
  devices: [
    {
      sn: 'A',
      samples: [
        { 'odd.name': 251, alarm: 1 },
        { 'odd.name': 252, alarm: 0 },
      ],
    },
    { sn: 'B', samples: [{ 'odd.name': 253, alarm: 0 }] },
  ],
};
const draft: MappingDraft = {
  name: 'nested',
  device: place('devices', 0, 'sn'),
  table: { A: 'D1', B: 'D2' },
  time: { pick: place('sent'), format: 'local' },
  key: [place('gateway')],
  values: [{ pick: place('devices', 1, 'samples', 0, 'odd.name'), point: 'heat.temperatureC', scale: 0.1 }],
  conditions: [
    {
      pick: place('devices', 0, 'samples', 1, 'alarm'),
      cases: { '1': { kind: 'smoke' }, '0': { kind: 'smoke', active: false } },
    },
  ],
};

test('what was pointed at in lists of lists is found in every element, and outside of them', () => {
  const mapping = draftMapping(draft);
  assert.ok(mapping);
  assert.equal(mapping.reports, 'devices[*].samples[*]');
  assert.deepEqual(
    [mapping.device.path, mapping.time?.path, mapping.key, mapping.values?.[0]?.path, mapping.conditions?.[0]?.path],
    ['^.sn', '$.sent', ['$.gateway'], '["odd.name"]', 'alarm'],
  );
  assert.equal(readMapping(mapping).kind, 'mapping');
  const { statements, unmapped, warnings } = applyMapping(mapping, message);
  assert.deepEqual([unmapped, warnings], [[], []]);
  assert.deepEqual(
    statements.map((one) => [
      one.deviceId,
      one.kind === 'values' ? Math.round((one.values['heat.temperatureC'] ?? 0) * 10) : one.active,
    ]),
    [
      ['D1', 251],
      ['D1', true],
      ['D1', 252],
      ['D1', false],
      ['D2', 253],
      ['D2', false],
    ],
  );
  assert.ok(statements.every(({ at }) => at === Date.parse('2026-11-21T09:00:00+08:00')));
});

test('values of two lists that do not stand in each other are no one mapping', () => {
  const two = { ...draft, values: [{ pick: place('other', 0, 'v'), point: 'x.y' }] };
  assert.equal(draftMapping(two), undefined);
});

test('a list at the top, a flat message, a topic and a bare text are drafted too', () => {
  const top = draftMapping({
    name: 'top',
    device: place(0, 'id'),
    values: [{ pick: place(0, 'v'), point: 'p' }],
    conditions: [],
  });
  assert.deepEqual([top?.reports, top?.device.path, top?.values?.[0]?.path], ['[*]', 'id', 'v']);
  assert.deepEqual(
    applyMapping(top ?? assert.fail(), [
      { id: 'D1', v: 1 },
      { id: 'D2', v: 2 },
    ]).statements.map(({ deviceId }) => deviceId),
    ['D1', 'D2'],
  );
  const text = draftMapping({
    name: 'text',
    topic: 'plant/+/temperature',
    isText: true,
    device: { topicLevel: 1 },
    values: [{ pick: place(), point: 'heat.temperatureC' }],
    conditions: [],
  });
  assert.deepEqual(applyMapping(text ?? assert.fail(), 23.5, 'plant/D7/temperature').statements, [
    { deviceId: 'D7', kind: 'values', values: { 'heat.temperatureC': 23.5 } },
  ]);
  assert.equal(applyMapping(text ?? assert.fail(), 23.5, 'plant/D7/humidity').unmapped[0]?.reason, 'noVariant');
});

test('proposals name ids, times, keys, values and conditions by name and form, and nothing else', () => {
  const roles = (body: unknown): Record<string, string> =>
    Object.fromEntries(
      proposeFields(body).map(({ place: at, role, quantity, eventKind, format }) => [
        at.join('.'),
        [role, quantity ?? eventKind ?? format].filter((word) => word !== undefined).join(' '),
      ]),
    );
  assert.deepEqual(
    roles({
      deviceId: 'x1',
      timestamp: 1_763_718_000_123,
      messageType: 'dataReport',
      upPacketSN: -1,
      payload: { temperature: '25.3', smoke_status: 1, battery_level: 88, Model: 'P', 烟雾浓度: 0.4, crc: 320 },
    }),
    {
      deviceId: 'device',
      timestamp: 'time epochMs',
      'payload.temperature': 'value temperatureC',
      'payload.smoke_status': 'condition smoke',
      'payload.battery_level': 'value batteryPct',
      'payload.烟雾浓度': 'value obscurationPctPerM',
    },
  );
  assert.deepEqual(
    roles({ data: [{ imei: 8610, msgId: 'm1', alarmType: 1, eventTime: '2026-11-21 09:00:00' }, { imei: 1 }] }),
    {
      'data.0.imei': 'device',
      'data.0.msgId': 'key',
      'data.0.alarmType': 'condition',
      'data.0.eventTime': 'time local',
    },
  );
  assert.deepEqual(roles({ time: 'soon', id: '', name: 'x', count: 3 }), {});
});

test('messages that differ in values only have one shape, others another', () => {
  const shape = (json: unknown, topic?: string): string =>
    shapeOf({ json: { value: json }, ...(topic !== undefined && { topic }) });
  assert.equal(shape({ a: 1, b: ['x', 'y'] }), shape({ b: ['z'], a: 2.5 }));
  assert.equal(
    shape({ '861000000000001': { v: 1 } }),
    shape({ '861000000000002': { v: 3 }, '861000000000003': { v: 3 } }),
  );
  assert.notEqual(shape({ a: 1 }), shape({ a: '1' }));
  assert.notEqual(shape({ a: 1 }), shape({ a: 1, b: 1 }));
  assert.equal(topicShapeOf('vendor/8610001/up/smoke'), 'vendor/+/up/smoke');
  assert.equal(shape({}, 'v/1/a'), shape({}, 'v/2/a'));
  assert.notEqual(shape({}, 'v/1/a'), shape({}, 'v/1/b'));
  assert.notEqual(shapeOf({ text: 'ON' }), shapeOf({}));
  let deep: unknown = 1;
  for (let i = 0; i < 5_000; i++) deep = { deep };
  assert.ok(shape(deep).length < 200);
  assert.ok(leavesOf(deep).length <= 1);
});
