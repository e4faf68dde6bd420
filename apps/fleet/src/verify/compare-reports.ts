import { reportBits, type ReportStates } from '../truth/truth.ts';

export type ReportComparison = {
  /** Of those that were sent. */
  readonly stored: number;
  /** Acknowledged and not there. */
  readonly lost: readonly number[];
  /** There more than once. */
  readonly doubled: readonly number[];
  /** There, and the truth does not know that it was ever sent. */
  readonly unexpected: readonly number[];
};

/**
 * @param found how often the centre has each seq.
 * @param hasEventRows false where an event leaves an alarm and no row of its own.
 */
export function compareReports(
  reports: ReportStates,
  found: ReadonlyMap<number, number>,
  hasEventRows = true,
): ReportComparison {
  const lost: number[] = [];
  for (let seq = 0; seq < reports.length; seq++) {
    const bits = reports.of(seq);
    if (!hasEventRows && (bits & reportBits.event) !== 0) continue;
    if ((bits & reportBits.acknowledged) !== 0 && !found.has(seq)) lost.push(seq);
  }
  const doubled: number[] = [];
  const unexpected: number[] = [];
  let stored = 0;
  for (const [seq, times] of found) {
    if ((reports.of(seq) & reportBits.sent) === 0) unexpected.push(seq);
    else stored++;
    if (times > 1) doubled.push(seq);
  }
  return { stored, lost, doubled, unexpected };
}
