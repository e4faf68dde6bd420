import { hash } from 'node:crypto';
import { readTimeLabel } from '@fengsui/protocol';

const LABEL_OFFSET = 6;
const COMMAND_OFFSET = 26;
const TAIL_BYTES = 3;

/** What makes a frame under a serial the same as another: its sending time, when it is one, and command and data. */
export function gbFrameIdentity(frame: Uint8Array): { readonly label: string; readonly content: string } {
  const label = frame.subarray(LABEL_OFFSET, LABEL_OFFSET + 6);
  return {
    label: readTimeLabel(label) === undefined ? '' : Buffer.from(label).toString('hex'),
    content: hash('sha256', frame.subarray(COMMAND_OFFSET, frame.length - TAIL_BYTES), 'hex').slice(0, 32),
  };
}
