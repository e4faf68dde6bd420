export type { HazardEvent, Reading } from './hazard-event.ts';
export {
  createLimitHazards,
  terminalLimitRules,
  type LimitHazards,
  type LimitHazardsConfig,
  type LimitHazardsState,
} from './limit-hazards.ts';
export {
  circuitProblems,
  defaultOverloadBands,
  overloadRules,
  type OverloadBand,
  type RatedCircuit,
} from './overload.ts';
