/** How a rectifier's phasors move when its power does: change per unit of ln(power). */
export type PulseGrowth = {
  /** Reactive power over active power. */
  readonly reactiveRatio: number;
  /** [in phase, quadrature] of the orders given, VA. */
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
 * Higher orders lie beyond the first zero of a pulse's spectrum. They follow from the same widening as time that is
 * stretched: the spectrum moves along its own slope, taken between neighbouring orders (residual a tenth of the movement).
 *
 * @param harmonicsVa [in phase, quadrature] of orders 3, 5, 7 and more of the load's own step
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
  const grown = new Float64Array(Math.max(6, harmonicsVa.length));
  [3, 5, 7].forEach((order, index) => {
    const along = 1 - widening * (order * order - 1);
    const across = order * delay;
    grown[2 * index] = along * real(index) - across * imaginary(index);
    grown[2 * index + 1] = along * imaginary(index) + across * real(index);
  });
  growHigher(harmonicsVa, shiftRad, delay, grown);
  return { reactiveRatio: REACTIVE.at + REACTIVE.perRad * later, harmonicsVa: grown };
}

/** How much wider pulses grow per unit of ln(power), part of their width. */
const STRETCH = 0.25;

function growHigher(harmonicsVa: ArrayLike<number>, shiftRad: number, delay: number, grown: Float64Array): void {
  const count = harmonicsVa.length / 2;
  for (let index = 3; index < count; index++) {
    const order = 2 * index + 3;
    const last = Math.min(count - 1, index + 1);
    const step = 2 * (last - index + 1);
    // Between orders the phase turns by half a turn and by the pulse's distance from the peak.
    const before = turned(harmonicsVa, index - 1, shiftRad * 2 + Math.PI);
    const after = last === index ? turned(harmonicsVa, index, 0) : turned(harmonicsVa, last, -(shiftRad * 2 + Math.PI));
    const slope = [(after[0] - before[0]) / step, (after[1] - before[1]) / step] as const;
    const real = harmonicsVa[2 * index] as number;
    const imaginary = harmonicsVa[2 * index + 1] as number;
    grown[2 * index] = real + STRETCH * order * slope[0] - order * delay * imaginary;
    grown[2 * index + 1] = imaginary + STRETCH * order * slope[1] + order * delay * real;
  }
}

function turned(harmonicsVa: ArrayLike<number>, index: number, byRad: number): readonly [number, number] {
  const real = harmonicsVa[2 * index] as number;
  const imaginary = harmonicsVa[2 * index + 1] as number;
  return [real * Math.cos(byRad) - imaginary * Math.sin(byRad), real * Math.sin(byRad) + imaginary * Math.cos(byRad)];
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
