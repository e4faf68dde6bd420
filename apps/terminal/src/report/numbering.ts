/** Numbers the reports of a device (design.md 5.1): `epoch` with `next()` names a report for ever. */
export type Numbering = {
  /** ≤ 16 characters; another one only when the count begins anew. */
  readonly epoch: string;
  /** No two runs of a device have the same: what a run counts by itself (its captures) is named with it. */
  readonly run: string;
  next(): number;
};

/** Counts from 0: for a device that does not keep its count, with an epoch never used before. */
export function numberingFrom(epoch: string): Numbering {
  let next = 0;
  return { epoch, run: epoch, next: () => next++ };
}
