/**
 * What was decided of a half-cycle.
 *
 * Arcing: `drop` a voltage lost in series with the current (15–45 V, electrical-fire.md 2.4), by the current's sign or,
 * beside a shifted current, the voltage's; `notch` a current that stays away after its zero by 0.31 ms and more;
 * `restrike` a step away from zero after missing current, other loads beside; `late` and `surge` a rectifier that
 * conducts late with full force, or makes up for half-cycles it missed at full voltage; `missing` such a half-cycle beside
 * other loads (alone it holds no arc), or one in which a triac's lamps draw less by an edge that is late, lower or not there.
 *
 * Not arcing: `learning` no state of the loads is known yet; `idle` too little current; `usual` as the state foretells;
 * `known` as another known state; `changed` unlike all, without an arc's shape; `steady` an arc's shape, but as
 * unmoving as a load; `unlocked` no mains voltage.
 */
export type ArcReason =
  | 'drop'
  | 'notch'
  | 'restrike'
  | 'late'
  | 'surge'
  | 'missing'
  | 'learning'
  | 'idle'
  | 'usual'
  | 'known'
  | 'changed'
  | 'steady'
  | 'unlocked';

export const isArcReason = (reason: ArcReason): boolean =>
  reason === 'drop' ||
  reason === 'notch' ||
  reason === 'restrike' ||
  reason === 'late' ||
  reason === 'surge' ||
  reason === 'missing';
