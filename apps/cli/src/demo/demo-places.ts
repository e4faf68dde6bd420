import type { RegistryChange } from '@fengsui/centre';
import type { CircuitUse, DemoCity } from '@fengsui/city';
import type { Venue } from '@fengsui/protocol';

/** Waves of the demo's commissioning board; like every name of the demo they say what they are. */
export const DEMO_WAVES = ['第一批 Wave 1（演示 demo）', '第二批 Wave 2（演示 demo）'] as const;
/** Where a visitor sees a venue on its way into operation. */
export const DEMO_TEST_VENUE = 'demo-venue-12';
const PLANNED_VENUE = 'demo-venue-13';
const FIRST_WAVE = ['demo-venue-07', 'demo-venue-08', 'demo-venue-09', 'demo-venue-10', 'demo-venue-11'];

/** How far each venue is; all others are at work and in no wave. */
export function stageOfVenue(venueId: string): Pick<Venue, 'life' | 'wave'> {
  if (venueId === DEMO_TEST_VENUE) return { life: 'installed', wave: DEMO_WAVES[1] };
  if (venueId === PLANNED_VENUE) return { life: 'planned', wave: DEMO_WAVES[1] };
  return FIRST_WAVE.includes(venueId) ? { wave: DEMO_WAVES[0] } : {};
}

const useNames: Record<CircuitUse, readonly [name: string, nameEn: string]> = {
  lighting: ['照明', 'lighting'],
  sockets: ['插座', 'sockets'],
  airConditioning: ['空调', 'air conditioning'],
  coldStore: ['冷库', 'cold store'],
  kitchen: ['厨房', 'kitchen'],
  machinery: ['机器', 'machinery'],
  serverRoom: ['机房', 'server room'],
  chargingShed: ['充电棚', 'charging shed'],
  medical: ['医疗设备', 'medical devices'],
};

/** Rooms the devices stand in, with the id of each; two devices in a room of one name stand in one room. */
export function demoAreas({ devices }: DemoCity): {
  readonly changes: readonly RegistryChange[];
  readonly areaOf: (deviceId: string) => string | undefined;
} {
  const rooms = new Map<string, string>();
  const areas = new Map<string, string>();
  const changes: RegistryChange[] = [];
  for (const { id: deviceId, venueId, area: name, areaEn: nameEn } of devices) {
    const key = `${venueId}\0${name}`;
    let id = rooms.get(key);
    if (id === undefined) {
      id = `${venueId}-a${changes.length + 1}`;
      rooms.set(key, id);
      changes.push({ kind: 'areaPut', area: { id, venueId, kind: 'room', name, nameEn } });
    }
    areas.set(deviceId, id);
  }
  return { changes, areaOf: (deviceId) => areas.get(deviceId) };
}

/** Circuits of the boards; cold stores and medical ones are protected, and nobody has surveyed the rest. */
export function demoCircuits({ devices }: DemoCity): readonly RegistryChange[] {
  return devices.flatMap(({ id: deviceId, venueId, simulation }) =>
    simulation.kind === 'room'
      ? []
      : simulation.circuits.map(({ id: prefix, use, ratedA }): RegistryChange => {
          const protectedClass = use === 'coldStore' ? 'refrigeration' : use === 'medical' ? 'icu' : 'unknown';
          const [name, nameEn] = useNames[use];
          return { kind: 'circuitPut', circuit: { deviceId, prefix, venueId, name, nameEn, ratedA, protectedClass } };
        }),
  );
}
