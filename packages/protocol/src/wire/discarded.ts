import { printable } from './plain-text.ts';

/** Stable codes; the words for people are in `detail`. */
export type DiscardReason =
  | 'empty'
  | 'tooLarge'
  | 'notUtf8'
  | 'notJson'
  | 'notObject'
  | 'missingField'
  | 'invalidField'
  | 'unsupportedVersion'
  | 'truncated'
  | 'trailingBytes'
  | 'badChecksum'
  | 'limitExceeded';

/** A payload of which nothing can be used. It is acknowledged, quarantined with this reason, and counted. */
export type Discarded = { readonly kind: 'discarded'; readonly reason: DiscardReason; readonly detail: string };

export function discard(reason: DiscardReason, detail: string): Discarded {
  return { kind: 'discarded', reason, detail: printable(detail, 240) };
}

/** Largest MQTT packet of the device wire; no payload is larger. design.md 5.1. */
export const maxPacketBytes = 256 * 1024;

/** A refused value in at most 80 characters, for quarantine rows and logs; never a deep serialisation. */
export function shortText(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(printable(value, 78));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return typeof value;
}
