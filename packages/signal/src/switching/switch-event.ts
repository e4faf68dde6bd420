/** A state held over several cycles: mean powers and the mean waveform of one cycle. */
export type SteadyState = {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  /** First cycle that was averaged, counted from 0 in the order they were pushed. */
  readonly firstCycle: number;
  /** How many cycles were averaged. */
  readonly cycleCount: number;
  /** Mean cycle, first point at the rising zero of the voltage fundamental. */
  readonly voltageV: Float64Array;
  /** Mean cycle on the same points. */
  readonly currentA: Float64Array;
};

/** How the current went from the change to the settled state, cycle by cycle. */
export type SwitchTransient = {
  /**
   * Rms of (cycle - before), one value per cycle from the event's `cycle` on, at most 50. For an `off` the cycles are
   * taken over the state after: what is still left of the load. Includes what a pulsing background does meanwhile.
   */
  readonly rmsA: Float64Array;
  /** Largest absolute value of the same difference, per cycle. */
  readonly peakA: Float64Array;
  /** Largest rmsA over the rms of the settled difference, >= 1; 1 without inrush and for `off`. */
  readonly inrushRatio: number;
  /** Largest peakA over the peak of the settled difference, >= 1. */
  readonly peakRatio: number;
  /** Time constant with which the excess over the settled rms decays, cycles; 0 without inrush, NaN when not told. */
  readonly decayCycles: number;
  /** Cycles over which the current went to the new state little by little, as in a soft start; 0 when it stepped. */
  readonly rampCycles: number;
};

/** One level of the background. */
export type BackgroundLevel = {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  /** Rms of harmonics 1 to 11. */
  readonly currentA: number;
  /** Share of the cycles looked at that were on this level; the shares of an event sum to 1. */
  readonly share: number;
};

/** A load was switched: the circuit went from one steady state to another. */
export type SwitchEvent = {
  readonly kind: 'on' | 'off';
  /** The first cycle that left the old state; cycles are counted from 0 in the order they were pushed. */
  readonly cycle: number;
  /** First frame of that cycle, from the start of the stream. */
  readonly startFrame: number;
  /** The first cycle of the new steady state. */
  readonly settledCycle: number;
  /** False when the new state did not become steady in time and was taken as it was. */
  readonly settled: boolean;
  /** The newest cycle when the event was told. */
  readonly decidedCycle: number;
  /** after - before: negative for an `off`. */
  readonly deltaActivePowerW: number;
  readonly deltaReactivePowerVar: number;
  /** Rms of the difference waveform. */
  readonly deltaCurrentA: number;
  /** As `transient.inrushRatio`. */
  readonly inrushRatio: number;
  /** With a pulsing background both states are taken on the same level of it, so that they differ by the load alone. */
  readonly before: SteadyState;
  readonly after: SteadyState;
  /**
   * after - before, point by point, both aligned to the voltage fundamental: the current of the load switched on, and
   * the negative of the current of the load switched off.
   */
  readonly differenceCurrentA: Float64Array;
  /** Standard error of each point of the difference, from the spread of the cycles on both sides. */
  readonly differenceErrorA: Float64Array;
  /** Rms of the difference over the rms of its standard error. */
  readonly signalToNoise: number;
  readonly transient: SwitchTransient;
  /** Whether another load pulsed while this one was switched. */
  readonly isBackgroundPulsing: boolean;
  /** Levels of the circuit without the switched load, by share; one when nothing pulsed. */
  readonly backgroundLevels: readonly BackgroundLevel[];
  /** Whether the switched load itself pulses: it is told once when it begins and once when it ends. */
  readonly isPulsing: boolean;
};
