/**
 * The load families 负载族: what a current can be told apart into on an installation never seen before.
 *
 * `resistive` heaters and filament lamps · `motor` induction motors and compressors · `brushMotor` universal motors ·
 * `electronic` rectifiers with a capacitor, and with power factor correction · `phaseCut` dimmers · `microwave`
 * half-wave doublers · `charger` e-bike and other large battery chargers · `inductionHob` · `discharge` fluorescent
 * lamps with a magnetic ballast.
 */
export const LOAD_FAMILIES = [
  'resistive',
  'motor',
  'brushMotor',
  'electronic',
  'phaseCut',
  'microwave',
  'charger',
  'inductionHob',
  'discharge',
] as const;

/** One of `LOAD_FAMILIES`. */
export type LoadFamily = (typeof LOAD_FAMILIES)[number];

/** Whether a text names a load family. */
export function isLoadFamily(name: string): name is LoadFamily {
  return (LOAD_FAMILIES as readonly string[]).includes(name);
}
