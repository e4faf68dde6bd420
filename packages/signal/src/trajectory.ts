import { peak } from './peak.ts';

/** A V-I trajectory: point n is (voltage[n], current[n]), both within -1..1. */
export type Trajectory = {
  /** Voltage over its peak, -1..1. */
  readonly voltage: Float64Array;
  /** Current over its peak, -1..1. */
  readonly current: Float64Array;
  /** The factor back to volts. */
  readonly voltagePeakV: number;
  /** The factor back to amperes. */
  readonly currentPeakA: number;
};

/**
 * The normalised V-I trajectory of one cycle (or of several): each channel divided by its own largest absolute value.
 *
 * A channel that is zero throughout stays zero (its peak is 0). A NaN sample makes the whole channel NaN: there is no
 * peak to divide by. Throws RangeError when the lengths differ.
 *
 * @example trajectory(voltageV, currentA).current // -1..1
 */
export function trajectory(voltageV: Float64Array, currentA: Float64Array): Trajectory {
  if (voltageV.length !== currentA.length) {
    throw new RangeError(
      `trajectory: ${voltageV.length} voltage samples and ${currentA.length} current samples; expected equally many`,
    );
  }
  const voltagePeakV = peak(voltageV);
  const currentPeakA = peak(currentA);
  return {
    voltage: scaled(voltageV, voltagePeakV),
    current: scaled(currentA, currentPeakA),
    voltagePeakV,
    currentPeakA,
  };
}

function scaled(values: Float64Array, divisor: number): Float64Array {
  return divisor === 0 ? new Float64Array(values.length) : values.map((value) => value / divisor);
}
