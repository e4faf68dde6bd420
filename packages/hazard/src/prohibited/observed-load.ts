/** A load on the circuit as the load tracker of the terminal tells it. */
export type ObservedLoad = {
  readonly id: string;
  readonly isOn: boolean;
  readonly onAt: number;
  readonly family?: string;
  readonly familyConfidence: number;
  readonly type?: string;
  readonly typeConfidence: number;
  /** Name of a device enrolled on site, when the load was recognised as that device. */
  readonly deviceName?: string;
  readonly level?: string;
  readonly unknownScore: number;
  readonly activePowerW: number;
  /** Mean powers in equal intervals since switch-on; null = not known. */
  readonly power: { readonly startAt: number; readonly intervalMs: number; readonly meanW: readonly (number | null)[] };
};

/** Recognition below this says nothing: a load whose unknown score is higher never counts as a type. */
export const KNOWN_UP_TO = 0.6;

/** Whether the powers since switch-on hold still and do not fall, as a charger's do and a lamp's or screen's do not. */
export function isSteadyCourse(load: ObservedLoad): boolean {
  const means = load.power.meanW.slice(1).filter((value) => value !== null);
  if (means.length < 5) return false;
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length);
  const middle = Math.floor(means.length / 2);
  const first = meanOf(means.slice(0, middle));
  const second = meanOf(means.slice(middle));
  return spread <= 0.02 * mean && second >= 0.995 * first;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
