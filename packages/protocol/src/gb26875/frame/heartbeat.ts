import { toHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { encodeGbUnit } from '../unit/encode-unit.ts';
import type { GbUnit } from '../unit/gb-unit.ts';
import type { GbFrame } from './frame.ts';

/** True for a frame that only says «I am here»; the standard has none, the profile names the make's forms. */
export function isGbHeartbeat(frame: GbFrame, profile: GbProfile = standardGbProfile): boolean {
  const forms = profile.heartbeats ?? standardGbProfile.heartbeats ?? [];
  return forms.some((heartbeat) => {
    if (heartbeat.command !== frame.command) return false;
    if (heartbeat.form === 'empty') return frame.unit.kind === 'empty';
    if (heartbeat.form === 'type') return gbUnitTypeOf(frame.unit) === heartbeat.type;
    return frame.unit.kind !== 'empty' && toHex(encodeGbUnit(frame.unit, profile)) === heartbeat.dataHex;
  });
}

/** The type byte of a unit; undefined when it has none. */
export function gbUnitTypeOf(unit: GbUnit): number | undefined {
  if (unit.kind === 'empty') return undefined;
  return unit.kind === 'unreadable' ? unit.data[0] : unit.type;
}
