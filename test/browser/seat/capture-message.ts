import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type RecordedChannel = {
  readonly point: string;
  readonly unit: string;
  /** Physical value of one step of the 16-bit codes. */
  readonly scale: number;
  readonly values: readonly number[];
};

export type Recording = {
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly triggerFrame: number;
  readonly channels: readonly RecordedChannel[];
};

/** A capture as one chunk FSC1 of the device wire (design.md 5.1), written by hand as an independent client would. */
export function captureMessage({ channels, ...recording }: Recording): Buffer {
  const frames = channels[0]?.values.length ?? 0;
  const codes = Buffer.alloc(frames * channels.length * 2);
  channels.forEach(({ values, scale }, index) =>
    values.forEach((value, frame) =>
      codes.writeInt16LE(Math.round(value / scale), 2 * (frame * channels.length + index)),
    ),
  );
  const header = {
    ...recording,
    frames,
    channels: channels.map(({ point, unit, scale }) => ({ point, unit, scale, offset: 0 })),
    sha256: createHash('sha256').update(codes).digest('hex'),
  };
  const json = Buffer.from(JSON.stringify(header));
  const body = Buffer.concat([json, codes]);
  const head = Buffer.alloc(16);
  head.write('FSC1', 0, 'latin1');
  head.writeUInt16LE(0, 4);
  head.writeUInt16LE(1, 6);
  head.writeUInt32LE(json.length, 8);
  head.writeUInt32LE(crc32(body), 12);
  return Buffer.concat([head, body]);
}
