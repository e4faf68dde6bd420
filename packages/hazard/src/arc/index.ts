/** Series and parallel arcs on one circuit. */
export { createArcDetector, type ArcDetector, type ArcDetectorSettings } from './arc-detector.ts';
export { type ArcDecision } from './arc-decision.ts';
export { type ArcReason } from './arc-reason.ts';
export { type ArcDetectorState, type StoredLoadState } from './arc-state.ts';
export { type HalfCycleFeatures } from './half-cycle-features.ts';
export { PARALLEL_HALF_CYCLES } from './parallel-arc.ts';
export { SERIES_STAGES } from './series-arc.ts';
