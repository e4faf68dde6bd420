import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { DeviceClient } from './device-client.ts';

/** The chunks of a capture as the device wire describes them, byte by byte: FSC1, index, count, headerBytes, crc32, body. */
export function captureChunks(seq: number, codes: readonly number[], chunkCount: number): Buffer[] {
  const frames = Buffer.alloc(codes.length * 2);
  codes.forEach((code, index) => frames.writeInt16LE(code, index * 2));
  const header = Buffer.from(
    JSON.stringify({
      epoch: 'cap',
      seq,
      at: Date.now(),
      sampleRateHz: 6_400,
      mainsHz: 50,
      channels: [{ point: 'c1.currentA', unit: 'A', scale: 0.5, offset: 1 }],
      frames: codes.length,
      triggerFrame: 1,
      sha256: createHash('sha256').update(frames).digest('hex'),
    }),
  );
  const size = Math.ceil(codes.length / chunkCount) * 2;
  return Array.from({ length: chunkCount }, (_, index) => {
    const part = frames.subarray(index * size, (index + 1) * size);
    const body = index === 0 ? Buffer.concat([header, part]) : part;
    const head = Buffer.alloc(16);
    head.write('FSC1', 0, 'latin1');
    head.writeUInt16LE(index, 4);
    head.writeUInt16LE(chunkCount, 6);
    head.writeUInt32LE(index === 0 ? header.length : 0, 8);
    head.writeUInt32LE(crc32(body), 12);
    return Buffer.concat([head, body]);
  });
}

export async function sendTestCapture(device: DeviceClient, captureId: string, seq: number): Promise<void> {
  for (const chunk of captureChunks(seq, [0, 100, -100, 7], 1)) await device.send(`capture/${captureId}`, chunk);
}
