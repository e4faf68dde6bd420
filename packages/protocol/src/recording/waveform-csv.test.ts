import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Recording } from './recording.ts';
import { formatWaveformCsv, parseWaveformCsv } from './waveform-csv.ts';

const problemOf = (text: string) => {
  const outcome = parseWaveformCsv(text);
  return outcome.kind === 'unreadable' ? `${outcome.place}: ${outcome.detail}` : outcome.kind;
};

const expected: Recording = {
  sampleRateHz: 6400,
  mainsHz: 50,
  channels: [
    { name: 'voltageV', unit: 'V', values: Float64Array.of(0, 16.25, -3e-2) },
    { name: 'currentA', unit: 'A', values: Float64Array.of(1, 0.5, 2) },
    { name: 'residualCurrentMa', unit: 'mA', values: Float64Array.of(18, NaN, NaN) },
  ],
};

test('a waveform file is read with its rate, names, units and missing values', () => {
  const text = '# sampleRateHz=6400 mainsHz=50\nvoltageV,currentA,residualCurrentMa\n0,1,18\n16.25,.5,NaN\n-3e-2,+2,\n';
  assert.deepEqual(parseWaveformCsv(text), { kind: 'recording', recording: expected });
});

test('a byte order mark, CRLF, blanks around values, blank last lines and no last line end are allowed', () => {
  const text =
    '\uFEFF#sampleRateHz=6400   mainsHz=50 gain=7\r\n voltageV , currentA,residualCurrentMa\r\n0, 1,18\r\n16.25,0.5,\r\n-0.03,2,NaN\r\n\r\n \r\n';
  assert.deepEqual(parseWaveformCsv(text), { kind: 'recording', recording: expected });
  assert.equal(problemOf('# sampleRateHz=6400 mainsHz=50\ncurrentA\n1'), 'recording');
});

test('a file of many thousand frames is read whole', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => `${i},${-i}`);
  const outcome = parseWaveformCsv(`# sampleRateHz=6400 mainsHz=50\na,b\n${rows.join('\n')}\n`);
  assert.ok(outcome.kind === 'recording');
  assert.deepEqual(outcome.recording.channels[0]?.values, Float64Array.from(rows.keys()));
});

test('errors name the line, the value and the expectation', () => {
  const rows: [string, RegExp][] = [
    ['', /^line 1: "", `# sampleRateHz=6400 mainsHz=50` expected/],
    ['voltageV,currentA\n1,2\n', /^line 1: "voltageV,currentA"/],
    ['# mainsHz=50\na\n1\n', /^line 1: sampleRateHz is missing/],
    ['# sampleRateHz=6400\na\n1\n', /^line 1: mainsHz is missing/],
    ['# sampleRateHz=6400Hz mainsHz=50\na\n1\n', /^line 1: sampleRateHz is "6400Hz"/],
    ['# sampleRateHz=0 mainsHz=50\na\n1\n', /^line 1: sampleRateHz is "0"/],
    ['# sampleRateHz=6400 mainsHz=-50\na\n1\n', /^line 1: mainsHz is "-50"/],
    ['# sampleRateHz=6400 mainsHz=50 triggerFrame=1\na\n1\n', /^line 1: triggerFrame is 1, below 1 expected/],
    ['# sampleRateHz=6400 mainsHz=50\n', /^line 2: column 1 is ""/],
    ['# sampleRateHz=6400 mainsHz=50\n1,2\n', /^line 2: column 1 is "1", a name/],
    ['# sampleRateHz=6400 mainsHz=50\na,b,a\n', /^line 2: column "a" stands twice/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n', /^line 3: no frames/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,2\n3\n', /^line 4: 1 values, 2 expected \(a, b\)/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,2\n3,4,5\n', /^line 4: 3 values, 2 expected/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,2\n3,x\n', /^line 4: b is "x", a number expected/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,0x10\n', /^line 3: b is "0x10"/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,1e999\n', /^line 3: b is "1e999"/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,Infinity\n', /^line 3: b is "Infinity"/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1,2\n\n3,4\n', /^line 4: blank, 2 values expected/],
    ['# sampleRateHz=6400 mainsHz=50\na,b\n1;2\n', /^line 3: 1 values, 2 expected/],
  ];
  for (const [text, problem] of rows) assert.match(problemOf(text), problem);
});

test('reading a written recording gives the recording back', () => {
  const recording = fc
    .record({
      frames: fc.integer({ min: 1, max: 30 }),
      names: fc.uniqueArray(fc.constantFrom('voltageV', 'currentA', 'c2.currentA'), { minLength: 1 }),
    })
    .chain(({ frames, names }) =>
      fc.record({
        sampleRateHz: fc.double({ min: 1, max: 1e6, noNaN: true }),
        mainsHz: fc.constantFrom(50, 60),
        startedAt: fc.integer({ min: 0, max: 4e12 }),
        triggerFrame: fc.nat({ max: frames - 1 }),
        channels: fc.tuple(
          ...names.map((name) =>
            fc.record({
              name: fc.constant(name),
              unit: fc.constant(name === 'voltageV' ? 'V' : 'A'),
              values: fc
                .array(
                  fc.double({ noDefaultInfinity: true }).map((value) => value + 0),
                  { minLength: frames, maxLength: frames },
                )
                .map((values) => Float64Array.from(values)),
            }),
          ),
        ),
      }),
    );
  fc.assert(
    fc.property(recording, (original) => {
      const { channels, ...rest } = original;
      const recording = { ...rest, channels: channels.map((channel) => ({ ...channel })) };
      assert.deepEqual(parseWaveformCsv(formatWaveformCsv(recording)), { kind: 'recording', recording });
    }),
  );
});

test('any text is read or refused, never thrown on', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseWaveformCsv(text)));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('1', '.', ',', '\n', '\r', 'e', '-', ' ', 'NaN') }), (text) => {
      parseWaveformCsv(`# sampleRateHz=6400 mainsHz=50\na,b\n${text}`);
    }),
  );
});

test('a malformed recording is refused before the first byte', () => {
  const channel = (name: string, ...values: number[]) => ({ name, unit: '', values: Float64Array.from(values) });
  const format = (change: Partial<Recording>) => () => formatWaveformCsv({ ...expected, ...change });
  assert.throws(format({ channels: [] }), /0 channels/);
  assert.throws(format({ channels: [channel('a', 1), channel('b')] }), /b has 0 samples, 1 expected/);
  assert.throws(format({ channels: [channel('a', 1), channel('a', 1)] }), /not all different/);
  assert.throws(format({ channels: [channel('a,b', 1)] }), /"a,b"/);
  assert.throws(format({ sampleRateHz: 0 }), /sampleRateHz is 0/);
  assert.throws(format({ mainsHz: NaN }), /mainsHz is NaN/);
});
