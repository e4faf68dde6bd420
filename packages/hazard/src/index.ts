/** Electrical hazards of circuits and boards: readings in, events out when the level of a hazard changed. Pure. */
export * from './arc/index.ts';
export { createContactHeating } from './contact/contact-heating.ts';
export type { ContactEstimate, ContactHeating, ContactHeatingState } from './contact/contact-heating.ts';
export { defaultContactLimits } from './contact/contact-limits.ts';
export { defaultTauBankS } from './contact/contact-settings.ts';
export type { ContactCommissioning, ContactHeatingSettings } from './contact/contact-settings.ts';
export type { ContactReading } from './contact/minute-means.ts';
export { createGradedHazard } from './graded-hazard.ts';
export type {
  EstimatedValue,
  GradedHazard,
  GradedHazardSettings,
  GradedHazardState,
  GradedLimit,
  HazardDescription,
} from './graded-hazard.ts';
export type { EvidenceValue, HazardEvent, HazardEvidence, Reading } from './hazard-event.ts';
export { createHazardUnion } from './hazard-union.ts';
export type { HazardUnion, HazardUnionState } from './hazard-union.ts';
export {
  createLimitHazards,
  terminalLimitRules,
  type LimitHazards,
  type LimitHazardsConfig,
  type LimitHazardsState,
} from './limit-hazards.ts';
export { decideLocalAction, missingCodes } from './local-action/decide-local-action.ts';
export type {
  CircuitState,
  LocalActionDecision,
  MissingCode,
  MissingCondition,
  PolicyOnRecord,
} from './local-action/decide-local-action.ts';
export { releaseLatch } from './local-action/local-action-latch.ts';
export type { LocalActionLatch, SiteInspection } from './local-action/local-action-latch.ts';
export { localActionCauses, localActionPolicyProblems } from './local-action/local-action-policy.ts';
export type { LocalActionCause, LocalActionPolicy, SurveyedLoad } from './local-action/local-action-policy.ts';
export { measuredEvidence } from './measured-evidence.ts';
export type { HazardForecast, MeasuredFeature } from './measured-evidence.ts';
export {
  circuitProblems,
  defaultOverloadBands,
  overloadRules,
  type OverloadBand,
  type RatedCircuit,
} from './overload.ts';
export * from './prohibited/index.ts';
export { defaultDriftLimits } from './residual/drift-limits.ts';
export { createResidualDrift } from './residual/residual-drift.ts';
export type {
  ResidualDrift,
  ResidualDriftSettings,
  ResidualDriftState,
  ResidualEstimate,
} from './residual/residual-drift.ts';
export { createResidualPhasor } from './residual/residual-phasor.ts';
export type { ResidualPhasor } from './residual/residual-phasor.ts';
export type { ResidualReading } from './residual/residual-steps.ts';
export { neutralShiftOf } from './supply/neutral-shift.ts';
export type { NeutralShift } from './supply/neutral-shift.ts';
export { createSupplyHazards } from './supply/supply-hazards.ts';
export type { Phases, SupplyHazards, SupplyReading, SupplySettings, SupplyState } from './supply/supply-hazards.ts';
export { defaultSupplyLimits } from './supply/supply-limits.ts';
export type { SupplyLimits } from './supply/supply-limits.ts';
export { cableProblems, conductorTimeConstantS, currentCapacity, protectionFindings } from './thermal-image/cable.ts';
export type { CableData, CurrentCapacity } from './thermal-image/cable.ts';
export { crossSectionsMm2, installationMethods } from './thermal-image/capacity-table.ts';
export type { InstallationMethod, Insulation } from './thermal-image/capacity-table.ts';
export {
  advanceThermal,
  coldState,
  thermalModelProblems,
  thermalRatio,
  timeToThermalLimitS,
} from './thermal-image/thermal-image.ts';
export type { ThermalModel, ThermalState } from './thermal-image/thermal-image.ts';
export { defaultThermalLimits } from './thermal-image/thermal-limits.ts';
export { createThermalOverload } from './thermal-image/thermal-overload.ts';
export type {
  ThermalOverload,
  ThermalOverloadReading,
  ThermalOverloadSettings,
  ThermalOverloadState,
} from './thermal-image/thermal-overload.ts';
