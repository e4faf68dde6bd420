import { inParallel } from '../api/in-parallel.ts';
import { gbAddressOf } from '../gb26875/gb-place.ts';
import type { FleetPlan } from '../plan/fleet-plan.ts';
import type { FleetSheets, Registrar } from './registrar.ts';

/** Devices of one import: the centre checks and writes them in one go, during which it does nothing else. */
const DEVICES_AT_ONCE = 1_000;
const RENEWED_AT_ONCE = 16;
const DEVICES_PER_VENUE = 50;
const MOST_VENUES = 100;
const PROGRESS_MS = 2_000;
const SHORTEST_INTERVAL_MS = 10_000;
const DAY_MS = 86_400_000;
/** Devices do not report evenly; the centre counts three intervals before it calls one silent. */
const MARGIN = 3;

/** What stands in the row of a device; empty columns clear. */
type DeviceRow = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly parentId?: string;
  readonly reportingIntervalMs: number;
  readonly gbAddress?: string;
};

/**
 * Sees that all devices of a plan are registered. Secrets of devices that are there already are made anew where a
 * connection needs one.
 *
 * @param venueId puts all of them into one venue; without it they are spread over venues of their own.
 * @returns the secret of each connection, in order.
 * @throws Error with the first problem of the import, as when a device of that name is of another model.
 */
export async function registerFleet(
  plan: FleetPlan,
  registrar: Registrar,
  venueId: string | undefined,
  log: (words: string) => void,
): Promise<readonly string[]> {
  const { options, gateways } = plan;
  const venues = venueId === undefined ? venuesOf(plan) : [venueId];
  if (venueId === undefined || !(await registrar.hasVenue(venueId)))
    await importAll(registrar, venueSheets(options.prefix, venues));
  const rows = deviceRows(plan, venues);
  const secrets = new Map<string, string>();
  let done = 0;
  const timer = setInterval(() => log(`registered ${done} of ${rows.length}`), PROGRESS_MS);
  try {
    for (; done < rows.length; done += DEVICES_AT_ONCE) {
      const sheet = deviceSheet(rows.slice(done, done + DEVICES_AT_ONCE));
      for (const [id, secret] of await importAll(registrar, sheet)) secrets.set(id, secret);
    }
    // Known by its address alone: there is no secret to be used.
    if (options.protocol === 'gb26875') return rows.map(() => '');
    const connections = gateways.length > 0 ? gateways : plan.devices.map(({ id }) => id);
    const unknown = connections.filter((id) => !secrets.has(id));
    await inParallel(unknown, RENEWED_AT_ONCE, async (id) => void secrets.set(id, await registrar.renew(id)));
    return connections.map((id) => secrets.get(id) as string);
  } finally {
    clearInterval(timer);
  }
}

function venuesOf({ options: { prefix, deviceCount } }: FleetPlan): string[] {
  const count = Math.min(MOST_VENUES, Math.ceil(deviceCount / DEVICES_PER_VENUE));
  return Array.from({ length: count }, (_, n) => `${prefix}-v${n + 1}`);
}

function deviceRows({ options, devices, gateways }: FleetPlan, venues: readonly string[]): DeviceRow[] {
  const { prefix, deviceCount, ratePerS, protocol } = options;
  // A gateway and all behind it stand in one venue.
  const venueOf = (connection: number): string => venues[connection % venues.length] as string;
  const gapMs = (MARGIN * 1000 * deviceCount) / ratePerS;
  const reportingIntervalMs = Math.round(Math.min(DAY_MS, Math.max(SHORTEST_INTERVAL_MS, gapMs)));
  return [
    ...gateways.map((id, n) => ({
      id,
      model: 'generic-gateway',
      venueId: venueOf(n),
      reportingIntervalMs: 60_000,
    })),
    ...devices.map(({ id, model, connection }, n): DeviceRow => {
      const parentId = gateways[connection];
      return {
        id,
        model,
        venueId: venueOf(connection),
        reportingIntervalMs,
        ...(protocol === 'gb26875' ? { gbAddress: gbAddressOf(prefix, n) } : parentId !== undefined && { parentId }),
      };
    }),
  ];
}

function venueSheets(prefix: string, venues: readonly string[]): FleetSheets {
  const organisation = `${prefix},venueOwner,模拟设备群 ${prefix},Simulated fleet ${prefix}`;
  const rows = venues.map((id) => `${id},模拟场所 ${id},Simulated venue ${id},enterprise,${prefix}`);
  return {
    organisations: ['id,kind,name,nameEn', organisation].join('\n'),
    venues: ['id,name,nameEn,class,organisationId', ...rows].join('\n'),
  };
}

function deviceSheet(rows: readonly DeviceRow[]): FleetSheets {
  const lines = rows.map(({ id, model, venueId, parentId = '', reportingIntervalMs, gbAddress = '' }) =>
    [id, model, venueId, parentId, reportingIntervalMs / 1000, gbAddress].join(),
  );
  return { devices: ['id,model,venueId,parentId,reportingIntervalS,gbAddress', ...lines].join('\n') };
}

async function importAll(registrar: Registrar, sheets: FleetSheets): Promise<ReadonlyMap<string, string>> {
  const { applied, problems, problemCount, secrets = [] } = await registrar.import(sheets);
  if (applied) return new Map(secrets.map(({ deviceId, secret }) => [deviceId, secret]));
  const [first] = problems;
  const words = first === undefined ? 'no reason given' : `${first.message}. Fix: ${first.fix}`;
  throw new Error(
    `registration refused, ${problemCount} problems; the first, ${first?.sheet} row ${first?.row}: ${words}`,
  );
}
