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
  FingerprintSettings,
  FingerprintTransient,
  UnusableStates,
} from './current-fingerprint.ts';
export type { DeviceMatch } from './device/device-matcher.ts';
export type {
  EnrolledDevice,
  EnrolledDevices,
  FeatureRow,
  TeachingAct,
  TeachingRecord,
} from './device/enrolled-devices.ts';
export { emptyEnrolment, knownVersions, teach } from './device/teaching.ts';
export type { Teaching } from './device/teaching.ts';
export type { CycleWaves } from './background/aligned-cycle.ts';
export { differenceAround } from './difference-around.ts';
export type { DifferenceSettings } from './difference-around.ts';
export { featureIndex, FEATURES, featureVector } from './feature-vector.ts';
export type { Feature } from './feature-vector.ts';
export * from './learn/index.ts';
export { isLoadFamily, LOAD_FAMILIES } from './load-family.ts';
export type { LoadFamily } from './load-family.ts';
export { decodeModel, encodeModel, LARGEST_MODEL_FILE_BYTES } from './model/model-file.ts';
export type { DecodedModel } from './model/model-file.ts';
export type { ModelCard, NamingPolicy, RecognitionModel } from './model/recognition-model.ts';
export { shippedModel } from './model/shipped-model.ts';
export { createRecogniser } from './recogniser.ts';
export type { Recogniser } from './recogniser.ts';
export type { NameLevel, Recognition, RecognitionReason } from './recognition.ts';
export type { CircuitState, SwitchedStates, SwitchingWay } from './switched-states.ts';
export * from './tracker/index.ts';
export { trainModel } from './training/train-model.ts';
export type { TrainModelSettings } from './training/train-model.ts';
export type { TrainingRow } from './training/training-row.ts';
export type { TrajectoryShape } from './trajectory-shape.ts';
