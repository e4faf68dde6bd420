/**
 * A capacitor behind a bridge draws symmetric pulses near the voltage's peak: harmonics 3, 5 and 7 fall in this order, their
 * signs alternate and their phases grow with the order. Ranges with a margin around the field's (h5/h3 0.6 … 0.9,
 * h7/h3 0.3 … 0.65): slim pulses have more, wide ones behind a choke less.
 */
const FIFTH = [0.3, 0.97] as const;
const SEVENTH = [0.05, 0.92] as const;
/** A pulse's centre lies this near to the peak, radians of the fundamental. */
const MOST_SHIFT_RAD = 0.55;
/** What asymmetry of pulses adds to the phases, radians. */
const PHASE_RAD = 0.35;
/** A mismatch of one is this far outside of a ratio's range. */
const RATIO_SCALE = 0.1;

/**
 * How far phasors are from those of such pulses: 0 = they may be, 1 = plainly outside in one respect.
 *
 * @param harmonicsVa [in phase, quadrature] of orders 3, 5 and 7; NaN when the third is missing
 */
export function pulseMismatch(harmonicsVa: ArrayLike<number>): number {
  const sizes = [0, 1, 2].map((k) => Math.hypot(harmonicsVa[2 * k] ?? NaN, harmonicsVa[2 * k + 1] ?? NaN));
  const phases = [0, 1, 2].map((k) => Math.atan2(harmonicsVa[2 * k + 1] ?? NaN, harmonicsVa[2 * k] ?? NaN));
  const [third = NaN, fifth = NaN, seventh = NaN] = sizes;
  const [phase3 = NaN, phase5 = NaN, phase7 = NaN] = phases;
  if (!(third > 0)) return NaN;
  const shiftRad = wrapped(phase3 - Math.PI) / 3;
  const bend5 = Math.abs(wrapped(phase5 - 5 * shiftRad));
  const bend7 = Math.abs(wrapped(phase7 - Math.PI - 7 * shiftRad));
  return (
    beyond(fifth / third, FIFTH, RATIO_SCALE) +
    beyond(seventh / third, SEVENTH, RATIO_SCALE) +
    beyond(Math.abs(shiftRad), [0, MOST_SHIFT_RAD], 0.15) +
    beyond(bend5, [0, PHASE_RAD], 0.2) +
    beyond(bend7, [0, 1.5 * PHASE_RAD], 0.3)
  );
}

function beyond(value: number, [low, high]: readonly [number, number], scale: number): number {
  return Math.max(0, low - value, value - high) / scale;
}

function wrapped(rad: number): number {
  return Math.atan2(Math.sin(rad), Math.cos(rad));
}
