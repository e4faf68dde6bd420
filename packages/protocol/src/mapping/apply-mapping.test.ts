import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEvent } from '../wire/event.ts';
import { decodeTelemetry } from '../wire/telemetry.ts';
import { applyMapping, type MappingResult } from './apply-mapping.ts';
import type { Mapping } from './mapping.ts';
import { readMapping } from './read-mapping.ts';
import { wireReportOf } from './statement-wire.ts';

const mapping: Mapping = {
  schemaVersion: 1,
  name: 'test',
  reports: 'list[*]',
  device: { path: 'id', table: { 'F-1': 'D1' } },
  time: { path: 'ts', format: 'epochS' },
  key: ['$.batch', 'n'],
  values: [
    { path: 'v', point: 't1.temperatureC', scale: 0.1, offset: -40, unit: { path: 'u', is: 'raw' } },
    { path: 'v2', point: 'c1.voltageV', when: { path: 'type', is: ['meter', '2'] } },
  ],
  conditions: [
    {
      path: 'alarm',
      point: 't1',
      cases: {
        '1': { kind: 'smoke' },
        '0': { kind: 'smoke', active: false },
        true: { kind: 'fault', level: 'warning', point: '' },
        '9': 'ignore',
      },
    },
  ],
};

const apply = (report: object, of = mapping): MappingResult => applyMapping(of, { batch: 7, list: [report] });

test('values are scaled, conditions told by their table, with device, time and key', () => {
  const about = { deviceId: 'D1', at: 1_795_222_800_000, key: '["7","3"]' };
  assert.deepEqual(apply({ id: 'F-1', ts: 1_795_222_800, n: 3, v: 650, u: 'raw', alarm: 1, v2: 5 }), {
    statements: [
      { ...about, kind: 'values', values: { 't1.temperatureC': 25 } },
      { ...about, kind: 'condition', eventKind: 'smoke', point: 't1', level: 'alarm', active: true },
    ],
    unmapped: [],
    unmappedCount: 0,
    warnings: [],
  });
  const second = apply({ id: 'F-1', ts: 1, n: 4, type: 2, v2: '230.5', alarm: true }).statements;
  assert.deepEqual(
    second.map((one) => (one.kind === 'values' ? one.values : [one.eventKind, one.level, one.active, one.point])),
    [{ 'c1.voltageV': 230.5 }, ['fault', 'warning', true, '']],
  );
});

test('each thing that cannot be read is named with its reason, and hides nothing else', () => {
  const reasonOf = (report: object): string =>
    apply({ ts: 1, n: 1, ...report })
      .unmapped.map(({ reason }) => reason)
      .join();
  assert.equal(reasonOf({ alarm: 1 }), 'deviceMissing');
  assert.equal(reasonOf({ id: 'F-2', alarm: 1 }), 'deviceNotInTable');
  assert.equal(reasonOf({ id: 'constructor', alarm: 1 }), 'deviceNotInTable');
  assert.equal(reasonOf({ id: 'F-1', alarm: 5 }), 'caseMissing');
  assert.equal(reasonOf({ id: 'F-1', alarm: 'toString' }), 'caseMissing');
  assert.equal(reasonOf({ id: 'F-1', v: 1, u: 'C' }), 'unitMismatch');
  assert.equal(reasonOf({ id: 'F-1', v: 'warm', u: 'raw' }), 'valueNotNumber');
  assert.equal(reasonOf({ id: 'F-1', other: 1 }), 'nothingMapped');
  assert.equal(reasonOf({ id: 'F-1', alarm: 9 }), '');
  assert.deepEqual(applyMapping(mapping, { batch: 1, list: [] }).unmapped[0]?.reason, 'noReports');
  const mixed = apply({ id: 'F-1', ts: 1, n: 1, v: 'warm', u: 'raw', alarm: 1 });
  assert.deepEqual([mixed.statements.length, mixed.unmappedCount], [1, 1]);
  const { device: _table, ...plain } = mapping;
  const own = apply({ id: 'no id', alarm: 1 }, { ...plain, device: { path: 'id' } });
  assert.equal(own.unmapped[0]?.reason, 'deviceInvalid');
});

test('a bad time or key is a warning: the alarm goes on without it', () => {
  const { statements, warnings, unmappedCount } = apply({ id: 'F-1', ts: 'soon', alarm: 1 });
  assert.deepEqual(statements, [
    { deviceId: 'D1', kind: 'condition', eventKind: 'smoke', point: 't1', level: 'alarm', active: true },
  ]);
  assert.equal(unmappedCount, 0);
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? '', /report 0: ts is "soon": expected a time of format epochS/);
});

test('a message in a text of the message is read', () => {
  const outer: Mapping = { ...mapping, embedded: 'msg' };
  const inner = JSON.stringify({ batch: 1, list: [{ id: 'F-1', n: 1, ts: 1, alarm: 1 }] });
  assert.equal(applyMapping(outer, { msg: inner }).statements.length, 1);
  for (const msg of ['{', 5, undefined])
    assert.equal(applyMapping(outer, { msg }).unmapped[0]?.reason, 'embeddedNotJson');
});

test('depth, size and count are bounded', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assert.equal(applyMapping(mapping, deep).unmapped[0]?.reason, 'tooDeep');
  const wide = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, i]));
  assert.equal(applyMapping(mapping, wide).unmapped[0]?.reason, 'tooLarge');
  const many = applyMapping(mapping, {
    batch: 1,
    list: Array.from({ length: 5_000 }, (_, n) => ({ id: 'F-1', ts: 1, n, alarm: 1 })),
  });
  assert.deepEqual([many.statements.length, many.unmapped[0]?.reason], [1_000, 'tooManyReports']);
  const bad = applyMapping(mapping, { list: Array.from({ length: 900 }, () => ({})) });
  assert.deepEqual([bad.unmapped.length, bad.unmappedCount], [100, 900]);
});

test('no message makes it throw or grow, and every statement is readable on our own wire', () => {
  const word = fc.constantFrom('F-1', 'id', 'list', '__proto__', 'constructor', '1', '0', 'raw', '\ud800', '\0');
  const leaf = fc.oneof(word, fc.double(), fc.boolean(), fc.constant(null), fc.bigInt().map(Number));
  const report = fc.record(
    { id: fc.oneof(fc.constant('F-1'), leaf), ts: leaf, n: leaf, v: leaf, u: leaf, alarm: leaf, type: leaf, v2: leaf },
    { requiredKeys: [] },
  );
  const message = fc.oneof(
    fc.jsonValue(),
    fc.anything({ withNullPrototype: true }),
    fc.record({ batch: leaf, list: fc.array(fc.oneof(report, leaf), { maxLength: 20 }) }),
  );
  fc.assert(
    fc.property(message, (body) => {
      const result = applyMapping(mapping, body);
      assert.ok(result.unmapped.length <= 100 && result.warnings.length <= 100);
      assert.ok(result.statements.length <= 4_096);
      for (const statement of result.statements) {
        const { channel, payload } = wireReportOf(statement);
        const decoded = channel === 'event' ? decodeEvent(payload) : decodeTelemetry(payload);
        assert.notEqual(decoded.kind, 'discarded');
        if (decoded.kind === 'event' && statement.kind === 'condition')
          assert.deepEqual(
            [decoded.eventKind, decoded.point, decoded.level, decoded.active, decoded.at],
            [statement.eventKind, statement.point, statement.level, statement.active, statement.at],
          );
      }
      JSON.stringify(result);
    }),
    { numRuns: 500 },
  );
});

test('no document makes the reader throw, and what it accepts can be applied', () => {
  const nearly = fc.record(
    {
      schemaVersion: fc.constantFrom(1, 2),
      name: fc.string(),
      device: fc.oneof(fc.record({ path: fc.string() }), fc.jsonValue()),
      reports: fc.string(),
      values: fc.array(fc.record({ path: fc.string(), point: fc.string(), scale: fc.double() })),
      conditions: fc.jsonValue(),
    },
    { requiredKeys: ['schemaVersion', 'name', 'device'] },
  );
  fc.assert(
    fc.property(fc.oneof(nearly, fc.jsonValue()), fc.jsonValue(), (document, body) => {
      const read = readMapping(document);
      if (read.kind === 'problems') assert.ok(read.problems.length > 0);
      else applyMapping(read.mapping, body);
    }),
    { numRuns: 300 },
  );
});

test('a mapping is refused with every problem: field, value, expectation', () => {
  assert.deepEqual(readMapping(mapping), { kind: 'mapping', mapping });
  const problemsOf = (change: object): readonly string[] => {
    const read = readMapping({ ...mapping, ...change });
    return read.kind === 'problems' ? read.problems : [];
  };
  assert.deepEqual(problemsOf({ time: { path: 'ts', format: 'local' } }), [
    'time.utcOffset is absent: expected "+08:00" or the like with format local',
  ]);
  assert.deepEqual(problemsOf({ device: { path: 'a[*]' } }), ['device.path is "a[*]": [*] stands in reports only']);
  assert.deepEqual(problemsOf({ values: [], conditions: [] }), ['values and conditions are empty: expected a rule']);
  assert.match(problemsOf({ time: { path: 'ts', format: 'unix' } }).join(), /time.format is "unix": must be one of/);
  assert.match(problemsOf({ device: { path: 'a', table: { x: 'no id' } } }).join(), /device.table.x is "no id"/);
  const both = problemsOf({ reports: '[', values: [{ path: 'a', point: 'p', scale: 0 }] });
  assert.equal(both.length, 2, both.join('\n'));
  assert.match(problemsOf({ device: { path: 'a' }, extra: 1 }).join(), /"extra" is not a field here/);
});
