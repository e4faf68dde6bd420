/** Numbers the reports of a device (design.md 5.1): `epoch` with `next()` names a report for ever. */
export type Numbering = {
  /** ≤ 16 characters; another one only when the count begins anew. */
  readonly epoch: string;
  next(): number;
};

/** Counts from 0: for a device that does not keep its count, with an epoch never used before. */
export function numberingFrom(epoch: string): Numbering {
  let next = 0;
  return { epoch, next: () => next++ };
}
