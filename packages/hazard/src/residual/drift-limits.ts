import type { GradedLimit } from '../graded-hazard.ts';

const HOUR_MS = 3_600_000;

/**
 * Limits on what a circuit's residual current becomes, as data; what it is now has its own (`terminalLimitRules`).
 *
 * - `driftSum`: CUSUM of the resistive part over what the loads explain, in spreads of an hour.
 * - `riseMa`: resistive part over what the loads explain.
 * - `daysToLimit`: until the whole reaches 300 mA as the course of the resistive part goes, its late bound; 3650 = never.
 */
export const defaultDriftLimits: readonly GradedLimit[] = [
  {
    measure: 'driftSum',
    level: 'attention',
    direction: 'above',
    threshold: 15,
    deadband: 10,
    onDelayMs: 0,
    offDelayMs: 24 * HOUR_MS,
    source: 'ours: a rise of three times the weather is seen within eight hours, one of half as much again in 30',
  },
  {
    measure: 'riseMa',
    level: 'attention',
    direction: 'above',
    threshold: 100,
    deadband: 20,
    onDelayMs: 60_000,
    offDelayMs: HOUR_MS,
    source: 'ours: natural baseline + 100 mA; natural leakage 100-200 mA (GB 50116-2013 9.2.3 commentary [S])',
  },
  {
    measure: 'daysToLimit',
    level: 'warning',
    direction: 'below',
    threshold: 7,
    deadband: 7,
    onDelayMs: 0,
    offDelayMs: 24 * HOUR_MS,
    source: 'ours: a week to find the place; 300 mA may cause fire (GB 50116-2013 9.2.3 commentary [S])',
  },
];
