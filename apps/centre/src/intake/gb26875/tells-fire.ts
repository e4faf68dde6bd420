import { gbConditions, type GbProfile, type GbUnit } from '@fengsui/protocol';
import { FIRE_BIT, MANUAL_ALARM_BIT } from './may-tell-fire.ts';

/** The bits lie at the same place in all words of the standard; only a unit that has one is looked at closely. */
export function tellsFire(unit: GbUnit, profile: GbProfile): boolean {
  if (unit.kind !== 'objects') return false;
  const mayTell = unit.objects.some(
    ({ status = 0, operation = 0 }) => (status & FIRE_BIT) !== 0 || (operation & MANUAL_ALARM_BIT) !== 0,
  );
  return (
    mayTell &&
    gbConditions(unit, profile).some(({ kind, isActive }) => isActive && (kind === 'fire' || kind === 'manualAlarm'))
  );
}
