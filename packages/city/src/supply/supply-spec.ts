import { requireWithin } from '../require-within.ts';

/** The feeder in front of a distribution board. All ratios are 0 … 1. */
export type SupplySpec = {
  /** Nominal rms voltage, 50 … 500 V; default 220. */
  readonly nominalV?: number;
  /** Nominal frequency 40 … 70 Hz; default 50. */
  readonly mainsHz?: number;
  /** Resistance of line and neutral together; 0 … 10 ohm, default 0.4 (field: 0.3 … 0.8). */
  readonly sourceOhm?: number;
  /** Inductance of line and neutral together; 0 … 0.01 H, default 150e-6 (field: 50e-6 … 300e-6). */
  readonly sourceH?: number;
  /** Harmonics of the open-circuit voltage, ratio to the fundamental; default 3rd 0.5 %, 5th 1.5 %, 7th 0.6 %. */
  readonly harmonics?: readonly { readonly order: number; readonly ratio: number; readonly phaseRad?: number }[];
  /** Standard deviation of the slow frequency wander; default 0.015 Hz. 0 = exactly nominal. */
  readonly frequencyWanderHz?: number;
  /** Standard deviation of the slow wander of the voltage, as a ratio; default 0.004. 0 = exactly nominal. */
  readonly voltageWanderRatio?: number;
  /** Phase of the voltage at the first frame, rad; default drawn from the seed. */
  readonly startPhaseRad?: number;
};

/** A supply with every default filled in and every number checked. */
export type CheckedSupply = Required<Omit<SupplySpec, 'startPhaseRad'>> & { readonly startPhaseRad?: number };

/** Fills in defaults. Throws RangeError naming the field, its value and the range expected. */
export function checkSupply(spec: SupplySpec): CheckedSupply {
  const checked = {
    nominalV: spec.nominalV ?? 220,
    mainsHz: spec.mainsHz ?? 50,
    sourceOhm: spec.sourceOhm ?? 0.4,
    sourceH: spec.sourceH ?? 150e-6,
    harmonics: spec.harmonics ?? [
      { order: 3, ratio: 0.005, phaseRad: 0.4 },
      { order: 5, ratio: 0.015, phaseRad: 3.0 },
      { order: 7, ratio: 0.006, phaseRad: 1.2 },
    ],
    frequencyWanderHz: spec.frequencyWanderHz ?? 0.015,
    voltageWanderRatio: spec.voltageWanderRatio ?? 0.004,
    ...(spec.startPhaseRad === undefined ? {} : { startPhaseRad: spec.startPhaseRad }),
  };
  requireWithin('supply.nominalV', checked.nominalV, 50, 500);
  requireWithin('supply.mainsHz', checked.mainsHz, 40, 70);
  requireWithin('supply.sourceOhm', checked.sourceOhm, 0, 10);
  requireWithin('supply.sourceH', checked.sourceH, 0, 0.01);
  requireWithin('supply.frequencyWanderHz', checked.frequencyWanderHz, 0, 1);
  requireWithin('supply.voltageWanderRatio', checked.voltageWanderRatio, 0, 0.1);
  for (const { order, ratio } of checked.harmonics) {
    requireWithin('supply.harmonics.order', order, 2, 50);
    requireWithin(`supply.harmonics[order ${order}].ratio`, ratio, 0, 0.3);
  }
  return checked;
}
