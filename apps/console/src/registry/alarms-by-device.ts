import type { Alarm } from '@fengsui/protocol';

/** Alarms of each device, in the order given. */
export function alarmsByDevice(alarms: readonly Alarm[]): ReadonlyMap<string, readonly Alarm[]> {
  return Map.groupBy(alarms, ({ deviceId }) => deviceId);
}
