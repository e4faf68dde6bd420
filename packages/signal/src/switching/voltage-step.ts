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
/** The answer of resistors and capacitors to a disturbed waveform explains at least this part of the change's square. */
const LEAST_EXPLAINED = 0.8;

/**
 * Whether a change of current is only the answer of the loads that were on to a change of the supply: a neighbour on the
 * same board that switches a kettle takes one or two per cent of the voltage, an arc bends its waveform, and every circuit
 * beside it changes.
 *
 * A load of the circuit itself changes the voltage too, but by so little (its own current through the supply's impedance)
 * that its step stays far above the answer until the circuit carries a hundred amperes.
 */
export function isVoltageStep({ before, after }: StatePair): boolean {
  const voltageBefore = rms(before.voltageV);
  const step = Math.abs(rms(after.voltageV) / voltageBefore - 1);
  const change = after.currentA.map((value, point) => value - (before.currentA[point] as number));
  const currentA = Math.max(rms(before.currentA), rms(after.currentA));
  if (step >= LEAST_STEP && rms(change) <= LARGEST_ANSWER * step * currentA) return true;
  const bend = after.voltageV.map((value, point) => value - (before.voltageV[point] as number));
  return rms(bend) >= LEAST_STEP * voltageBefore && follows(change, bend, currentA / voltageBefore);
}

/**
 * Whether the change of the current is that of the voltage through a conductance and a capacitance no larger than what
 * is there draws: `admittanceS`. A load's own drop of the voltage is no such thing: one over the supply's impedance.
 */
function follows(change: Float64Array, bend: Float64Array, admittanceS: number): boolean {
  const points = bend.length;
  // Per radian, by central differences: times a susceptance it is a capacitor's current.
  const slope = bend.map((_, n) => {
    const next = bend[(n + 1) % points] as number;
    return ((next - (bend[(n + points - 1) % points] as number)) * points) / (4 * Math.PI);
  });
  // Over a whole period a waveform and its derivative are orthogonal.
  const conductanceS = product(change, bend) / product(bend, bend);
  const susceptanceS = product(change, slope) / product(slope, slope);
  if (Math.abs(conductanceS) > LARGEST_ANSWER * admittanceS || Math.abs(susceptanceS) > LARGEST_ANSWER * admittanceS) {
    return false;
  }
  const explained = conductanceS * product(change, bend) + susceptanceS * product(change, slope);
  return explained >= LEAST_EXPLAINED * product(change, change);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let point = 0; point < a.length; point++) sum += (a[point] as number) * (b[point] as number);
  return sum;
}
