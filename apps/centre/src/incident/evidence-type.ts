import type { IncidentFileType } from '@fengsui/protocol';
import { photoTypeOf } from '../workorder/photo-type.ts';

/** The journal takes entries of 4 MiB; five minutes of telephone in WAV (8 kHz, 8 bit) are 2.3. */
export const MAX_FILE_BYTES = 3 * 1024 * 1024;
export const FILES_PER_INCIDENT = 50;

/** What a recording or a picture is by its own bytes, whatever its sender calls it; undefined when it is neither. */
export function evidenceTypeOf(bytes: Buffer): IncidentFileType | undefined {
  const photo = photoTypeOf(bytes);
  if (photo !== undefined) return photo;
  if (bytes.length < 12) return undefined;
  const word = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (word(0) === 'RIFF' && word(8) === 'WAVE') return 'audio/wav';
  if (word(0) === 'OggS') return 'audio/ogg';
  // ISO/IEC 14496-12, 4.3: the file type box comes first.
  if (word(4) === 'ftyp') return 'audio/mp4';
  return isMp3(bytes) ? 'audio/mpeg' : undefined;
}

/** An ID3v2 tag, or the head of a frame: eleven ones, then a layer that is not reserved (ISO/IEC 11172-3, 2.4.1.3). */
function isMp3(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 0, 3) === 'ID3') return true;
  const [first = 0, second = 0, third = 0] = bytes;
  return first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02 && (third & 0xf0) !== 0xf0;
}
