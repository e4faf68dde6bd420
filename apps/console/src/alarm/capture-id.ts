import type { Alarm } from '@fengsui/protocol';

/** Id of the alarm's capture in the API, `{deviceId}:{captureId}`; undefined when it has none. */
export function captureIdOf({ deviceId, captureId }: Pick<Alarm, 'deviceId' | 'captureId'>): string | undefined {
  if (captureId === undefined) return undefined;
  return captureId.startsWith(`${deviceId}:`) ? captureId : `${deviceId}:${captureId}`;
}
