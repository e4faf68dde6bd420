/** How a rectifier's phasors move when its power does: change per unit of ln(power). */
export type PulseGrowth = {
  /** Reactive power over active power. */
  readonly reactiveRatio: number;
  /** [in phase, quadrature] of orders 3, 5 and 7, VA. */
  readonly harmonicsVa: Float64Array;
};

/** Widening and delay of a pulse in the middle of what chargers have, and how both follow from its shape. */
const WIDENING = { at: 0.0089, perSeventh: -0.0335 } as const;
const DELAY = { at: 0.15, perRad: 0.41 } as const;
const SEVENTH = { middle: 0.55, least: 0.25, most: 0.8 } as const;
const SHIFT = { middle: 0.15, least: -0.2, most: 0.5 } as const;
const REACTIVE = { at: -0.28, perRad: -1.25 } as const;

/**
 * More power is not more of the same: the capacitor is emptied further, so that the pulse grows wider and its middle
 * later. With its width growing by γ and its middle by β per unit of ln(power), the harmonic of order k grows by
 * 1 − γ(k² − 1) + jkβ times itself: the third nearly like the power, the seventh half as much. γ and β of a capacitor
 * behind a bridge follow from the shape: coefficients by least squares over chargers of the simulator's own population
 * (residual of the factors 0.01 … 0.03).
 *
 * @param harmonicsVa [in phase, quadrature] of orders 3, 5 and 7 of the load's own step
 */
export function pulseGrowth(harmonicsVa: ArrayLike<number>): PulseGrowth {
  const real = (index: number): number => harmonicsVa[2 * index] ?? 0;
  const imaginary = (index: number): number => harmonicsVa[2 * index + 1] ?? 0;
  const third = Math.hypot(real(0), imaginary(0));
  const seventhRatio = third > 0 ? Math.hypot(real(2), imaginary(2)) / third : SEVENTH.middle;
  const seventh = within(seventhRatio, SEVENTH.least, SEVENTH.most) - SEVENTH.middle;
  // The third of a pulse at the peak points backwards.
  const shiftRad = Math.atan2(-imaginary(0), -real(0)) / 3;
  const later = within(shiftRad, SHIFT.least, SHIFT.most) - SHIFT.middle;
  const widening = WIDENING.at + WIDENING.perSeventh * seventh;
  const delay = DELAY.at + DELAY.perRad * later;
  const grown = new Float64Array(6);
  [3, 5, 7].forEach((order, index) => {
    const along = 1 - widening * (order * order - 1);
    const across = order * delay;
    grown[2 * index] = along * real(index) - across * imaginary(index);
    grown[2 * index + 1] = along * imaginary(index) + across * real(index);
  });
  return { reactiveRatio: REACTIVE.at + REACTIVE.perRad * later, harmonicsVa: grown };
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
