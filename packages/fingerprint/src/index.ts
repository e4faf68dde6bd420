/** The current fingerprint 电流指纹. Pure: no clock, no randomness, no I/O. */
export {
  FINGERPRINT_SCHEMA_VERSION,
  fingerprintOf,
  HIGHEST_FINGERPRINT_HARMONIC,
  nominalPowerW,
  SHAPE_POINTS,
} from './current-fingerprint.ts';
export type {
  CurrentFingerprint,
  FingerprintHarmonic,
  FingerprintTransient,
  FingerprintSettings,
  UnusableStates,
} from './current-fingerprint.ts';
export { differenceAround } from './difference-around.ts';
export type { CycleWaves, DifferenceSettings } from './difference-around.ts';
export { featureIndex, FEATURES, featureVector } from './feature-vector.ts';
export type { Feature } from './feature-vector.ts';
export { isLoadFamily, LOAD_FAMILIES } from './load-family.ts';
export type { LoadFamily } from './load-family.ts';
export type { CircuitState, SwitchedStates, SwitchingWay } from './switched-states.ts';
export type { TrajectoryShape } from './trajectory-shape.ts';
