import type { ChargerSpec } from './charger-spec.ts';

/** Power at the end of the constant-current stage over power at its beginning (field: 1.05 … 1.12). */
const RISE_RATIO = 1.08;
const FLOAT_W = { leadAcid: 10, lithium: 2 } as const;
/** The tail of a lithium charger is cut when its power fell to this share. */
const LITHIUM_CUT_RATIO = 0.08;

/**
 * Mains power of a charger, W, `elapsedMs` after plugging in (≥ 0): P rises linearly by `riseRatio` over the
 * constant-current stage, then decays with exp(−t/tail) to the float power (lead-acid), or until it is cut (lithium).
 */
export function chargePowerW(spec: ChargerSpec, elapsedMs: number): number {
  const constantCurrentMs = spec.constantCurrentMs ?? 4 * 3_600_000;
  const tailMs = spec.tailMs ?? (spec.chemistry === 'leadAcid' ? 65 : 30) * 60_000;
  const riseRatio = spec.riseRatio ?? RISE_RATIO;
  const floatW = spec.floatW ?? Math.min(FLOAT_W[spec.chemistry], 0.1 * spec.powerW);
  if (elapsedMs < constantCurrentMs) return spec.powerW * (1 + (riseRatio - 1) * (elapsedMs / constantCurrentMs));
  if (spec.isAged === true) return spec.powerW * riseRatio;
  const tail = Math.exp(-(elapsedMs - constantCurrentMs) / tailMs);
  const powerW = spec.powerW * riseRatio * tail;
  if (spec.chemistry === 'lithium' && tail < LITHIUM_CUT_RATIO) return floatW;
  return Math.max(floatW, powerW);
}
