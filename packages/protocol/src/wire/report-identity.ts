import { discard, shortText, type Discarded } from './discarded.ts';
import type { JsonObject } from './json-object.ts';
import { isPlainText } from './plain-text.ts';

/** (deviceId, epoch, seq) is the identity of a report; here without the device. design.md 5.1. */
export type ReportIdentity = {
  /** `""` when the device sent none; at most 16 characters. */
  readonly epoch: string;
  /** Absent when the device does not count; else an integer 0…2⁵³−1. */
  readonly seq?: number;
};

/** Reads `epoch` and `seq`; null counts as absent. */
export function readIdentity(object: JsonObject): ReportIdentity | Discarded {
  const epoch = object['epoch'] ?? '';
  if (!isEpoch(epoch)) {
    return discard('invalidField', `epoch is ${shortText(epoch)}, a string of at most 16 characters expected`);
  }
  const seq = object['seq'] ?? undefined;
  if (seq === undefined) return { epoch };
  if (typeof seq !== 'number' || !isSeq(seq))
    return discard('invalidField', `seq is ${shortText(seq)}, an integer 0…2⁵³−1 expected`);
  return { epoch, seq: seq + 0 };
}

export function isEpoch(value: unknown): value is string {
  return value === '' || (isPlainText(value, 32) && [...value].length <= 16);
}

export function isSeq(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export type InstantFlag = 'atMissing' | 'atInvalid';

/** Largest instant a calendar can show (ECMA-262 Date), ±. */
const farthestMs = 8.64e15;

/**
 * An instant in epoch ms, rounded to whole ms. A missing or unusable one is a flag, never a lost report: the centre
 * uses the time of reception. Whether it is plausible is the centre's to judge; it has the clock.
 */
export function readInstant(value: unknown): number | InstantFlag {
  if (value === undefined || value === null) return 'atMissing';
  if (typeof value !== 'number' || !(Math.abs(value) <= farthestMs)) return 'atInvalid';
  return Math.round(value) + 0;
}
