import { deviceLifeStates, deviceListStates, type DeviceListState } from '@fengsui/protocol';
import type { DeviceListQuery } from '../api/resources.ts';

/** The filter of the device list as its URL has it: `?q=GW&family=smoke&state=silent,fault`. Unknown words are left out. */
export function deviceQueryOf(search: Readonly<Record<string, string | undefined>>): DeviceListQuery {
  const states = statesOf(search.state);
  const life = deviceLifeStates.find((state) => state === search.life);
  return {
    ...(search.q !== undefined && search.q.trim() !== '' && { q: search.q.trim() }),
    ...(search.venue !== undefined && search.venue !== '' && { venueId: search.venue }),
    ...(search.family !== undefined && search.family !== '' && { family: search.family }),
    ...(life !== undefined && { life }),
    ...(states.length > 0 && { state: states.join(',') }),
  };
}

export function statesOf(text: string | undefined): readonly DeviceListState[] {
  const words = (text ?? '').split(',');
  return deviceListStates.filter((state) => words.includes(state));
}

/** The state added or taken out. On and off line exclude each other, and so nobody asks for both. */
export function toggledState(text: string | undefined, state: DeviceListState): string | undefined {
  const chosen = statesOf(text);
  const opposite = state === 'online' ? 'offline' : state === 'offline' ? 'online' : undefined;
  const next = chosen.includes(state)
    ? chosen.filter((word) => word !== state)
    : [...chosen.filter((word) => word !== opposite), state];
  return next.length === 0 ? undefined : next.join(',');
}

/** Keys of the URL that belong to the filter. */
export const deviceFilterKeys = ['q', 'venue', 'family', 'life', 'state'] as const;

export const noDeviceFilter = Object.fromEntries(deviceFilterKeys.map((key) => [key, undefined])) satisfies Record<
  string,
  undefined
>;

export const isDeviceFilter = (search: Readonly<Record<string, string | undefined>>): boolean =>
  Object.keys(deviceQueryOf(search)).length > 0;
