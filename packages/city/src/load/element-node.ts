/**
 * A point of the network as the elements that hang there see it. They are handed this one object in place of numbers: a
 * number that crosses a call that is not inlined gets a box of its own, thousands of them in a second.
 */
export class ElementNode {
  /** Phase of the supply's fundamental at this step, turns, 0 … 1. */
  phaseTurns = 0;
  /** While elements `prepare`: of the step before; while they `settle` and `commit`: as solved for this step. */
  voltageV = 0;
}
