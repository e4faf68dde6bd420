import type { CentreProcess } from '../../test/harness/centre-process.ts';
import type { DeviceCredential } from '../load/device-connection.ts';

const VENUES = 40;
const AT_ONCE = 50;

/** Registers `count` terminals, spread over 40 venues as a city is. */
export async function registerDevices(
  centre: CentreProcess,
  prefix: string,
  count: number,
): Promise<readonly DeviceCredential[]> {
  const devices: DeviceCredential[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
    const created = await Promise.all(
      numbers.map(async (n): Promise<DeviceCredential> => {
        const deviceId = `${prefix}${n}`;
        const secret = await centre.createDevice(deviceId, 'generic-terminal', `venue-${n % VENUES}`);
        return { deviceId, secret };
      }),
    );
    devices.push(...created);
  }
  return devices;
}
