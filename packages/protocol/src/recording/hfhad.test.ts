import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHfhadSlice, findHfhadRecording, parseHfhad } from './hfhad.ts';

const index = {
  sample_rate_hz: 6400,
  mains_hz: 50,
  samples_per_cycle: 128,
  scale_current: 40,
  scale_voltage: 20,
  recordings: [
    { id: 'hfhad-fan-01', label: 'fan', rec: 1, offset_frames: 0, frames: 2 },
    { id: 'hfhad-fan-02', label: 'fan', rec: 2, offset_frames: 2, frames: 3 },
  ],
};
// Frames [current code, voltage code], int16 LE: (7,7) (7,7) | (40,200) (80,-400) (-120,-100)
const waves = Uint8Array.from([7, 0, 7, 0, 7, 0, 7, 0, 0x28, 0, 0xc8, 0, 0x50, 0, 0x70, 0xfe, 0x88, 0xff, 0x9c, 0xff]);

test('a recording is cut out by id, scaled, and freed of its mean', () => {
  // Volts 10, −20, −5: mean −5. Amperes 1, 2, −3: mean 0.
  assert.deepEqual(parseHfhad(JSON.stringify(index), waves, 'hfhad-fan-02'), {
    kind: 'recording',
    recording: {
      sampleRateHz: 6400,
      mainsHz: 50,
      channels: [
        { name: 'voltageV', unit: 'V', values: Float64Array.of(15, -15, 0) },
        { name: 'currentA', unit: 'A', values: Float64Array.of(1, 2, -3) },
      ],
    },
  });
});

test('the slice tells which bytes to read from the large file', () => {
  assert.deepEqual(findHfhadRecording(JSON.stringify(index), 'hfhad-fan-02'), {
    kind: 'slice',
    byteOffset: 8,
    byteLength: 12,
    sampleRateHz: 6400,
    mainsHz: 50,
    currentCodesPerA: 40,
    voltageCodesPerV: 20,
  });
});

test('an unknown id, a cut file and a broken index are named', () => {
  const problemOf = (text: string, id = 'hfhad-fan-02', bytes = waves) => {
    const outcome = parseHfhad(text, bytes, id);
    return outcome.kind === 'unreadable' ? `${outcome.place}: ${outcome.detail}` : outcome.kind;
  };
  const text = JSON.stringify(index);
  assert.match(problemOf(text, 'x'), /^index.json: no recording "x" among 2/);
  assert.match(
    problemOf(text, 'hfhad-fan-02', waves.subarray(0, 19)),
    /^waves.i16le.bin: 11 bytes from byte 8, 12 expected/,
  );
  assert.match(problemOf('{'), /^index.json: /);
  assert.match(problemOf('{}'), /no recordings/);
  assert.match(problemOf(JSON.stringify({ ...index, scale_current: 0 })), /scale_current is 0/);
  const broken = { ...index, recordings: [{ id: 'hfhad-fan-02', offset_frames: -1, frames: 3 }] };
  assert.match(problemOf(JSON.stringify(broken)), /offset_frames -1/);
});

test('a slice of an odd place in memory is decoded alike', () => {
  const slice = findHfhadRecording(JSON.stringify(index), 'hfhad-fan-01');
  assert.ok(slice.kind === 'slice');
  const shifted = new Uint8Array(9);
  shifted.set(waves.subarray(0, 8), 1);
  const outcome = decodeHfhadSlice(slice, shifted.subarray(1));
  assert.ok(outcome.kind === 'recording');
  assert.deepEqual(outcome.recording.channels[0]?.values, Float64Array.of(0, 0));
});
