import type { GradedLimit } from '../graded-hazard.ts';

// No contact heals: a day below a limit is the least that tells a repair from an hour without load.
const HOUR_MS = 3_600_000;
// A draught that comes with a load passes for a bad contact until the load has changed a few times more: hours. Failures
// take days; what is acute shows in `unexplainedRiseK` and in the limits on the temperature itself.
const slow = { direction: 'above', onDelayMs: 12 * HOUR_MS, offDelayMs: 24 * HOUR_MS } as const;
const quick = { direction: 'above', onDelayMs: 6 * HOUR_MS, offDelayMs: 24 * HOUR_MS } as const;

/**
 * When a terminal's heating per current squared is a hazard, as data. Each limit is entered when the lower bound of the
 * estimate is above it (99.9 %, the trend 99 %).
 *
 * - `kappaRatio`: κ over its commissioning value.
 * - `unexplainedRiseK`: temperature over what load and air explain, before κ has followed; plain, not a bound.
 * - `doublingsPerMonth`: slope of ln κ, in doublings per 30 d.
 * - `riseAtRatedK`: rise at the circuit's rated current; needs no commissioning.
 * - `loopGain`, `loopGainAtRated`: I²·Rth·∂Rc/∂T now and at rated current; at 1 the contact runs away.
 */
export const defaultContactLimits: readonly GradedLimit[] = [
  { measure: 'kappaRatio', level: 'attention', threshold: 1.3, deadband: 0.1, ...slow, source: 'ours' },
  { measure: 'kappaRatio', level: 'warning', threshold: 1.6, deadband: 0.1, ...slow, source: 'ours' },
  {
    measure: 'kappaRatio',
    level: 'alarm',
    threshold: 2,
    deadband: 0.2,
    ...quick,
    source: 'ours: twice the commissioning value; failures take days to a year (Benfer & Gottuk [S])',
  },
  {
    measure: 'unexplainedRiseK',
    level: 'attention',
    direction: 'above',
    threshold: 10,
    deadband: 5,
    onDelayMs: 0,
    offDelayMs: HOUR_MS,
    source: 'ours: 10 K within minutes that no load explains',
  },
  {
    measure: 'unexplainedRiseK',
    level: 'warning',
    direction: 'above',
    threshold: 20,
    deadband: 5,
    onDelayMs: 0,
    offDelayMs: HOUR_MS,
    source: 'ours: twice the attention band',
  },
  {
    measure: 'doublingsPerMonth',
    level: 'alarm',
    threshold: 1,
    deadband: 0.2,
    ...slow,
    source: 'ours: ln κ doubles in less than 30 d',
  },
  {
    measure: 'riseAtRatedK',
    level: 'warning',
    threshold: 70,
    deadband: 5,
    ...slow,
    source: 'IEC 60947-1: terminals rise by at most 70 K [M]',
  },
  {
    measure: 'riseAtRatedK',
    level: 'alarm',
    threshold: 105,
    deadband: 10,
    ...quick,
    source: 'ours: 1.5 times the 70 K of IEC 60947-1 [M]',
  },
  { measure: 'loopGainAtRated', level: 'warning', threshold: 1, deadband: 0.1, ...slow, source: 'ours: runaway' },
  { measure: 'loopGain', level: 'alarm', threshold: 1, deadband: 0.1, ...quick, source: 'ours: runaway' },
];
