import type { GradedLimit } from '../graded-hazard.ts';

type Duration = Pick<GradedLimit, 'onDelayMs' | 'offDelayMs'>;
const slow: Duration = { onDelayMs: 60_000, offDelayMs: 60_000 };
const tenMinutes: Duration = { onDelayMs: 600_000, offDelayMs: 600_000 };

/** Limits by kind of event, on ratios to the nominal voltage, as data. Depth and duration belong together (EN 50160). */
export type SupplyLimits = Readonly<
  Record<'overVoltage' | 'underVoltage' | 'phaseLoss' | 'neutralLoss' | 'imbalance', readonly GradedLimit[]>
>;

/**
 * - `highestVoltageRatio`, `lowestVoltageRatio`: of any phase, to nominal.
 * - `deadSupplyRatio`: 1 while no phase has voltage, else 0.
 * - `lostPhases`: phases without voltage while another has it.
 * - `neutralShiftRatio`: displacement of the star point where the triangle is whole, to nominal.
 * - `voltageImbalancePct`: largest deviation of a phase from their mean, to the mean (IEEE 936).
 * - `currentImbalancePct`: the same of the currents, while the largest is above half its rated current.
 */
export const defaultSupplyLimits: SupplyLimits = {
  overVoltage: [
    {
      measure: 'highestVoltageRatio',
      level: 'warning',
      direction: 'above',
      threshold: 1.1,
      deadband: 0.02,
      ...slow,
      source: 'EN 50160: ± 10 % of 10-min means [M]; GB/T 12325-2008: 220 V + 7 % [M]; delays ours',
    },
    {
      measure: 'highestVoltageRatio',
      level: 'alarm',
      direction: 'above',
      threshold: 1.25,
      deadband: 0.05,
      onDelayMs: 3_000,
      offDelayMs: 10_000,
      source: 'EN 50550: a protector acts at 275 V after 3-15 s [M]; dead-band and off-delay ours',
    },
  ],
  underVoltage: [
    {
      measure: 'deadSupplyRatio',
      level: 'attention',
      direction: 'above',
      threshold: 0.5,
      deadband: 0.1,
      onDelayMs: 10_000,
      offDelayMs: 10_000,
      source: 'EN 50160: interruption below 5 % of nominal [M], here 10 %; delay ours, reclosing takes seconds',
    },
    {
      measure: 'lowestVoltageRatio',
      level: 'warning',
      direction: 'below',
      threshold: 0.9,
      deadband: 0.02,
      ...slow,
      source: 'EN 50160: a dip is below 90 % for up to 1 min, under-voltage longer [M]; GB/T 12325-2008: - 10 % [M]',
    },
    {
      measure: 'lowestVoltageRatio',
      level: 'alarm',
      direction: 'below',
      threshold: 0.75,
      deadband: 0.05,
      onDelayMs: 10_000,
      offDelayMs: 10_000,
      source: 'ours: where motors stall and heat',
    },
  ],
  phaseLoss: [
    {
      measure: 'lostPhases',
      level: 'alarm',
      direction: 'above',
      threshold: 0.5,
      deadband: 0.1,
      onDelayMs: 2_000,
      offDelayMs: 10_000,
      source: 'ours: a motor on two phases heats within a minute; 2 s outlast a reclosing',
    },
  ],
  neutralLoss: [
    {
      measure: 'neutralShiftRatio',
      level: 'warning',
      direction: 'above',
      threshold: 0.08,
      deadband: 0.02,
      onDelayMs: 5_000,
      offDelayMs: 30_000,
      source: 'ours: a sound neutral drops a few per cent',
    },
    {
      measure: 'neutralShiftRatio',
      level: 'alarm',
      direction: 'above',
      threshold: 0.15,
      deadband: 0.03,
      onDelayMs: 1_000,
      offDelayMs: 30_000,
      source: 'ours: 253 V and more on one phase, at which equipment begins to burn',
    },
  ],
  imbalance: [
    {
      measure: 'voltageImbalancePct',
      level: 'attention',
      direction: 'above',
      threshold: 2,
      deadband: 0.5,
      ...tenMinutes,
      source: 'EN 50160 and GB/T 15543-2008: 2 % of 10-min means [M]',
    },
    {
      measure: 'voltageImbalancePct',
      level: 'warning',
      direction: 'above',
      threshold: 4,
      deadband: 0.5,
      ...slow,
      source: 'GB/T 15543-2008: 4 % for a short time [M]',
    },
    {
      measure: 'currentImbalancePct',
      level: 'attention',
      direction: 'above',
      threshold: 60,
      deadband: 10,
      ...tenMinutes,
      source: 'ours: the neutral carries as much as a phase',
    },
  ],
};

/** Below this ratio to nominal a phase has no voltage; IEC 61000-4-30 5.5 leaves the value to the user [M]. */
export const DEAD_RATIO = 0.1;
/**
 * A lost phase keeps what motors and transformers between the others feed back into it: up to half and more. Another
 * phase above the second ratio shows that the supply is there.
 */
export const LOST_RATIO = 0.6;
export const PRESENT_RATIO = 0.8;
/**
 * How far the fitting triangle may be from what it was before, for its star point and not its corners to have moved: a
 * dip of one phase that displaces the star point by 8 % shrinks the triangle by 4 %. Relative to nominal where nothing
 * was seen before, and then one phase must have risen too, which no dip does.
 */
export const TRIANGLE_TOLERANCE = 0.02;
export const TRIANGLE_START_TOLERANCE = 0.05;
export const RISEN_RATIO = 1.08;
/** Displacement above which under-voltage and imbalance are consequences. */
export const SHIFT_RATIO = 0.08;
