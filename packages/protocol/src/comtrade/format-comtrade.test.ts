import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Recording } from '../recording/recording.ts';
import { formatComtrade } from './format-comtrade.ts';
import { parseComtrade } from './parse-comtrade.ts';

const startedAt = Date.UTC(2025, 10, 18, 9, 40, 0, 123) + 0.456;
const recording: Recording = {
  sampleRateHz: 6400,
  mainsHz: 50,
  startedAt,
  triggerFrame: 2,
  channels: [
    { name: 'voltageV', unit: 'V', values: Float64Array.of(-32767, 0, 32767) },
    { name: 'currentA', unit: 'A', values: Float64Array.of(1, NaN, 1) },
  ],
};
const options = { station: 'Tower, east\n', deviceId: 't1', format: 'BINARY' } as const;

test('the CFG has the lines of the 1999 standard in their order', () => {
  const { cfg } = formatComtrade(recording, options);
  assert.deepEqual(cfg.split('\r\n'), [
    'Tower  east,t1,1999',
    '2,2A,0D',
    '1,voltageV,,,V,1,0,0,-32767,32767,1,1,P',
    '2,currentA,,,A,1,1,0,-32767,32767,1,1,P',
    '50',
    '1',
    '6400,3',
    '18/11/2025,09:40:00.123456',
    '18/11/2025,09:40:00.123769',
    'BINARY',
    '1',
    '',
  ]);
});

test('a BINARY record is number, time stamp in µs, int16 codes with 0x8000 for missing, and the states', () => {
  const digitals = [{ id: 'Trip', normalState: 0, values: Uint8Array.of(0, 1, 1) }] as const;
  const { cfg, dat } = formatComtrade(recording, { ...options, digitals });
  assert.equal(
    Buffer.from(dat).toString('hex'),
    '01000000' +
      '00000000' +
      '0180' +
      '0000' +
      '0000' +
      '02000000' +
      '9c000000' +
      '0000' +
      '0080' +
      '0100' +
      '03000000' +
      '39010000' +
      'ff7f' +
      '0000' +
      '0100',
  );
  assert.ok(cfg.includes('\r\n3,2A,1D\r\n') && cfg.includes('\r\n1,Trip,,,0\r\n50\r\n'));
});

test('an ASCII record is the same in text with 99999 for missing', () => {
  const short = {
    ...recording,
    channels: [{ name: 'currentA', unit: 'A', values: Float64Array.of(-99998, NaN, 99998) }],
  };
  const { dat } = formatComtrade(short, { ...options, format: 'ASCII' });
  assert.equal(new TextDecoder().decode(dat), '1,0,-99998\r\n2,156,99999\r\n3,313,99998\r\n');
});

test('the time multiplier keeps the stamps of a long recording within 32 bits', () => {
  const values = new Float64Array(10_000);
  const slow = { ...recording, sampleRateHz: 1, triggerFrame: 0, channels: [{ name: 'currentA', unit: 'A', values }] };
  const { cfg, dat } = formatComtrade(slow, options);
  assert.equal(cfg.split('\r\n').at(-2), '3');
  const view = new DataView(dat.buffer);
  assert.equal(view.getUint32(dat.length - 6, true), Math.round(9_999e6 / 3));
});

test('reading a written pair gives the recording back within half a step of each channel', () => {
  const frames = fc.integer({ min: 1, max: 40 });
  const sample = fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(NaN) },
  );
  const original = frames.chain((count) =>
    fc.record({
      sampleRateHz: fc.constantFrom(1000, 6400, 12_800.5, 250_000),
      mainsHz: fc.constantFrom(50, 60),
      startedAt: fc.integer({ min: 0, max: 4e12 }),
      triggerFrame: fc.nat({ max: count - 1 }),
      channels: fc.tuple(
        ...(['voltageV', 'c1.currentA', 'residualCurrentMa'] as const).map((name) =>
          fc.record({
            name: fc.constant(name as string),
            unit: fc.constant({ voltageV: 'V', 'c1.currentA': 'A', residualCurrentMa: 'mA' }[name]),
            values: fc.array(sample, { minLength: count, maxLength: count }).map((values) => Float64Array.from(values)),
          }),
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(original, fc.constantFrom('ASCII' as const, 'BINARY' as const), (sent, format) => {
      const { cfg, dat } = formatComtrade(sent, { station: 'S', deviceId: 'D', format });
      const file = parseComtrade(cfg, dat);
      assert.ok(file.kind === 'comtrade', JSON.stringify(file));
      const [got] = file.recordings;
      const shape = ({ channels, ...rest }: Recording) => ({
        ...rest,
        channels: channels.map(({ name, unit }) => [name, unit]),
      });
      assert.deepEqual(shape(got), shape(sent));
      sent.channels.forEach(({ values }, i) => {
        const known = values.filter((value) => !Number.isNaN(value));
        const halfStep =
          known.length === 0
            ? 0
            : (Math.max(...known) - Math.min(...known)) / (format === 'ASCII' ? 4 * 99_998 : 4 * 32_767);
        values.forEach((value, frame) => {
          const back = got.channels[i]?.values[frame] as number;
          if (Number.isNaN(value)) assert.ok(Number.isNaN(back));
          else assert.ok(Math.abs(back - value) <= halfStep * (1 + 1e-9) + 1e-9, `${value} came back as ${back}`);
        });
      });
    }),
  );
});

test('a recording that a COMTRADE file cannot tell truthfully is refused', () => {
  const { startedAt: _startedAt, ...timeless } = recording;
  assert.throws(() => formatComtrade(timeless, options), /no startedAt/);
  assert.throws(() => formatComtrade({ ...recording, channels: [] }, options), /0 channels/);
  const digital = (values: Uint8Array) => ({ ...options, digitals: [{ id: 'Trip', normalState: 0 as const, values }] });
  assert.throws(() => formatComtrade(recording, digital(Uint8Array.of(1))), /Trip has 1 states, 3 expected/);
  assert.throws(() => formatComtrade(recording, digital(Uint8Array.of(0, 2, 0))), /Trip is 2 at frame 1/);
  const infinite = { ...recording, channels: [{ name: 'a', unit: '', values: Float64Array.of(1, Infinity, 1) }] };
  assert.throws(() => formatComtrade(infinite, options), /Infinity at frame 1/);
});
