import type { Alarm } from '@fengsui/protocol';

/** What carries an alarm that is no device's: the centre itself, or a line of it to somewhere else. */
export type Bearer =
  { readonly kind: 'centre' } | { readonly kind: 'relay' | 'rollout' | 'source'; readonly id: string };

/** Undefined for an alarm of a device: ids of devices hold no colon, and devices have a venue. */
export function bearerOf({ deviceId, venueId }: Pick<Alarm, 'deviceId' | 'venueId'>): Bearer | undefined {
  if (deviceId === 'centre' && venueId === '') return { kind: 'centre' };
  const [, kind, id] = /^(relay|rollout|source):(.+)$/.exec(deviceId) ?? [];
  return kind === undefined || id === undefined ? undefined : { kind: kind as 'relay' | 'rollout' | 'source', id };
}
