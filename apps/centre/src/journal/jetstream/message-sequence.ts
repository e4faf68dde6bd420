/**
 * One JetStream message carries many entries. The last entry of message m has the sequence m · 4096, those before it
 * count down from there: sequences rise for ever, each entry has its own, the message of a sequence is known, and the
 * last sequence of a stream follows from the number of its last message without reading it. 2^53 / 4096 messages are
 * 70 years at 1,000 a second.
 */
export const ENTRIES_PER_MESSAGE = 4096;

/** The sequence of entry `index` (from 0) of `count` in message `message`. */
export function sequenceOf(message: number, index: number, count: number): number {
  return message * ENTRIES_PER_MESSAGE - (count - 1 - index);
}

/** The message that holds a sequence; 0 for 0, which no entry has. */
export const messageOf = (sequence: number): number => Math.ceil(sequence / ENTRIES_PER_MESSAGE);

/** The newest message whose entries all lie at or before a sequence. */
export const wholeMessagesThrough = (sequence: number): number => Math.floor(sequence / ENTRIES_PER_MESSAGE);

export const lastSequenceOf = (message: number): number => message * ENTRIES_PER_MESSAGE;
