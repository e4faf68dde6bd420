import type { SwitchedStates } from '../../packages/fingerprint/src/index.ts';

/** A harmonic of a wave: order, rms, phase in radians; √2·rms·sin(order·θ + phase). */
export type FormulaHarmonic = readonly [order: number, rms: number, phaseRad: number];

/** The closed form a case was made of; tests compute from it what a fingerprint must hold. */
export type WaveFormula = {
  readonly kind: 'formula';
  readonly name: string;
  readonly voltage: readonly FormulaHarmonic[];
  /** Factor on the voltage after the switching. */
  readonly afterVoltageRatio: number;
  readonly background: readonly FormulaHarmonic[];
  /** Current of the load itself. */
  readonly load: readonly FormulaHarmonic[];
  /** Mean that the load adds, A: no part of a fingerprint. */
  readonly meanA: number;
  /** Both states are read from this angle of the formula on. */
  readonly beforeTurnRad: number;
  readonly afterTurnRad: number;
};

/** A switching as input of `fingerprintOf`, and where it comes from. */
export type VectorCase = {
  readonly id: string;
  readonly made: WaveFormula | { readonly kind: 'city' | 'unusable'; readonly name: string };
  readonly states: SwitchedStates;
};
