import type { Role } from '@fengsui/protocol';
import type { Login } from './callers.ts';

/** Older than this, who approves something dangerous proves anew who he is (ASVS 5.0, 7.5.3). */
const FRESH_MS = 5 * 60_000;

/** Whether its holder proved a short while ago who he is. */
export const isFresh = ({ confirmedAt }: Login, now: number): boolean =>
  confirmedAt <= now && now - confirmedAt < FRESH_MS;

/**
 * How long until it is locked, in ms; 0: it is; undefined: never. A wall screen stays lit, and who came by a link has
 * nothing to unlock with.
 *
 * @param idleLockMs without an act of its holder; 0: only he himself locks it.
 */
export function msUntilLocked(login: Login, idleLockMs: number, now: number): number | undefined {
  // One that owes a step opens nothing else anyway.
  if (lockless.includes(login.role) || login.owes !== undefined) return undefined;
  if (login.isLocked) return 0;
  if (idleLockMs === 0) return undefined;
  return Math.max(0, Math.min(idleLockMs, login.usedAt + idleLockMs - now));
}

const lockless: readonly Role[] = ['display', 'founder'];
