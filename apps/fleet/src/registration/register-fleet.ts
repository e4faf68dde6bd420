import { inParallel } from '../api/in-parallel.ts';
import { gbAddressOf } from '../gb26875/gb-place.ts';
import type { FleetPlan } from '../plan/fleet-plan.ts';
import type { DeviceWish, Registrar } from './registrar.ts';

const AT_ONCE = 16;
const DEVICES_PER_VENUE = 50;
const MOST_VENUES = 100;
const PROGRESS_MS = 2_000;
const SHORTEST_INTERVAL_MS = 10_000;
const DAY_MS = 86_400_000;
/** Devices do not report evenly; the centre counts three intervals before it calls one silent. */
const MARGIN = 3;

/**
 * Sees that all devices of a plan are registered.
 *
 * @param venueId puts all of them into one venue; without it they are spread over venues of their own.
 * @returns the secret of each connection, in order.
 */
export async function registerFleet(
  { options, devices, gateways }: FleetPlan,
  registrar: Registrar,
  venueId: string | undefined,
  log: (words: string) => void,
): Promise<readonly string[]> {
  const { prefix, deviceCount, ratePerS } = options;
  const venueCount = Math.min(MOST_VENUES, Math.ceil(deviceCount / DEVICES_PER_VENUE));
  const venues =
    venueId === undefined ? Array.from({ length: venueCount }, (_, n) => `${prefix}-v${n + 1}`) : [venueId];
  // One first: what all share is then there.
  await registrar.prepareVenue(venues[0] as string);
  await inParallel(venues.slice(1), AT_ONCE, (id) => registrar.prepareVenue(id));
  // A gateway and all behind it stand in one venue.
  const venueOf = (connection: number): string => venues[connection % venues.length] as string;
  const gapMs = (MARGIN * 1000 * deviceCount) / ratePerS;
  const reportingIntervalMs = Math.round(Math.min(DAY_MS, Math.max(SHORTEST_INTERVAL_MS, gapMs)));
  let done = 0;
  const total = gateways.length + devices.length;
  const timer = setInterval(() => log(`registered ${done} of ${total}`), PROGRESS_MS);
  const secretOf = async (wish: DeviceWish, needsSecret: boolean): Promise<string> => {
    const created = await registrar.create(wish);
    done++;
    return created ?? (needsSecret ? registrar.renew(wish) : '');
  };
  const secrets = new Array<string>(gateways.length || devices.length);
  try {
    await inParallel(gateways, AT_ONCE, async (id, n) => {
      const wish = { id, model: 'generic-gateway', venueId: venueOf(n), reportingIntervalMs: 60_000 };
      secrets[n] = await secretOf(wish, true);
    });
    await inParallel(devices, AT_ONCE, async ({ id, model, connection }, n) => {
      const parentId = gateways[connection];
      const common = { id, model, venueId: venueOf(connection), reportingIntervalMs };
      // Known by its address alone: there is no secret to be used.
      if (options.protocol === 'gb26875') await secretOf({ ...common, gb: { address: gbAddressOf(prefix, n) } }, false);
      else if (parentId === undefined) secrets[n] = await secretOf(common, true);
      else await secretOf({ ...common, parentId }, false);
    });
  } finally {
    clearInterval(timer);
  }
  return secrets;
}
