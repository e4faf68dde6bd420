/**
 * Samples → mains cycles → electrical quantities. Pure: no clock, no I/O. Float64Array in and out.
 */
export { createBoardCycleAnalyser } from './board-cycle-analyser.ts';
export type {
  BoardCycleAnalyser,
  BoardCycleAnalyserSettings,
  BoardSampleBlock,
  OnCircuitCycle,
} from './board-cycle-analyser.ts';
export { createCycleAnalyser } from './cycle-analyser.ts';
export type { CycleAnalyser, CycleAnalyserSettings, OnCycle, SampleBlock } from './cycle-analyser.ts';
export type { CycleReading, CycleSamples } from './cycle-reading.ts';

export { crestFactor } from './crest-factor.ts';
export { diagnose } from './diagnose/diagnose.ts';
export type { Recording } from './diagnose/diagnose.ts';
export type { Finding, FindingChannel, FindingKind } from './diagnose/finding.ts';
export { createFft } from './fft.ts';
export type { Fft } from './fft.ts';
export { createHalfCycleSplitter } from './half-cycle-splitter.ts';
export type { HalfCycle, HalfCycleSplitter, HalfCycleSplitterSettings } from './half-cycle-splitter.ts';
export { harmonicsOfCycle } from './harmonics-of-cycle.ts';
export type { CycleHarmonics, CyclePlace } from './harmonics-of-cycle.ts';
export type { MainsHz } from './mains.ts';
export { mean } from './mean.ts';
export { createReadingSum, meanReading } from './mean-reading.ts';
export type { MeanReading, ReadingSum } from './mean-reading.ts';
export { minMaxEnvelope } from './min-max-envelope.ts';
export type { MinMaxEnvelope } from './min-max-envelope.ts';
export { peak } from './peak.ts';
export { createPhaseLock } from './phase-lock.ts';
export type { MainsCycle, PhaseLock, PhaseLockSettings } from './phase-lock.ts';
export { createReadingAggregator } from './reading-aggregator.ts';
export type { ReadingAggregator, ReadingAggregatorSettings } from './reading-aggregator.ts';
export { rms } from './rms.ts';
export { createSwitchEventDetector, HOLD_CYCLES as SWITCH_HOLD_CYCLES } from './switch-event-detector.ts';
export type { SwitchEventDetector, SwitchEventSettings } from './switch-event-detector.ts';
export type { BackgroundLevel, SteadyState, SwitchEvent, SwitchTransient } from './switching/switch-event.ts';
export { isVoltageStep } from './switching/voltage-step.ts';
export { trajectory } from './trajectory.ts';
export type { Trajectory } from './trajectory.ts';
