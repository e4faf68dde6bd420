import type { CentreProcess } from '../../test/harness/centre-process.ts';
import type { DeviceCredential } from '../load/device-connection.ts';

const VENUES = 40;
const AT_ONCE = 50;

export type RegisteredDevice = DeviceCredential & { readonly venueId: string };

/** Registers `count` terminals, spread over 40 venues as a city is, or over as many as are asked for. */
export async function registerDevices(
  centre: CentreProcess,
  prefix: string,
  count: number,
  venues = VENUES,
): Promise<readonly RegisteredDevice[]> {
  const devices: RegisteredDevice[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
    const created = await Promise.all(
      numbers.map(async (n): Promise<RegisteredDevice> => {
        const deviceId = `${prefix}${n}`;
        const venueId = `venue-${n % venues}`;
        const secret = await centre.createDevice(deviceId, 'generic-terminal', venueId);
        return { deviceId, secret, venueId };
      }),
    );
    devices.push(...created);
  }
  return devices;
}
