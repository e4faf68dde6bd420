import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recording } from '../recording/recording.ts';
import { formatCff, parseCff } from './cff.ts';
import { parseComtrade } from './parse-comtrade.ts';

const recording: Recording = {
  sampleRateHz: 6400,
  mainsHz: 50,
  startedAt: Date.UTC(2025, 10, 18, 9, 40),
  triggerFrame: 1,
  channels: [
    { name: 'voltageV', unit: 'V', values: Float64Array.of(-32767, 0, 32767) },
    { name: 'currentA', unit: 'A', values: Float64Array.of(1, NaN, -1) },
  ],
};
const options = { station: 'Tower', deviceId: 't1', format: 'BINARY' } as const;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (latin1: string): Uint8Array => Buffer.from(latin1, 'latin1');

test('a combined file is the sections of the 2013 standard in their order', () => {
  const written = text(formatCff(recording, { ...options, format: 'ASCII' }));
  assert.deepEqual(
    written.split('\r\n').map((line) => line.split(',')[0]),
    [
      '--- file type: CFG ---',
      'Tower',
      '2',
      '1',
      '2',
      '50',
      '1',
      '6400',
      '18/11/2025',
      '18/11/2025',
      'ASCII',
      '1',
      '0',
      'F',
      '--- file type: INF ---',
      '--- file type: HDR ---',
      '--- file type: DAT ASCII ---',
      '1',
      '2',
      '3',
      '',
    ],
  );
  // 3 records of number, stamp and two 16-bit codes.
  assert.ok(text(formatCff(recording, options)).includes('--- file type: DAT BINARY: 36 ---\r\n'));
});

for (const format of ['ASCII', 'BINARY'] as const) {
  test(`what was written as ${format} reads back to a step of its channel`, () => {
    const read = parseCff(formatCff(recording, { ...options, format }));
    assert.ok(read.kind === 'comtrade', JSON.stringify(read));
    assert.deepEqual([read.revision, read.warnings], [2013, []]);
    const [{ channels, startedAt, triggerFrame }] = read.recordings;
    assert.deepEqual([startedAt, triggerFrame], [recording.startedAt, 1]);
    for (const [c, { values }] of channels.entries()) {
      for (const [n, value] of values.entries()) {
        const expected = recording.channels[c]?.values[n] ?? NaN;
        assert.ok(Object.is(value, expected) || Math.abs(value - expected) <= 1, `${value} for ${expected}`);
      }
    }
  });
}

const header = (type: string): string =>
  [
    's,d,2013',
    '1,1A,0D',
    '1,Ia,A,,A,0.5,10,0,-99,99,1,1,P',
    '50',
    '1',
    '1000,2',
    '18/11/2025,00:00:00.000000',
    '18/11/2025,00:00:00.000000',
    type,
    '1',
    '0,0',
    '0,0',
    '',
  ].join('\r\n');

/** Records laid out by hand after C37.111-2013 clause 8. */
function records(codes: readonly number[], write: (view: DataView, at: number, code: number) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(12 * codes.length));
  for (const [n, code] of codes.entries()) {
    view.setUint32(12 * n, n + 1, true);
    view.setUint32(12 * n + 4, 1000 * n, true);
    write(view, 12 * n + 8, code);
  }
  return new Uint8Array(view.buffer);
}

test('BINARY32 and FLOAT32 samples are a · code + b, with their own marks for missing', () => {
  const int32 = records([100_000, -0x80000000], (view, at, code) => view.setInt32(at, code, true));
  const float32 = records([0.25, Infinity], (view, at, code) => view.setFloat32(at, code, true));
  for (const [type, dat, first] of [
    ['BINARY32', int32, 50_010],
    ['FLOAT32', float32, 10.125],
  ] as const) {
    const cff = `--- file type: CFG ---\r\n${header(type)}--- file type: HDR ---\r\nremarks\r\n--- file type: DAT ${type}: 24 ---\r\n`;
    const combined = parseCff(Buffer.concat([bytesOf(cff), dat]));
    assert.ok(combined.kind === 'comtrade', JSON.stringify(combined));
    assert.deepEqual([...(combined.recordings[0].channels[0]?.values ?? [])], [first, NaN], type);
    assert.equal(parseComtrade(header(type), dat).kind, 'comtrade', 'as a pair too');
  }
});

test('bytes behind the announced end of DAT are not samples', () => {
  const whole = formatCff(recording, options);
  const read = parseCff(Buffer.concat([whole, bytesOf('--- file type: X ---\r\n')]));
  assert.ok(read.kind === 'comtrade' && read.recordings[0].channels[0]?.values.length === 3);
});

test('a damaged file is named by place and expectation', () => {
  const detail = (latin1: string): string => {
    const read = parseCff(bytesOf(latin1));
    return read.kind === 'unreadable' ? `${read.place}: ${read.detail}` : read.kind;
  };
  assert.match(detail('station,1,1999\r\n'), /CFF byte 0: .*--- file type: CFG --- expected/);
  assert.match(detail('--- file type: CFG ---\r\na\r\n'), /ends without a CFG and a DAT section/);
  assert.match(detail('--- file type: DAT ASCII ---\r\n'), /DAT before any CFG/);
  const cut = text(formatCff(recording, options)).slice(0, -5);
  assert.match(detail(cut), /31 bytes of DAT, 36 announced/);
  assert.equal(detail(''), 'CFF byte 0: file ends without a CFG and a DAT section');
});
