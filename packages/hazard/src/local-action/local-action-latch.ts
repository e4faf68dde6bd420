/** That a circuit was opened, until a person has been there. Plain JSON, to be kept over a restart before anything else. */
export type LocalActionLatch = {
  readonly circuit: string;
  readonly openedAt: number;
  readonly policyId: string;
  /** Kind and point of the event it was opened for. */
  readonly cause: string;
};

/** What a person recorded on site. */
export type SiteInspection = {
  readonly circuit: string;
  readonly by: string;
  /** Epoch ms. */
  readonly inspectedAt: number;
  readonly finding: string;
};

/**
 * The latch after an inspection: gone when the inspection is of this circuit, later than the opening, not in the future,
 * and names person and finding; else unchanged, with the reason. It closes nothing: the breaker is closed by hand, there.
 */
export function releaseLatch(
  latch: LocalActionLatch,
  { circuit, by, inspectedAt, finding }: SiteInspection,
  now: number,
): { readonly latch?: LocalActionLatch; readonly refusal?: string } {
  const refuse = (refusal: string): { latch: LocalActionLatch; refusal: string } => ({ latch, refusal });
  if (circuit !== latch.circuit) return refuse(`inspection of ${circuit}: expected one of ${latch.circuit}`);
  if (!(inspectedAt > latch.openedAt)) return refuse('inspection: expected one after the circuit was opened');
  if (!(inspectedAt <= now)) return refuse('inspection: its instant lies in the future');
  if (by.trim() === '' || finding.trim() === '') return refuse('inspection: expected who inspected and what was found');
  return {};
}
