import { Buffer } from 'node:buffer';
import type { Entry, Lane } from '../entry.ts';
import { decodeRecord } from '../record-codec.ts';
import { sequenceOf } from './message-sequence.ts';

/**
 * The body of a message is the records of its entries as a segment file has them, one behind the other; their sequence
 * field is 0, because the server numbers the message.
 *
 * @throws Error on bytes that are not whole records: the server keeps checksums of its own, so somebody else wrote them.
 */
export function unpackMessage(bytes: Uint8Array, lane: Lane, message: number): readonly Entry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Entry[] = [];
  for (let offset = 0; offset < buffer.byteLength;) {
    const outcome = decodeRecord(buffer, offset, lane);
    if (outcome.kind !== 'entry') {
      const reason = outcome.kind === 'corrupt' ? outcome.reason : 'record cut off';
      throw new Error(`message ${message} of lane ${lane}: ${reason} at byte ${offset} of ${buffer.byteLength}`);
    }
    entries.push(outcome.entry);
    offset = outcome.end;
  }
  if (entries.length === 0) throw new Error(`message ${message} of lane ${lane} is empty`);
  return entries.map((entry, index) => ({ ...entry, sequence: sequenceOf(message, index, entries.length) }));
}
