import type { GbProfile } from '../profile.ts';
import { gbAnalogTypes } from './analog-types.ts';

export type GbQuantity = {
  /** In the unit; the raw count itself when nothing says what one count means. */
  readonly value: number;
  readonly unit?: string;
  /** The value lies outside the effective range of Table 6 or the profile. It is kept: too much gas is not no gas. */
  readonly quality?: 'underRange' | 'overRange';
};

/** The profile's meaning of an analog type before the standard's; undefined when neither gives it a step. */
function meaningOf(analogType: number, profile: GbProfile | undefined) {
  const row =
    profile?.analogTypes?.find((own) => own.code === analogType) ??
    gbAnalogTypes.find((own) => own.code === analogType);
  return row?.step === undefined ? undefined : { ...row, step: row.step };
}

/** What a raw count of an analog type means. */
export function gbQuantity(analogType: number, raw: number, profile?: GbProfile): GbQuantity {
  const meaning = meaningOf(analogType, profile);
  if (meaning === undefined) return { value: raw };
  // 2296 × 0.1 is 229.60000000000002: a count of five digits needs no more than twelve.
  const value = Number((raw * meaning.step).toPrecision(12));
  const unit = meaning.unit === undefined ? {} : { unit: meaning.unit };
  if (meaning.min !== undefined && value < meaning.min) return { value, ...unit, quality: 'underRange' };
  if (meaning.max !== undefined && value > meaning.max) return { value, ...unit, quality: 'overRange' };
  return { value, ...unit };
}

/** The raw count of a value, and the step it has to be a multiple of. Undefined: no whole number of steps. */
export function gbRawOf(
  analogType: number,
  value: number,
  profile?: GbProfile,
): { readonly raw?: number; readonly step: number } {
  const step = meaningOf(analogType, profile)?.step ?? 1;
  const raw = Math.round(value / step);
  return Math.abs(value / step - raw) < 1e-6 ? { raw, step } : { step };
}
