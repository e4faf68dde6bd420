import type { ConditionKey } from './condition-key.ts';
import { sha256Hex } from './sha256.ts';

/**
 * Id of the alarm that the journal entry `entryId` raised on a condition: `a` and 32 hexadecimal digits.
 *
 * It depends on nothing else, so that a replay of the journal finds the same alarm instead of raising another
 * (design.md 2). 128 bits of SHA-256: a collision is not expected before some 10^19 alarms.
 */
export function alarmIdOf(key: ConditionKey, entryId: string): string {
  // JSON keeps the borders of the four parts: joining them by a character would make some keys equal.
  return `a${sha256Hex(JSON.stringify([key.deviceId, key.prefix, key.kind, entryId])).slice(0, 32)}`;
}
