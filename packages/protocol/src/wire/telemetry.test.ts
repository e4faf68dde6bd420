import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTelemetry } from './telemetry.ts';
import { encodeBatchTelemetry, encodeSingleTelemetry } from './telemetry-json.ts';
import type { Telemetry } from './telemetry-message.ts';
import { encodeUtf8 } from './utf8.ts';

function decode(text: string): Telemetry {
  const outcome = decodeTelemetry(encodeUtf8(text));
  assert.equal(outcome.kind, 'telemetry', JSON.stringify(outcome));
  return outcome;
}

function reasonOf(text: string): string {
  const outcome = decodeTelemetry(encodeUtf8(text));
  return outcome.kind === 'discarded' ? `${outcome.reason}: ${outcome.detail}` : outcome.kind;
}

const plain = { rejected: [], rejectedCount: 0, flags: [] };

test('a single report becomes one row', () => {
  const text =
    '{"epoch":"b7","seq":812,"at":1763718000123,"values":{"c1.voltageV":229.8,"c1.currentA":4.31,"t1.temperatureC":-5}}';
  assert.deepEqual(decode(text), {
    kind: 'telemetry',
    epoch: 'b7',
    seq: 812,
    points: ['c1.voltageV', 'c1.currentA', 't1.temperatureC'],
    rows: [{ at: 1763718000123, values: Float64Array.of(229.8, 4.31, -5) }],
    ...plain,
  });
});

test('a batch becomes rows at at0 + i · periodMs, and null is unknown', () => {
  const text =
    '{"epoch":"b7","seq":5,"at0":1000,"periodMs":250,"points":["c1.currentA","c1.voltageV"],"rows":[[1,230],[null,231],[3,null]]}';
  assert.deepEqual(decode(text), {
    kind: 'telemetry',
    epoch: 'b7',
    seq: 5,
    points: ['c1.currentA', 'c1.voltageV'],
    rows: [
      { at: 1000, values: Float64Array.of(1, 230) },
      { at: 1250, values: Float64Array.of(NaN, 231) },
      { at: 1500, values: Float64Array.of(3, NaN) },
    ],
    ...plain,
  });
});

test('a wrong value is rejected alone and the good ones are kept', () => {
  const text =
    '{"seq":1,"at":1,"values":{"a":1,"b":"4","c":true,"d":{"x":1},"e":[1,2],"f":1e999,"g":null,"n\\u0000":1,"__proto__":2,"":3,"\\ud800":4,"z":2}}';
  const decoded = decode(text);
  assert.deepEqual(decoded.points, ['a', 'z']);
  assert.deepEqual(decoded.rows[0]?.values, Float64Array.of(1, 2));
  assert.deepEqual(decoded.rejected, [
    { point: 'b', reason: 'notNumber', value: '"4"' },
    { point: 'c', reason: 'notNumber', value: 'true' },
    { point: 'd', reason: 'notNumber', value: 'object' },
    { point: 'e', reason: 'notNumber', value: 'array of 2' },
    { point: 'f', reason: 'notFinite', value: 'Infinity' },
    { point: 'n\ufffd', reason: 'invalidPointName', value: '1' },
    { point: '__proto__', reason: 'invalidPointName', value: '2' },
    { point: '', reason: 'invalidPointName', value: '3' },
    { point: '\ufffd', reason: 'invalidPointName', value: '4' },
  ]);
  assert.equal(decoded.rejectedCount, 9);
});

test('odd rows and columns of a batch are rejected one by one', () => {
  const text =
    '{"at0":1000,"periodMs":20,"points":["a","b","a",4],"rows":[[1,null,3,4],[1],7,[1,2,3,4,5],["x",6,0,0]]}';
  const decoded = decode(text);
  assert.deepEqual(decoded.points, ['a', 'b']);
  assert.deepEqual(
    decoded.rows.map((row) => [...row.values]),
    [
      [1, NaN],
      [1, NaN],
      [NaN, NaN],
      [1, 2],
      [NaN, 6],
    ],
  );
  assert.deepEqual(decoded.rejected, [
    { point: 'a', reason: 'duplicatePoint', value: '2' },
    { point: '#3', reason: 'invalidPointName', value: '4' },
    { point: '', reason: 'rowTooShort', value: 'array of 1', row: 1 },
    { point: '', reason: 'rowNotArray', value: '7', row: 2 },
    { point: '', reason: 'rowTooLong', value: 'array of 5', row: 3 },
    { point: 'a', reason: 'notNumber', value: '"x"', row: 4 },
  ]);
});

test('a report without usable time keeps its values and is flagged', () => {
  for (const [at, flag] of [
    ['', 'atMissing'],
    ['"at":null,', 'atMissing'],
    ['"at":"now",', 'atInvalid'],
    ['"at":1e300,', 'atInvalid'],
    ['"at":1e999,', 'atInvalid'],
    ['"at":[1],', 'atInvalid'],
  ] as const) {
    const decoded = decode(`{"seq":1,${at}"values":{"a":1}}`);
    assert.deepEqual([decoded.rows, decoded.flags], [[{ values: Float64Array.of(1) }], [flag]], at);
  }
  assert.equal(decode('{"at":1763718000123.6,"values":{}}').rows[0]?.at, 1763718000124);
});

test('a batch without usable period knows the time of its first row only', () => {
  for (const period of ['', '"periodMs":0,', '"periodMs":-5,', '"periodMs":"1",', '"periodMs":1e300,']) {
    const decoded = decode(`{"at0":1000,${period}"points":["a"],"rows":[[1],[2]]}`);
    assert.deepEqual(decoded.flags, ['periodInvalid'], period);
    assert.deepEqual(decoded.rows, [{ at: 1000, values: Float64Array.of(1) }, { values: Float64Array.of(2) }]);
  }
  assert.deepEqual(decode('{"at0":1000,"points":["a"],"rows":[[1]]}').flags, []);
  assert.deepEqual(decode('{"periodMs":5,"points":["a"],"rows":[[1],[2]]}').flags, ['atMissing']);
});

test('identity: epoch of at most 16 characters, seq an integer 0…2⁵³−1, null and absent are the same', () => {
  assert.equal(decode('{"values":{}}').epoch, '');
  assert.equal('seq' in decode('{"seq":null,"epoch":null,"values":{}}'), false);
  assert.equal(decode('{"seq":9007199254740991,"values":{}}').seq, 9007199254740991);
  assert.equal(Object.is(decode('{"seq":-0,"values":{}}').seq, 0), true);
  assert.equal(decode(`{"epoch":"${'烽'.repeat(16)}","values":{}}`).epoch.length, 16);
  assert.match(reasonOf(`{"epoch":"${'x'.repeat(17)}","values":{}}`), /^invalidField: epoch/);
  assert.match(reasonOf('{"epoch":"a\\u0000","values":{}}'), /^invalidField: epoch/);
  assert.match(reasonOf('{"epoch":7,"values":{}}'), /^invalidField: epoch is 7/);
  for (const seq of ['-1', '1.5', '9007199254740992', '9007199254740993', '"7"', 'true', '1e400', '[]']) {
    assert.match(reasonOf(`{"seq":${seq},"values":{}}`), /^invalidField: seq is/, seq);
  }
});

test('a report without values is discarded with the reason', () => {
  assert.match(reasonOf('{"seq":1}'), /^missingField: values is absent/);
  assert.match(reasonOf('{"values":[1]}'), /^invalidField: values is array of 1/);
  assert.match(reasonOf('{"rows":[[1]]}'), /^invalidField: points is absent/);
  assert.match(reasonOf('{"rows":5,"points":[]}'), /^invalidField: rows is 5/);
  assert.match(reasonOf('{"values":{"a":NaN}}'), /^notJson/);
  assert.match(reasonOf('off'), /^notJson/);
});

test('a report beyond the limits is discarded before it claims memory', () => {
  const names = JSON.stringify(Array.from({ length: 1025 }, (_, i) => `p${i}`));
  assert.match(reasonOf(`{"points":${names},"rows":[]}`), /^limitExceeded: 1025 points/);
  const wide = JSON.stringify(Array.from({ length: 1000 }, (_, i) => `p${i}`));
  assert.match(
    reasonOf(`{"points":${wide},"rows":[${'[],'.repeat(9_999)}[]]}`),
    /^limitExceeded: 1000 points × 10000 rows/,
  );
  const values = JSON.stringify(Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`p${i}`, i])));
  assert.match(reasonOf(`{"values":${values}}`), /^limitExceeded/);
  assert.equal(decodeTelemetry(new Uint8Array(256 * 1024 + 1).fill(1)).kind, 'discarded');
});

test('of a thousand bad values a hundred are listed and all are counted', () => {
  const decoded = decode(`{"at0":0,"periodMs":1,"points":["a"],"rows":[${Array(1000).fill('["x"]').join(',')}]}`);
  assert.deepEqual([decoded.rejected.length, decoded.rejectedCount], [100, 1000]);
});

test('a key written twice is flagged and the last one counts', () => {
  const decoded = decode('{"seq":1,"at":1,"values":{"a":1,"a":2}}');
  assert.deepEqual([decoded.flags, decoded.rows[0]?.values], [['duplicateKeys'], Float64Array.of(2)]);
});

const name = fc.stringMatching(/^[a-z][A-Za-z0-9.]{0,20}$/);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));

test('decoding an encoded single report gives the report back', () => {
  fc.assert(
    fc.property(fc.dictionary(name, finite), fc.nat(), fc.nat(), (values, seq, at) => {
      const decoded = decodeTelemetry(encodeSingleTelemetry({ epoch: 'e', seq, at, values }));
      const points = Object.keys(values);
      const row = { at, values: Float64Array.from(Object.values(values)) };
      assert.deepEqual(decoded, { kind: 'telemetry', epoch: 'e', seq, points, rows: [row], ...plain });
    }),
  );
});

test('decoding an encoded batch gives the batch back', () => {
  const batch = fc.uniqueArray(name, { maxLength: 6 }).chain((points) =>
    fc.record({
      points: fc.constant(points),
      rows: fc.array(
        fc.array(fc.oneof(finite, fc.constant(NaN)), { minLength: points.length, maxLength: points.length }),
      ),
    }),
  );
  fc.assert(
    fc.property(batch, fc.nat(), fc.integer({ min: 1, max: 60_000 }), ({ points, rows }, at0, periodMs) => {
      const decoded = decodeTelemetry(encodeBatchTelemetry({ epoch: 'e', seq: 3, at0, periodMs, points, rows }));
      const expected = rows.map((row, i) => ({ at: at0 + i * periodMs, values: Float64Array.from(row) }));
      assert.deepEqual(decoded, { kind: 'telemetry', epoch: 'e', seq: 3, points, rows: expected, ...plain });
    }),
  );
});
