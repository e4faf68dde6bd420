import { crc32 } from 'node:zlib';

/** Written by hand after docs/reference/sample-stream.md, not with the reader's own code. */
export function streamHeader(header: object): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.write('FSS1', 'latin1');
  prefix.writeUInt32LE(text.length, 4);
  return Buffer.concat([prefix, text]);
}

export type BlockContent = {
  readonly first: number;
  /** One row of codes per frame. */
  readonly rows: readonly (readonly number[])[];
  readonly atUs?: number;
  readonly overrun?: number;
};

/** A block of 16-bit samples. */
export function streamBlock({ first, rows, atUs = 0, overrun = 0 }: BlockContent): Buffer {
  const payload = Buffer.from(Int16Array.from(rows.flat()).buffer);
  const prefix = Buffer.alloc(32);
  prefix.write('FSB1', 'latin1');
  prefix.writeUInt32LE(rows.length, 4);
  prefix.writeBigUInt64LE(BigInt(first), 8);
  prefix.writeBigUInt64LE(BigInt(atUs), 16);
  prefix.writeUInt32LE(overrun, 24);
  prefix.writeUInt32LE(crc32(payload), 28);
  return Buffer.concat([prefix, payload]);
}

export const boardHeader = {
  sampleRateHz: 6400,
  mainsHz: 50,
  format: 's16le',
  channels: [
    { name: 'voltageV', scale: 0.02 },
    { name: 'c1.currentA', unit: 'mA', scale: 2 },
    { name: 'skip', scale: 1 },
    { name: 't1.temperatureC', scale: 0.1, offset: -40 },
  ],
};

/** Codes of 230 V, 10 A in phase and 31.5 °C, from a frame on. */
export function boardRows(first: number, frames: number): readonly (readonly number[])[] {
  return Array.from({ length: frames }, (_, index) => {
    const sine = Math.SQRT2 * Math.sin((2 * Math.PI * 50 * (first + index)) / 6400);
    return [Math.round((230 * sine) / 0.02), Math.round((10 * sine) / 0.002), 7, 715];
  });
}
