/** A recording of a call as a telephone system saves it: WAV, PCM, 8 kHz, 8 bit, one channel (RIFF, Microsoft 1994). */
export function recording(seconds: number): Buffer<ArrayBuffer> {
  const samples = Buffer.from(Array.from({ length: Math.round(8_000 * seconds) }, (_, at) => 128 + ((at * 7) % 60)));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
