import type { ElementNode } from './element-node.ts';

/**
 * What the network solves: for one step, every element is a Norton companion i⁺ = conductance·v⁺ + sourceA.
 *
 * The order of a step is `prepare`, then `settle` with each solution until every element agrees (at most 6 passes), then
 * `commit`. A continuous non-linearity (saturation, a lamp's arc) is linearised with the state of the step before; a
 * discontinuous one (a diode) is corrected in `settle`.
 */
export type CircuitElement = {
  /** False: draws nothing and is skipped. */
  readonly isActive: boolean;
  /** True: `settle` never corrects anything and need not be called. */
  readonly isLinear: boolean;
  /** S. */
  readonly conductance: number;
  readonly sourceA: number;
  /** Drawn in the last step that was committed. */
  readonly currentA: number;
  /** Sets the companion of this step; the node still has the voltage of the step before. */
  prepare(node: ElementNode): void;
  /** Compares the state with the solved voltage; corrects it and the companion, and returns false, when they disagree. */
  settle(node: ElementNode): boolean;
  /** Moves every state on and sets `currentA`. */
  commit(node: ElementNode): void;
  /** Closes the contact. */
  close(): void;
  /** Opens the contact; the current ends at its next zero, as the arc of a real switch does. */
  open(): void;
};
