import { rms } from '../rms.ts';

/** The two states of a switching, mean cycles on the same points. */
export type StatePair = {
  readonly before: { readonly voltageV: Float64Array; readonly currentA: Float64Array };
  readonly after: { readonly voltageV: Float64Array; readonly currentA: Float64Array };
};

/** Below this the supply did not step: noise and the slow wandering of the mains. */
const LEAST_STEP = 0.002;
/**
 * How much stronger a load may answer than a resistor: constant power draws as much less as the voltage rises, a saturated
 * coil three times, a rectifier's pulse up to five times as much more; ours, over the simulator's loads.
 */
const LARGEST_ANSWER = 6;

/**
 * Whether a change of current is only the answer of the loads that were on to a step of the supply: a neighbour on the
 * same board that switches a kettle takes one or two per cent of the voltage, and every circuit beside it changes.
 *
 * A load of the circuit itself lowers the voltage too, but by so little (its own current through the supply's impedance)
 * that its step stays far above the answer until the circuit carries a hundred amperes.
 */
export function isVoltageStep({ before, after }: StatePair): boolean {
  const voltageBefore = rms(before.voltageV);
  const step = Math.abs(rms(after.voltageV) / voltageBefore - 1);
  if (!(step >= LEAST_STEP)) return false;
  const difference = after.currentA.map((value, point) => value - (before.currentA[point] as number));
  return rms(difference) <= LARGEST_ANSWER * step * Math.max(rms(before.currentA), rms(after.currentA));
}
