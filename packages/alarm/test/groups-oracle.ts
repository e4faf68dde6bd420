import { kinshipOf, type GroupableAlarm } from '../src/flood/kinship.ts';

/** Groups by their definition: whoever shares a line within its gap hangs together; enough conditions are a group. */
export function groupsByDefinition(alarms: readonly GroupableAlarm[]): ReadonlyMap<string, ReadonlySet<string>> {
  const kin = alarms.flatMap((alarm) => {
    const kinship = kinshipOf(alarm);
    return kinship === undefined ? [] : [{ alarm, kinship }];
  });
  const found = new Map<string, ReadonlySet<string>>();
  const left = new Set(kin);
  for (const seed of kin) {
    if (!left.delete(seed)) continue;
    const together = [seed];
    for (const one of together)
      for (const other of left) {
        const isNear = one.kinship.lines.some(({ key, gapMs }) => {
          const isShared = other.kinship.lines.some((line) => line.key === key);
          return isShared && Math.abs(one.alarm.raisedAt - other.alarm.raisedAt) <= gapMs;
        });
        if (isNear && left.delete(other)) together.push(other);
      }
    const conditions = new Set(
      together.map(({ alarm: { deviceId, pointId, kind } }) => `${deviceId} ${pointId} ${kind}`),
    );
    if (conditions.size < seed.kinship.atLeast) continue;
    const ids = new Set(together.map(({ alarm }) => alarm.id));
    for (const id of ids) found.set(id, ids);
  }
  return found;
}
