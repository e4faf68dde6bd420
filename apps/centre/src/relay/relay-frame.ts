import type { RelayAnswer } from '../intake/gb26875/relay-door.ts';
import type { OwedFrame } from '../situation/gb-relay/relay-state.ts';

/** An owed frame on its way. */
export type RelayFrame = OwedFrame & {
  /** Of the transmission under way, on this connection: 4 at most. */
  transmissions: number;
  /** Connections it was sent on four times without a confirm. */
  rounds: number;
  sentAt: number;
  firstSentAt: number | undefined;
  /** The device waits for a confirm until then. */
  answer: RelayAnswer | undefined;
  answerBy: number;
};

export const relayFrame = (owed: OwedFrame, answer?: RelayAnswer, answerBy = 0): RelayFrame => ({
  ...owed,
  transmissions: 0,
  rounds: 0,
  sentAt: 0,
  firstSentAt: undefined,
  answer,
  answerBy,
});

/** Tells the device's side, once. */
export function settleAnswer(frame: RelayFrame, confirm?: Uint8Array): void {
  const { answer } = frame;
  frame.answer = undefined;
  answer?.(confirm);
}

const SERIAL_OFFSET = 2;
const COMMAND_OFFSET = 26;
const TAIL_BYTES = 3;

/** The two bytes of a serial as they stand on the wire: replies repeat them. */
export const wireSerial = (bytes: Uint8Array): number =>
  ((bytes[SERIAL_OFFSET] ?? 0) << 8) | (bytes[SERIAL_OFFSET + 1] ?? 0);

export const commandOf = (bytes: Uint8Array): number => bytes[COMMAND_OFFSET] ?? 0;

/** Whether two frames say the same: their command and data unit. */
export const sameContent = (one: Uint8Array, other: Uint8Array): boolean =>
  Buffer.compare(one.subarray(COMMAND_OFFSET, -TAIL_BYTES), other.subarray(COMMAND_OFFSET, -TAIL_BYTES)) === 0;
