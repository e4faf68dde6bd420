import { PARTITION_COUNT } from './entry.ts';

/** FNV-1a over the venue's id: a venue is always handled in order, by one worker, whatever else grows. */
export function partitionOf(venueId: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(venueId)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % PARTITION_COUNT;
}
