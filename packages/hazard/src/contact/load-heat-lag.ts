/**
 * Follows I² with a thermal time constant: `dF/dt = (I² − F)/τ`, exact for a current that is constant within a step.
 * What the terminal's temperature is proportional to, were the contact ideal.
 */
export type LoadHeatLag = {
  /** A²; undefined before the first step. */
  readonly valueA2: () => number | undefined;
  /** Moves on by `seconds` at the mean square `currentA2`, and gives the mean of F over the step, A². */
  readonly advance: (seconds: number, currentA2: number) => number;
  /** Whether what was before the first step, or before a gap, has decayed to below 2 %. */
  readonly isSettled: () => boolean;
  /** The current was not seen for a while: the value is kept, and must settle anew. */
  readonly interrupt: () => void;
};

const SETTLED_AFTER_TAU = 4;

export function createLoadHeatLag(tauS: number): LoadHeatLag {
  let valueA2: number | undefined;
  let observedS = 0;
  return {
    valueA2: () => valueA2,
    advance(seconds, currentA2) {
      const before = valueA2 ?? currentA2;
      const rest = Math.exp(-seconds / tauS);
      valueA2 = currentA2 + (before - currentA2) * rest;
      observedS += seconds;
      return currentA2 + ((before - currentA2) * tauS * (1 - rest)) / seconds;
    },
    isSettled: () => observedS >= SETTLED_AFTER_TAU * tauS,
    interrupt: () => {
      observedS = 0;
    },
  };
}
