import type { GbProfile } from '@fengsui/protocol';

const names: Readonly<Record<number, string>> = {
  1: 'eventCount',
  2: 'heightM',
  3: 'temperatureC',
  4: 'pressureMpa',
  5: 'pressureKpa',
  6: 'lelPct',
  7: 'timeS',
  8: 'voltageV',
  9: 'currentA',
  10: 'flowLps',
  11: 'airVolumeM3PerMin',
  12: 'airSpeedMps',
};

/** The quantity's name in a point: the profile's, else of Table 6, else `analog200`. */
export function gbQuantityName(analogType: number, profile: GbProfile): string {
  const own = profile.analogTypes?.find(({ code }) => code === analogType);
  // A code of the standard that the make uses otherwise is not the standard's quantity any more.
  if (own !== undefined) return own.quantity ?? `analog${analogType}`;
  return names[analogType] ?? `analog${analogType}`;
}

/** Component types that are heat detectors of a fire alarm system (Table 5): their limits are those of EN 54-5. */
const isHeatDetector = (partType: number | undefined): boolean =>
  partType !== undefined && ((partType >= 30 && partType <= 37) || partType === 51);

const ELECTRICAL_FIRE_UNIT = 16;

/** The generic model's point whose limits watch such a value; undefined when none does. */
export function watchedAs(
  quantity: string,
  partType: number | undefined,
): { readonly model: string; readonly point: string } | undefined {
  switch (quantity) {
    case 'temperatureC':
      return isHeatDetector(partType)
        ? { model: 'generic-heat', point: 'heat.temperatureC' }
        : { model: 'generic-terminal', point: 't1.temperatureC' };
    case 'lelPct':
      return { model: 'generic-gas', point: 'gas.lelPct' };
    case 'obscurationPctPerM':
      return { model: 'generic-smoke', point: 'smoke.obscurationPctPerM' };
    case 'residualCurrentMa':
      return { model: 'generic-terminal', point: 'c1.residualCurrentMa' };
    case 'voltageV':
      // A loop of 24 V has no under-voltage at 24 V: the mains limits are for the unit that watches the mains.
      return partType === ELECTRICAL_FIRE_UNIT ? { model: 'generic-terminal', point: 'c1.voltageV' } : undefined;
    default:
      return undefined;
  }
}
