import { discard, type Discarded } from './discarded.ts';
import { Rejections } from './rejections.ts';
import { isEpoch, isSeq, readInstant } from './report-identity.ts';
import {
  batchSizeProblem,
  type Telemetry,
  type TelemetryFlag,
  type TelemetryMessage,
  type TelemetryRow,
} from './telemetry-message.ts';
import { readBatchInstants, readColumns, telemetryOf } from './telemetry-rows.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** First byte of the binary form and its version. */
export const binaryTelemetryVersion = 0x01;

const headBytes = 28;
const hasSeq = 0x01;
const hasAt0 = 0x02;
const isFloat64 = 0x04;
const knownBits = hasSeq | hasAt0 | isFloat64;

/**
 * Decodes the binary batch form. Little-endian; layout byte by byte in docs/reference/wire.md:
 * version, bits, epochBytes, 0, u16 points, u16 rows, u64 seq, f64 at0, u32 periodMs, epoch, names (u8 length + UTF-8),
 * then rows × points of float32 or float64 with NaN = unknown. Never throws.
 */
export function decodeBinaryTelemetry(bytes: Uint8Array): Telemetry | Discarded {
  if (bytes.length < headBytes) return discard('truncated', `${bytes.length} bytes, a head of ${headBytes} expected`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = view.getUint8(1);
  if (view.getUint8(0) !== binaryTelemetryVersion || (bits & ~knownBits) !== 0 || view.getUint8(3) !== 0) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return discard('unsupportedVersion', `starts with ${start}, expected 01, bits 0…07, any, 00`);
  }
  const pointCount = view.getUint16(4, true);
  const rowCount = view.getUint16(6, true);
  const sizeProblem = batchSizeProblem(pointCount, rowCount);
  if (sizeProblem !== undefined) return discard('limitExceeded', sizeProblem);

  const seq = view.getUint32(12, true) * 2 ** 32 + view.getUint32(8, true);
  if (!isSeq(seq)) return discard('invalidField', `seq is ${seq}, an integer 0…2⁵³−1 expected`);
  const texts = readTexts(bytes, headBytes, view.getUint8(2), pointCount);
  if ('kind' in texts) return texts;
  if (!isEpoch(texts.epoch)) {
    return discard('invalidField', 'epoch is not plain UTF-8 text of at most 16 characters');
  }
  const valueBytes = (bits & isFloat64) === 0 ? 4 : 8;
  const length = texts.end + rowCount * pointCount * valueBytes;
  if (bytes.length < length) return discard('truncated', `${bytes.length} bytes, ${length} expected`);
  if (bytes.length > length) return discard('trailingBytes', `${bytes.length} bytes, ${length} expected`);

  const flags: TelemetryFlag[] = [];
  const rejections = new Rejections();
  const columns = readColumns(texts.names, rejections);
  const at0 = (bits & hasAt0) === 0 ? undefined : view.getFloat64(16, true);
  const instants = readBatchInstants({ at0, periodMs: view.getUint32(24, true) }, rowCount, flags);
  const rows = Array.from({ length: rowCount }, (_, index): TelemetryRow => {
    const start = texts.end + index * pointCount * valueBytes;
    const values = columns.source.map((column, order) => {
      const offset = start + column * valueBytes;
      const value = valueBytes === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true);
      if (Math.abs(value) !== Infinity) return value;
      rejections.add(columns.points[order], 'notFinite', value, index);
      return NaN;
    });
    const at = instants(index);
    return { ...(at === undefined ? {} : { at }), values: Float64Array.from(values) };
  });
  const identity = { epoch: texts.epoch, ...((bits & hasSeq) === 0 ? {} : { seq }) };
  return telemetryOf(identity, columns.points, rows, rejections, flags);
}

/**
 * Encodes a batch in the binary form; NaN = unknown. Every row has one value per point.
 *
 * @throws RangeError when a count, name or number does not fit the layout.
 */
export function encodeBinaryTelemetry(
  message: TelemetryMessage & { readonly precision: 'float32' | 'float64' },
): Uint8Array<ArrayBuffer> {
  const { points, rows, seq, at0, periodMs = 0 } = message;
  const epoch = encodeUtf8(message.epoch ?? '');
  const names = points.map(encodeUtf8);
  checkMessage(message, names);
  const valueBytes = message.precision === 'float32' ? 4 : 8;
  const nameBytes = names.reduce((sum, name) => sum + 1 + name.length, 0);
  const bytes = new Uint8Array(headBytes + epoch.length + nameBytes + rows.length * points.length * valueBytes);
  const view = new DataView(bytes.buffer);
  bytes[0] = binaryTelemetryVersion;
  bytes[1] = (seq === undefined ? 0 : hasSeq) | (at0 === undefined ? 0 : hasAt0) | (valueBytes === 4 ? 0 : isFloat64);
  bytes[2] = epoch.length;
  view.setUint16(4, points.length, true);
  view.setUint16(6, rows.length, true);
  view.setUint32(8, (seq ?? 0) % 2 ** 32, true);
  view.setUint32(12, Math.floor((seq ?? 0) / 2 ** 32), true);
  view.setFloat64(16, at0 ?? 0, true);
  view.setUint32(24, periodMs, true);
  bytes.set(epoch, headBytes);
  let offset = headBytes + epoch.length;
  for (const name of names) {
    bytes[offset] = name.length;
    bytes.set(name, offset + 1);
    offset += 1 + name.length;
  }
  for (const row of rows) {
    for (let column = 0; column < points.length; column += 1, offset += valueBytes) {
      const value = row[column] ?? NaN;
      if (valueBytes === 4) view.setFloat32(offset, value, true);
      else view.setFloat64(offset, value, true);
    }
  }
  return bytes;
}

type Texts = { readonly epoch: string | undefined; readonly names: (string | undefined)[]; readonly end: number };

function readTexts(bytes: Uint8Array, start: number, epochBytes: number, count: number): Texts | Discarded {
  const epoch = decodeUtf8(bytes.subarray(start, start + epochBytes));
  const names: (string | undefined)[] = [];
  let end = start + epochBytes;
  for (let i = 0; i < count; i += 1) {
    const length = bytes[end];
    if (length === undefined) return discard('truncated', `ends within the names, ${count} names expected`);
    names.push(decodeUtf8(bytes.subarray(end + 1, end + 1 + length)));
    end += 1 + length;
  }
  return { epoch, names, end };
}

function checkMessage(message: TelemetryMessage, names: readonly Uint8Array[]): void {
  const { points, rows, seq, at0, periodMs = 0 } = message;
  const sizeProblem = batchSizeProblem(points.length, rows.length);
  if (sizeProblem !== undefined) throw new RangeError(sizeProblem);
  if (!isEpoch(message.epoch ?? '')) throw new RangeError(`epoch is ${message.epoch}, at most 16 characters expected`);
  if (seq !== undefined && !isSeq(seq)) throw new RangeError(`seq is ${seq}, an integer 0…2⁵³−1 expected`);
  if (at0 !== undefined && typeof readInstant(at0) === 'string')
    throw new RangeError(`at0 is ${at0}, epoch ms expected`);
  if (!(Number.isInteger(periodMs) && periodMs >= 0 && periodMs < 2 ** 32)) {
    throw new RangeError(`periodMs is ${periodMs}, an integer 0…2³²−1 expected`);
  }
  const long = names.findIndex((name) => name.length === 0 || name.length > 255);
  if (long >= 0) throw new RangeError(`point ${long} has a name of ${names[long]?.length} bytes, 1…255 expected`);
  const ragged = rows.findIndex((row) => row.length !== points.length);
  if (ragged >= 0) throw new RangeError(`row ${ragged} has ${rows[ragged]?.length} values, ${points.length} expected`);
}
