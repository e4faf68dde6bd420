import type { RandomStream } from '@fengsui/city';
import { genericModels } from '../../apps/centre/src/registry/device-model.ts';
import type { DeviceRecord, RegistryChange } from '../../apps/centre/src/registry/registry-change.ts';

export type PlannedVenue = {
  readonly id: string;
  readonly gatewayId: string;
  readonly terminals: readonly string[];
  readonly detectors: readonly PlannedDetector[];
};

export type PlannedDetector = { readonly id: string; readonly kind: 'smoke' | 'heat' | 'gas' };

export type CityPlan = { readonly venues: readonly PlannedVenue[]; readonly changes: readonly RegistryChange[] };

/** Contracted intervals: City-50k reports every 30 s. */
export const TERMINAL_INTERVAL_MS = 30_000;
export const DETECTOR_INTERVAL_MS = 60_000;
const TERMINAL_MODEL = 'terminal-of-the-budget';
const TERMINALS_PER_VENUE = 5;
const DETECTORS_PER_VENUE = 10;
const kinds = ['smoke', 'smoke', 'smoke', 'smoke', 'smoke', 'smoke', 'smoke', 'smoke', 'heat', 'gas'] as const;

/** Five terminals and ten detectors behind a gateway in every venue: for 50,000 terminals 10,000 venues. */
export function planCity(venueCount: number, random: RandomStream): CityPlan {
  const changes: RegistryChange[] = [
    { kind: 'organisationPut', organisation: { id: 'O1', kind: 'venueOwner', name: 'O1', demo: false } },
  ];
  // Telemetry is left out of the simulation, and with it the self-tests that are told in it.
  const [{ selfTest: _selfTest, ...terminal }] = genericModels.filter(({ id }) => id === 'generic-terminal') as [
    (typeof genericModels)[number],
  ];
  changes.push({ kind: 'modelPut', model: { ...terminal, id: TERMINAL_MODEL } });
  const put = (id: string, model: string, venueId: string, reportingIntervalMs: number, parentId?: string): void => {
    const device: DeviceRecord = {
      id,
      model,
      venueId,
      origin: 'live',
      reportingIntervalMs,
      ...(parentId !== undefined && { parentId }),
    };
    changes.push({ kind: 'devicePut', device });
  };
  const venues = Array.from({ length: venueCount }, (_, n): PlannedVenue => {
    const id = `V${n}`;
    const gatewayId = `${id}-G`;
    changes.push({
      kind: 'venuePut',
      venue: { id, name: id, class: 'nineSmall', organisationId: 'O1', origin: 'live' },
    });
    put(gatewayId, 'generic-gateway', id, DETECTOR_INTERVAL_MS);
    const terminals = Array.from({ length: TERMINALS_PER_VENUE }, (_, t) => `${id}-T${t}`);
    for (const terminalId of terminals) put(terminalId, TERMINAL_MODEL, id, TERMINAL_INTERVAL_MS);
    const detectors = Array.from({ length: DETECTORS_PER_VENUE }, (_, d) => {
      const kind = random.pick(kinds);
      return { id: `${id}-D${d}`, kind };
    });
    for (const { id: detector, kind } of detectors)
      put(detector, `generic-${kind}`, id, DETECTOR_INTERVAL_MS, gatewayId);
    return { id, gatewayId, terminals, detectors };
  });
  return { venues, changes };
}
