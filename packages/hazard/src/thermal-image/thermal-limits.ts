import type { GradedLimit } from '../graded-hazard.ts';

/**
 * Limits on a cable's thermal state, as data. `thermalStateRatio`: θ, 1 = the insulation's permitted temperature;
 * `timeToLimitS`: until then at the load of the last seconds, a day when never.
 */
export const defaultThermalLimits: readonly GradedLimit[] = [
  {
    measure: 'thermalStateRatio',
    level: 'attention',
    direction: 'above',
    threshold: 0.8,
    deadband: 0.05,
    onDelayMs: 10_000,
    offDelayMs: 60_000,
    source: 'ours: four fifths of the permitted rise',
  },
  {
    measure: 'timeToLimitS',
    level: 'warning',
    direction: 'below',
    threshold: 600,
    deadband: 300,
    // Longer than motors start and transformers magnetise.
    onDelayMs: 30_000,
    offDelayMs: 60_000,
    source: 'ours: ten minutes are time to go and switch off',
  },
  {
    measure: 'thermalStateRatio',
    level: 'alarm',
    direction: 'above',
    threshold: 1,
    deadband: 0.05,
    onDelayMs: 0,
    offDelayMs: 60_000,
    source: 'IEC 60255-149: operates at a thermal level of 1 [S]',
  },
];
