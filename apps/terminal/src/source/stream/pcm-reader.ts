import type { StreamReader } from './frame-reader.ts';
import { bytesOfFormat, streamHeaderProblems, type SampleFormat, type StreamHeader } from './stream-format.ts';

/** Names of ALSA for the same formats. */
const alsaFormats: Readonly<Record<string, SampleFormat>> = { S16_LE: 's16le', S32_LE: 's32le', FLOAT_LE: 'f32le' };

/**
 * Describes raw samples as `arecord -t raw` writes them: `rate=8000&format=S16_LE&mainsHz=50&channels=voltageV:0.0125,c1.currentA:0.002`.
 * A channel is `name:scale` or `name:scale:offset`, in the unit of its name; `skip` is one that is not used.
 *
 * @throws RangeError naming everything that is wrong.
 */
export function parsePcm(description: string): StreamHeader {
  const given = new URLSearchParams(description);
  const known = ['rate', 'format', 'mainsHz', 'channels'];
  const strangers = [...given.keys()].filter((key) => !known.includes(key));
  const problems = strangers.map((key) => `${key} is not known, expected ${known.join(', ')}`);
  const format = alsaFormats[given.get('format') ?? 'S16_LE'];
  if (format === undefined) {
    problems.push(`format is ${given.get('format')}, expected one of ${Object.keys(alsaFormats).join(', ')}`);
  }
  const channels = (given.get('channels') ?? '').split(',').map((text) => {
    const [name = '', scale, offset] = text.split(':');
    if (name === 'skip') return { name, scale: 1 };
    return { name, scale: Number(scale ?? NaN), ...(offset !== undefined && { offset: Number(offset) }) };
  });
  const header = {
    sampleRateHz: Number(given.get('rate') ?? NaN),
    mainsHz: Number(given.get('mainsHz') ?? 50),
    format: format ?? 's16le',
    channels,
  };
  problems.push(...streamHeaderProblems(header));
  if (problems.length > 0) throw new RangeError(problems.map((problem) => `stdin:pcm: ${problem}`).join('\n'));
  return header as StreamHeader;
}

/** Whole frames of raw samples. They carry no time and no number: what is missing between them nobody can see. */
export function createPcmReader(header: StreamHeader): StreamReader {
  const frameBytes = header.channels.length * bytesOfFormat[header.format];
  let buffer: Buffer = Buffer.alloc(0);
  let isFirst = true;
  return {
    push(bytes) {
      buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
      if (isFirst && buffer.length < 4) return [];
      if (isFirst && buffer.subarray(0, 4).toString('latin1') === 'RIFF') {
        throw new Error('the stream is a WAV file, expected raw samples (arecord -t raw)');
      }
      isFirst = false;
      const frames = Math.floor(buffer.length / frameBytes);
      if (frames === 0) return [];
      const payload = buffer.subarray(0, frames * frameBytes);
      buffer = buffer.subarray(payload.length);
      return [{ kind: 'block', frames, payload, missing: 0, isOverrun: false }];
    },
    get pending() {
      return buffer.length;
    },
  };
}
