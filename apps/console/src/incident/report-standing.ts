import type { Incident } from '@fengsui/protocol';

/** `told`: nobody has taken the message, but they know by telephone. */
export type ReportStanding = 'sending' | 'delivered' | 'failing' | 'origin' | 'noChannel' | 'typedLate' | 'told';

/** Of the newest message; undefined while there is none. */
export function reportStanding({ report, toldAt }: Incident): ReportStanding | undefined {
  if (report === undefined) return undefined;
  if (report.deliveredAt !== undefined) return 'delivered';
  if (report.heldBack === 'origin') return 'origin';
  if (toldAt !== undefined) return 'told';
  if (report.heldBack !== undefined) return report.heldBack;
  return report.failedCount > 0 ? 'failing' : 'sending';
}

/** Whether the fire-command side has still to be told, by whichever way, how it stands now. */
export function isTellOwed({ state, report, toldAt }: Incident): boolean {
  if (state !== 'confirmed' && !(state === 'dismissed' && report?.kind === 'cancel')) return false;
  return report?.deliveredAt === undefined && toldAt === undefined;
}
