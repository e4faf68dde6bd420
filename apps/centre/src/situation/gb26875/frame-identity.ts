import { hash } from 'node:crypto';
import { readTimeLabel } from '@fengsui/protocol';
import { isWithin } from '../../platform/clock.ts';

const LABEL_OFFSET = 6;
const COMMAND_OFFSET = 26;
const TAIL_BYTES = 3;

/** A resend may carry a new sending time; the chain of resends is over within this time (6.5: 4 × ≤ 10 s). */
const RESEND_MS = 60_000;

export type GbFrameIdentity = {
  /** The sending time's bytes as hex; '' when it is no time. */
  readonly label: string;
  /** Digest of command and data unit. */
  readonly content: string;
};

/** What makes a frame under a serial the same as another: its sending time, when it is one, and command and data. */
export function gbFrameIdentity(frame: Uint8Array): GbFrameIdentity {
  const label = frame.subarray(LABEL_OFFSET, LABEL_OFFSET + 6);
  return {
    label: readTimeLabel(label) === undefined ? '' : Buffer.from(label).toString('hex'),
    content: hash('sha256', frame.subarray(COMMAND_OFFSET, frame.length - TAIL_BYTES), 'hex').slice(0, 32),
  };
}

/** Whether two frames under one serial are one: the same content with the same sending time, or within a minute. */
export const isResend = (
  known: GbFrameIdentity & { readonly receivedAt: number },
  { label, content }: GbFrameIdentity,
  receivedAt: number,
): boolean =>
  known.content === content &&
  ((label !== '' && known.label === label) || isWithin(receivedAt, known.receivedAt, RESEND_MS));
