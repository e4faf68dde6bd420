import { PARTITION_COUNT } from './entry.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const encoder = new TextEncoder();

/** FNV-1a over the venue's id in UTF-8: a venue is always handled in order, by one worker, whatever else grows. */
export function partitionOf(venueId: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < venueId.length; i++) {
    const code = venueId.charCodeAt(i);
    // Ids are nearly always ASCII, and this is asked for every report.
    if (code > 0x7f) return partitionOfBytes(encoder.encode(venueId));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return (hash >>> 0) % PARTITION_COUNT;
}

function partitionOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0) % PARTITION_COUNT;
}
