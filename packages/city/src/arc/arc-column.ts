/**
 * What stands between two parted contacts, as the network solves it: for one step u = sourceV + ohm·i.
 *
 * The network offers a Thevenin source: `openV` across the gap when no current flows, `behindOhm` in series with it
 * (for a load with memory that is its companion resistance, L/Δt included). `solve` may be called several times per step
 * and only ever looks at the state at the step's start; `commit` makes the last solution the new state.
 */
export type ArcColumn = {
  sourceV: number;
  ohm: number;
  /** Whether the solution of this step carries an arc. */
  isBurning: boolean;
  /** The contacts part now; `currentA` flowed through them. */
  open(currentA: number): void;
  /** A half-cycle of the supply begins: what scatters from one to the next is drawn anew. */
  beginHalfCycle(): void;
  solve(openV: number, behindOhm: number): void;
  commit(openV: number, behindOhm: number): void;
};

/** Resistance of a closed contact, ohm. */
export const CONTACT_OHM = 0.02;
