/** Loads that venue, area and hour forbid, and batteries being charged. */
export { createChargingRecogniser } from './charging/charging-recogniser.ts';
export type { ChargingOpinion } from './charging/charging-opinion.ts';
export type { ChargingRecogniser, ChargingSettings, ChargingState } from './charging/charging-recogniser.ts';
export type { OddsTerm } from './charging/charging-odds.ts';
export { readingOfMean, readingOfMeter } from './charging/charging-reading.ts';
export type { ChargingReading, ElectricalReading, MeterSecond } from './charging/charging-reading.ts';
export type { RecognisedSwitch } from './charging/recognised-switch.ts';
export { defaultProhibitedPolicy } from './default-policy.ts';
export type { ObservedLoad } from './observed-load.ts';
export type { FindingStage, ProhibitedFinding } from './prohibited-finding.ts';
export { createProhibitedLoads } from './prohibited-loads.ts';
export type {
  ProhibitedLoads,
  ProhibitedLoadsConfig,
  ProhibitedLoadsState,
  ProhibitedReading,
} from './prohibited-loads.ts';
export { prohibitedPolicyProblems, prohibitedUses } from './prohibited-policy.ts';
export type {
  MinutesOfDay,
  ProhibitedLoadsMeant,
  ProhibitedPlace,
  ProhibitedPolicy,
  ProhibitedRule,
  ProhibitedUse,
} from './prohibited-policy.ts';
