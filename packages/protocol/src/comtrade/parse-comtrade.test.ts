import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseComtrade, type ComtradeFile } from './parse-comtrade.ts';

// Written by hand in the field order of IEEE C37.111-1999 clauses 5 and 6, not by our writer.
const cfg1999 = [
  'Substation 7,IED-12,1999',
  '5,3A,2D',
  '1,Ua,A,Feeder 3,kV,0.001,0.0005,0,-32767,32767,10000,100,S',
  '2,Ia,A,Feeder 3,A,0.01,-1,12.5,-32767,32767,1,1,P',
  '3,Residual,,Feeder 3,mA,0.5,0,0,-32767,32767,1,1,P',
  '1,Trip,,Feeder 3,0',
  '2,Healthy,,Feeder 3,1',
  '50',
  '1',
  '6400,4',
  '18/11/2025,09:40:00.123456',
  '18/11/2025,09:40:00.123769',
  'ASCII',
  '1',
  '',
].join('\r\n');
const ascii = ['1,0,100,200,10,0,1', '2,156,-100,99999,-10,0,1', '3,313,0,0,,1,0', '4,469,32767,-32767,7,1,0', ''].join(
  '\r\n',
);

const text = (value: string) => new TextEncoder().encode(value);

function parse(cfg: string | Uint8Array, dat: Uint8Array, options?: { utcOffsetMinutes: number }): ComtradeFile {
  const outcome = parseComtrade(cfg, dat, options);
  assert.ok(outcome.kind === 'comtrade', JSON.stringify(outcome));
  return outcome;
}

function problemOf(cfg: string | Uint8Array, dat: Uint8Array): string {
  const outcome = parseComtrade(cfg, dat);
  return outcome.kind === 'unreadable' ? `${outcome.place}: ${outcome.detail}` : outcome.kind;
}

function assertClose(actual: Float64Array | undefined, expected: readonly number[]): void {
  assert.equal(actual?.length, expected.length);
  expected.forEach((value, i) => {
    const got = actual?.[i] as number;
    const isEqual = Number.isNaN(value)
      ? Number.isNaN(got)
      : Math.abs(got - value) <= 1e-9 * Math.max(1, Math.abs(value));
    assert.ok(isEqual, `sample ${i}: ${got}, expected ${value}`);
  });
}

test('a 1999 ASCII pair is read with scales, ratio, units, missing values, times and states', () => {
  const file = parse(cfg1999, text(ascii));
  const [recording] = file.recordings;
  assert.deepEqual(
    recording.channels.map(({ name, unit }) => [name, unit]),
    [
      ['voltageV', 'V'],
      ['currentA', 'A'],
      ['residualCurrentMa', 'mA'],
    ],
  );
  // (0.001 · code + 0.0005) kV secondary × 10000/100, in volts.
  assertClose(recording.channels[0]?.values, [10_050, -9_950, 50, 3_276_750]);
  assertClose(recording.channels[1]?.values, [1, NaN, -1, -328.67]);
  assertClose(recording.channels[2]?.values, [5, -5, NaN, 3.5]);
  assert.equal(recording.sampleRateHz, 6400);
  assert.equal(recording.mainsHz, 50);
  assert.equal(recording.startedAt, Date.UTC(2025, 10, 18, 9, 40, 0, 123) + 0.456);
  // 313 µs after the start at 156.25 µs per sample.
  assert.equal(recording.triggerFrame, 2);
  assert.deepEqual([file.station, file.deviceId, file.revision], ['Substation 7', 'IED-12', 1999]);
  assert.deepEqual(
    file.sources.map(({ id, skewUs, side }) => [id, skewUs, side]),
    [
      ['Ua', 0, 'secondary'],
      ['Ia', 12.5, 'primary'],
      ['Residual', 0, 'primary'],
    ],
  );
  assert.deepEqual(file.digitals, [
    { id: 'Trip', phase: '', component: 'Feeder 3', normalState: 0, values: Uint8Array.of(0, 0, 1, 1) },
    { id: 'Healthy', phase: '', component: 'Feeder 3', normalState: 1, values: Uint8Array.of(1, 1, 0, 0) },
  ]);
  assert.deepEqual(file.warnings, []);
});

test('a 1999 BINARY pair is read: sample number, time stamp, int16 analog, 16 states a word, all little-endian', () => {
  const cfg = cfg1999.replace('ASCII', 'binary').replace('6400,4', '6400,2');
  const dat = Buffer.from(
    // n         time      Ua    Ia    Res   states: bit 0 Trip, bit 1 Healthy
    '01000000' +
      '00000000' +
      '6400' +
      'c800' +
      '0a00' +
      '0200' +
      '02000000' +
      '9c000000' +
      '9cff' +
      '0080' +
      'f6ff' +
      '0100',
    'hex',
  );
  const file = parse(cfg, dat);
  assertClose(file.recordings[0].channels[0]?.values, [10_050, -9_950]);
  assertClose(file.recordings[0].channels[1]?.values, [1, NaN]);
  assertClose(file.recordings[0].channels[2]?.values, [5, -5]);
  assert.deepEqual(
    file.digitals.map(({ values }) => [...values]),
    [
      [0, 1],
      [1, 0],
    ],
  );
});

test('more than 16 states take a second word', () => {
  const states = Array.from({ length: 17 }, (_, i) => `${i + 1},D${i + 1},,,0`);
  const cfg = [
    'S,D,1999',
    '18,1A,17D',
    '1,I,,,A,1,0,0,-32767,32767,1,1,P',
    ...states,
    '50',
    '1',
    '1000,1',
    ',',
    ',',
    'BINARY',
    '1',
  ];
  const file = parse(cfg.join('\n'), Buffer.from('0100000000000000' + '0500' + '0080' + '0100', 'hex'));
  const on = file.digitals.flatMap(({ id, values }) => (values[0] === 1 ? [id] : []));
  assert.deepEqual(on, ['D16', 'D17']);
  assert.deepEqual(Object.keys(file.recordings[0]), ['sampleRateHz', 'mainsHz', 'channels'], 'empty dates are unknown');
});

test('a 1991 header is read: no year, short channel lines, month before day, no multiplier, Ctrl-Z at the end', () => {
  const cfg = [
    'OLD STATION,7',
    '2,1A,1D',
    '1,IA,A,,kA,0.1,0,0,-2048,2047',
    '1,TRIP,0',
    '60',
    '1',
    '960,2',
    '07/04/95,17:38:26.663700',
    '07/04/95,17:38:26.664742',
    'ASCII',
    '\u001a',
  ].join('\r\n');
  const file = parse(cfg, text('1,0,10,0\r\n2,1042,-5,1\r\n\u001a'));
  assert.equal(file.revision, 1991);
  assert.equal(file.recordings[0].mainsHz, 60);
  assertClose(file.recordings[0].channels[0]?.values, [1000, -500]);
  assert.equal(file.recordings[0].startedAt, Date.UTC(1995, 6, 4, 17, 38, 26, 663) + 0.7);
  assert.equal(file.recordings[0].triggerFrame, 1);
});

test('a 2013 header says its offset from UTC and counts in nanoseconds', () => {
  const cfg = cfg1999
    .replace('IED-12,1999', 'IED-12,2013')
    .replace('09:40:00.123456', '09:40:00.123456789')
    .replace('ASCII\r\n1\r\n', 'ASCII\r\n1\r\n+8,+8\r\nB,3\r\n');
  const [recording] = parse(cfg, text(ascii)).recordings;
  assert.equal(recording.startedAt, Date.UTC(2025, 10, 18, 1, 40, 0, 123) + 0.456789);
  const west = parse(cfg.replace('+8,+8', '-5h30,-5h30'), text(ascii)).recordings[0];
  assert.equal(Math.floor(west.startedAt ?? 0), Date.UTC(2025, 10, 18, 15, 10, 0, 123));
});

test('before 2013 the clock of the recorder is UTC unless the caller knows better', () => {
  const [recording] = parse(cfg1999, text(ascii), { utcOffsetMinutes: 480 }).recordings;
  assert.equal(recording.startedAt, Date.UTC(2025, 10, 18, 1, 40, 0, 123) + 0.456);
  assert.equal(recording.triggerFrame, 2);
});

test('Chinese names in GB18030 and UTF-8 are read, other bytes fall back to ISO 8859-1', () => {
  const withStation = (...station: number[]) =>
    Uint8Array.of(...station, ...text(cfg1999.slice('Substation 7'.length)));
  // 临汾 in GB18030 and in UTF-8, Müller in ISO 8859-1 (0xfc 0x6c would be a GB18030 pair, 0xff is none).
  assert.equal(parse(withStation(0xc1, 0xd9, 0xb7, 0xda), text(ascii)).station, '临汾');
  assert.equal(parse(withStation(0xe4, 0xb8, 0xb4, 0xe6, 0xb1, 0xbe), text(ascii)).station, '临汾');
  assert.equal(parse(withStation(0xff, 0x41), text(ascii)).station, 'ÿA');
});

test('stretches of different sample rates become recordings of their own, equal ones are joined', () => {
  const cfg = cfg1999.replace('1\r\n6400,4', '3\r\n1000,1\r\n1000,2\r\n2000,4');
  const { recordings } = parse(cfg, text(ascii));
  assert.deepEqual(
    recordings.map(({ sampleRateHz, channels }) => [sampleRateHz, channels[0]?.values.length]),
    [
      [1000, 2],
      [2000, 2],
    ],
  );
  assert.ok(Math.abs((recordings[1]?.startedAt ?? 0) - (recordings[0].startedAt ?? 0) - 2) < 1e-3);
});

test('without a sample rate the time stamps give it, times the multiplier, and must be even', () => {
  const cfg = cfg1999.replace('1\r\n6400,4', '0\r\n0,4').replace('ASCII\r\n1\r\n', 'ASCII\r\n10\r\n');
  const dat = ascii.replace('2,156', '2,20').replace('3,313', '3,40').replace('4,469', '4,60');
  assert.equal(parse(cfg, text(dat)).recordings[0].sampleRateHz, 5000);
  assert.match(problemOf(cfg, text(dat.replace('3,40', '3,55'))), /^DAT time stamps: sample 3 at 55, 40.0 expected/);
  assert.match(problemOf(cfg, text(dat.replace('4,60', '4,'))), /^DAT time stamps: missing/);
});

test('fewer or more samples than announced are read with a warning', () => {
  const file = parse(cfg1999, text(ascii.split('\r\n').slice(0, 2).join('\r\n')));
  assert.deepEqual(file.warnings, ['DAT holds 2 samples, the CFG says 4']);
  assert.equal(file.recordings[0].channels[0]?.values.length, 2);
  const binary = cfg1999.replace('ASCII', 'BINARY').replace('6400,4', '6400,1');
  const record = Buffer.from('0100000000000000' + '0100' + '0100' + '0100' + '0000', 'hex');
  assert.deepEqual(parse(binary, Buffer.concat([record, Buffer.from('ab', 'hex')])).warnings, [
    'DAT ends with 1 bytes of a cut record',
  ]);
});

test('problems name the line, the value and the expectation', () => {
  const lines = cfg1999.split('\r\n');
  const changed = (line: number, value: string) => lines.map((old, i) => (i === line - 1 ? value : old)).join('\r\n');
  const rows: [string, RegExp][] = [
    ['', /^CFG line 1: file ends/],
    [changed(2, '5,3A,1D'), /^CFG line 2: channel counts are "5,3A,1D"/],
    [changed(2, '2,0A,2D'), /^CFG line 2: .*1…256 analog/],
    [changed(2, 'x'), /^CFG line 2: "x", TT,##A,##D expected/],
    [changed(3, '1,Ua,A,F,kV,abc,0,0,-1,1,1,1,S'), /^CFG line 3: a is "abc", a number expected/],
    [changed(3, '1,Ua,A'), /^CFG line 3: "1,Ua,A", An,ch_id/],
    [changed(8, 'fifty'), /^CFG line 8: "fifty", line frequency expected/],
    [changed(8, '0'), /^CFG line 8: "0", line frequency expected/],
    [changed(9, '-1'), /^CFG line 9: "-1", number of sample rates expected/],
    [changed(10, '0,4'), /^CFG line 10: sample rate 0 to sample 4/],
    [changed(10, '6400,0'), /^CFG line 10: sample rate 6400 to sample 0/],
    [changed(11, '31/02/2025,09:40:00.1'), /^CFG line 11: "31\/02\/2025,09:40:00.1", dd\/mm\/yyyy/],
    [changed(11, 'noon'), /^CFG line 11: "noon"/],
    [changed(12, '18/11/2025,25:40:00.1'), /^CFG line 12/],
    [changed(13, 'FLOAT64'), /^CFG line 13: file type is "FLOAT64", one of ASCII, BINARY, BINARY32, FLOAT32 expected/],
    [changed(14, 'x'), /^CFG line 14: "x", time multiplier expected/],
    [lines.slice(0, 6).join('\r\n'), /^CFG line 7: file ends, Dn/],
  ];
  for (const [cfg, problem] of rows) assert.match(problemOf(cfg, text(ascii)), problem);
  const dats: [string, RegExp][] = [
    ['', /^DAT: no samples/],
    ['1,0,1,2,3,0', /^DAT line 1: 6 fields, 7 expected/],
    ['1,0,1,2,3,0,1\n3,0,1,2,3,0,1', /^DAT line 2: sample number is 3, 2 expected/],
    ['1,0,1,x,3,0,1', /^DAT line 1: Ia is "x", a number expected/],
    ['1,0,1,2,3,0,2', /^DAT line 1: Healthy is "2", 0 or 1 expected/],
  ];
  for (const [dat, problem] of dats) assert.match(problemOf(cfg1999, text(dat)), problem);
  const gap = Buffer.from(('0100000000000000' + '0100' + '0100' + '0100' + '0000').repeat(2), 'hex');
  assert.match(problemOf(cfg1999.replace('ASCII', 'BINARY'), gap), /^DAT byte 16: sample number is 1, 2 expected/);
});

test('mutated files are read or refused, never thrown on', () => {
  const cfgBytes = text(cfg1999);
  const edit = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 });
  const mutate = (bytes: Uint8Array, edits: readonly (readonly [number, number])[]) => {
    const copy = bytes.slice();
    for (const [at, value] of edits) copy[at % copy.length] = value;
    return copy;
  };
  fc.assert(
    fc.property(edit, edit, fc.boolean(), (cfgEdits, datEdits, isBinary) => {
      const cfg = mutate(isBinary ? text(cfg1999.replace('ASCII', 'BINARY')) : cfgBytes, cfgEdits);
      parseComtrade(cfg, mutate(text(ascii), datEdits));
    }),
    { numRuns: 3000 },
  );
});
