/** The mean cycle of a circuit in one state: first point at the rising zero of the voltage fundamental. */
export type CircuitState = {
  /** How many cycles were averaged. */
  readonly cycleCount: number;
  readonly voltageV: Float64Array;
  /** On the same points. */
  readonly currentA: Float64Array;
};

/** How the current went from one state to the other: `SwitchTransient` of the signal package is one. */
export type SwitchingWay = {
  /** Largest rms of a cycle of the load's own current over its rms in the steady state, at least 1; 1 = no inrush. */
  readonly inrushRatio: number;
  /** Largest peak over the peak in the steady state, at least 1. */
  readonly peakRatio: number;
  /** Time constant of the excess, mains cycles; 0 without inrush, NaN when it cannot be told. */
  readonly decayCycles: number;
};

/** A circuit before and after one load was switched: a `SwitchEvent` of the signal package is one. */
export type SwitchedStates = {
  readonly kind: 'on' | 'off';
  readonly before: CircuitState;
  readonly after: CircuitState;
  /** after - before on the same points, when the caller knows it better than by that subtraction (several levels). */
  readonly differenceCurrentA?: Float64Array;
  /** Standard error of the difference, per point. */
  readonly differenceErrorA?: Float64Array;
  /** Absent = unknown, never "none". */
  readonly transient?: SwitchingWay;
  /** First cycle that left the old state, and first of the new one: how long the way took. */
  readonly cycle?: number;
  readonly settledCycle?: number;
};
