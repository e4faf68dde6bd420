import { unreadable, type Unreadable } from '../recording/recording.ts';
import type { ComtradeCfg } from './cfg.ts';
import { decodeLatin1 } from './foreign-text.ts';

/** The samples of a data file, analog ones as value = a · code + b in the unit of the CFG; NaN = missing. */
export type DatSamples = {
  readonly kind: 'samples';
  readonly frames: number;
  readonly analogs: readonly Float64Array[];
  readonly digitals: readonly Uint8Array[];
  /** In µs · timeMultiplier from the first sample's clock; NaN = not given. */
  readonly timestamps: Float64Array;
  readonly warnings: readonly string[];
};

const missingBinaryCode = -0x8000;
const missingBinaryTimestamp = 0xffffffff;
/** Of each binary type: the bytes of a code, and the code or NaN of a missing one. */
const binaryCodes = {
  BINARY: { bytes: 2, read: (view: DataView, at: number) => missingAs(view.getInt16(at, true), missingBinaryCode) },
  BINARY32: { bytes: 4, read: (view: DataView, at: number) => missingAs(view.getInt32(at, true), missingBinary32Code) },
  FLOAT32: { bytes: 4, read: (view: DataView, at: number) => finiteOrNaN(view.getFloat32(at, true)) },
} as const;
const missingBinary32Code = -0x80000000;
const missingAsciiCode = 99_999;

/** Decodes a data file (C37.111-1999 clause 6; the 32-bit types of C37.111-2013 clause 8). */
export function decodeDat(cfg: ComtradeCfg, bytes: Uint8Array): DatSamples | Unreadable {
  const samples =
    cfg.dataFormat === 'ASCII' ? decodeAscii(cfg, bytes) : decodeBinary(cfg, bytes, binaryCodes[cfg.dataFormat]);
  if (samples.kind === 'samples' && samples.frames === 0) return unreadable('DAT', 'no samples, at least 1 expected');
  return samples;
}

function missingAs(code: number, missing: number): number {
  return code === missing ? NaN : code;
}

function finiteOrNaN(code: number): number {
  return Number.isFinite(code) ? code : NaN;
}

function decodeBinary(
  cfg: ComtradeCfg,
  bytes: Uint8Array,
  codes: (typeof binaryCodes)[keyof typeof binaryCodes],
): DatSamples | Unreadable {
  const words = Math.ceil(cfg.digitals.length / 16);
  const recordBytes = 8 + cfg.analogs.length * codes.bytes + words * 2;
  const frames = Math.floor(bytes.length / recordBytes);
  const left = bytes.length - frames * recordBytes;
  const samples = emptySamples(cfg, frames, left === 0 ? [] : [`DAT ends with ${left} bytes of a cut record`]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const firstNumber = frames === 0 ? 0 : view.getUint32(0, true);
  for (let frame = 0; frame < frames; frame += 1) {
    let offset = frame * recordBytes;
    const number = view.getUint32(offset, true);
    if (number !== firstNumber + frame) {
      return unreadable(`DAT byte ${offset}`, `sample number is ${number}, ${firstNumber + frame} expected`);
    }
    const timestamp = view.getUint32(offset + 4, true);
    samples.timestamps[frame] = timestamp === missingBinaryTimestamp ? NaN : timestamp;
    offset += 8;
    for (let i = 0; i < cfg.analogs.length; i += 1, offset += codes.bytes) {
      const { a, b } = cfg.analogs[i] as { a: number; b: number };
      (samples.analogs[i] as Float64Array)[frame] = a * codes.read(view, offset) + b;
    }
    for (let i = 0; i < cfg.digitals.length; i += 1) {
      const word = view.getUint16(offset + Math.floor(i / 16) * 2, true);
      (samples.digitals[i] as Uint8Array)[frame] = (word >>> (i % 16)) & 1;
    }
  }
  return samples;
}

function decodeAscii(cfg: ComtradeCfg, bytes: Uint8Array): DatSamples | Unreadable {
  const text = decodeLatin1(bytes).replace(/\u001a[^]*$/, '');
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const samples = emptySamples(cfg, lines.length, []);
  const width = 2 + cfg.analogs.length + cfg.digitals.length;
  let firstNumber = 0;
  for (const [frame, line] of lines.entries()) {
    const place = `DAT line ${frame + 1}`;
    const fields = line.split(',').map((field) => field.trim());
    if (fields.length !== width) return unreadable(place, `${fields.length} fields, ${width} expected`);
    const number = readInteger(fields[0]);
    if (frame === 0) firstNumber = number;
    if (number !== firstNumber + frame)
      return unreadable(place, `sample number is ${fields[0]}, ${firstNumber + frame} expected`);
    samples.timestamps[frame] = readInteger(fields[1]);
    for (const [i, channel] of cfg.analogs.entries()) {
      const field = fields[2 + i] as string;
      const code = field === '' ? NaN : Number(field);
      if (field !== '' && !Number.isFinite(code)) {
        return unreadable(place, `${channel.id} is ${JSON.stringify(field.slice(0, 40))}, a number expected`);
      }
      // 2013 leaves a missing value empty and lifts the range; a channel that reaches 99999 means it.
      const isMissing = code === missingAsciiCode && !(cfg.revision === 2013 && channel.max >= missingAsciiCode);
      (samples.analogs[i] as Float64Array)[frame] = isMissing ? NaN : channel.a * code + channel.b;
    }
    for (const [i, channel] of cfg.digitals.entries()) {
      const field = fields[2 + cfg.analogs.length + i] as string;
      if (field !== '0' && field !== '1')
        return unreadable(place, `${channel.id} is ${JSON.stringify(field.slice(0, 40))}, 0 or 1 expected`);
      (samples.digitals[i] as Uint8Array)[frame] = Number(field);
    }
  }
  return samples;
}

function emptySamples(cfg: ComtradeCfg, frames: number, warnings: readonly string[]): DatSamples {
  return {
    kind: 'samples',
    frames,
    analogs: cfg.analogs.map(() => new Float64Array(frames)),
    digitals: cfg.digitals.map(() => new Uint8Array(frames)),
    timestamps: new Float64Array(frames),
    warnings,
  };
}

function readInteger(field: string | undefined): number {
  return field !== undefined && /^\d+$/.test(field) ? Number(field) : NaN;
}
