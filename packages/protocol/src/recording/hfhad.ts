import { isJsonObject, type JsonObject } from '../wire/json-object.ts';
import { unreadable, type Recording, type Unreadable } from './recording.ts';

/** Where one recording lies in `waves.i16le.bin`, and how its codes become volts and amperes. */
export type HfhadSlice = {
  readonly kind: 'slice';
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly currentCodesPerA: number;
  readonly voltageCodesPerV: number;
};

const frameBytes = 4;

/** Finds a recording of an HFHAD-C folder in the text of its `index.json`. */
export function findHfhadRecording(indexText: string, recordingId: string): HfhadSlice | Unreadable {
  let index: unknown;
  try {
    index = JSON.parse(indexText);
  } catch (error) {
    return unreadable('index.json', error instanceof Error ? error.message : 'not JSON');
  }
  const recordings: unknown = isJsonObject(index) ? index['recordings'] : undefined;
  if (!isJsonObject(index) || !Array.isArray(recordings))
    return unreadable('index.json', 'no recordings[], an object with one expected');
  const found = (recordings as unknown[]).find((entry) => isJsonObject(entry) && entry['id'] === recordingId);
  if (!isJsonObject(found)) {
    return unreadable('index.json', `no recording ${JSON.stringify(recordingId)} among ${recordings.length}`);
  }
  const scales = readPositive(index, ['sample_rate_hz', 'mains_hz', 'scale_current', 'scale_voltage']);
  if (!Array.isArray(scales)) return scales;
  const [sampleRateHz = NaN, mainsHz = NaN, currentCodesPerA = NaN, voltageCodesPerV = NaN] = scales;
  const { offset_frames: offset, frames } = found;
  if (!isCount(offset) || !isCount(frames) || frames === 0) {
    return unreadable(
      'index.json',
      `${recordingId}: offset_frames ${String(offset)}, frames ${String(frames)}; integers expected`,
    );
  }
  return {
    kind: 'slice',
    byteOffset: offset * frameBytes,
    byteLength: frames * frameBytes,
    sampleRateHz,
    mainsHz,
    currentCodesPerA,
    voltageCodesPerV,
  };
}

/**
 * Decodes exactly the bytes of one slice: int16 LE frames `[current code, voltage code]`, the mean of each channel
 * removed, because the front end of that collection leaves an offset that is no part of the signal.
 */
export function decodeHfhadSlice(
  slice: HfhadSlice,
  bytes: Uint8Array,
): { kind: 'recording'; recording: Recording } | Unreadable {
  if (bytes.length !== slice.byteLength) {
    return unreadable(
      'waves.i16le.bin',
      `${bytes.length} bytes from byte ${slice.byteOffset}, ${slice.byteLength} expected`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { sampleRateHz, mainsHz } = slice;
  const channels = [
    { name: 'voltageV', unit: 'V', values: readChannel(view, 2, slice.voltageCodesPerV) },
    { name: 'currentA', unit: 'A', values: readChannel(view, 0, slice.currentCodesPerA) },
  ];
  return { kind: 'recording', recording: { sampleRateHz, mainsHz, channels } };
}

/** One recording out of a whole `waves.i16le.bin`. */
export function parseHfhad(
  indexText: string,
  waves: Uint8Array,
  recordingId: string,
): { kind: 'recording'; recording: Recording } | Unreadable {
  const slice = findHfhadRecording(indexText, recordingId);
  if (slice.kind === 'unreadable') return slice;
  return decodeHfhadSlice(slice, waves.subarray(slice.byteOffset, slice.byteOffset + slice.byteLength));
}

function readChannel(view: DataView, first: number, codesPerUnit: number): Float64Array {
  const values = new Float64Array(view.byteLength / frameBytes);
  let sum = 0;
  for (let frame = 0; frame < values.length; frame += 1) {
    const value = view.getInt16(frame * frameBytes + first, true) / codesPerUnit;
    values[frame] = value;
    sum += value;
  }
  const mean = sum / values.length;
  return values.map((value) => value - mean);
}

function readPositive(index: JsonObject, keys: readonly string[]): number[] | Unreadable {
  const numbers: number[] = [];
  for (const key of keys) {
    const value = index[key];
    if (typeof value !== 'number' || !(value > 0))
      return unreadable('index.json', `${key} is ${String(value)}, a number above 0 expected`);
    numbers.push(value);
  }
  return numbers;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
