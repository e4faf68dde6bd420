/** Auxiliary winding of a capacitor motor, in series with its run capacitor. Its iron saturates as the stray path does. */
export type AuxiliaryWinding = {
  /** Active power it takes over the motor's, 0.02 … 0.6. */
  readonly powerShare: number;
  /** Resonance of winding and capacitor over the mains frequency, 1.1 … 5. */
  readonly resonanceRatio: number;
};
