/** What a list of devices is asked for; `neverTested`: live, never tested on site, not retired. */
export const deviceListStates = [
  'online',
  'offline',
  'silent',
  'fault',
  'identitySuspect',
  'neverTested',
  'neverReported',
] as const;
export type DeviceListState = (typeof deviceListStates)[number];
