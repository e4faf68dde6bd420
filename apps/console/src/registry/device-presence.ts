import type { Device } from '@fengsui/protocol';

export const presences = ['online', 'offline', 'silent', 'never', 'notInPlace'] as const;
/** `silent`: missed its intervals; `never`: has not reported yet; `notInPlace`: in stock, retired: nothing is expected. */
export type Presence = (typeof presences)[number];

const NOT_IN_PLACE: readonly Device['life'][] = ['produced', 'tested', 'inStock', 'retired'];

/** How a device stands, in one word. `liveOnline` of the feed is newer than the device's own. */
export function presenceOf(
  { online, silent, life, lastReportAt }: Pick<Device, 'online' | 'silent' | 'life' | 'lastReportAt'>,
  liveOnline?: boolean,
): Presence {
  if (liveOnline ?? online) return 'online';
  if (NOT_IN_PLACE.includes(life)) return 'notInPlace';
  if (silent === true) return 'silent';
  return lastReportAt === undefined ? 'never' : 'offline';
}
