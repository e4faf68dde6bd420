import type { Organisation, VenueClass } from '@fengsui/protocol';
import type { BoardSpec } from '../board/board-spec.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { RoomSpec } from '../room/room-spec.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import { loadsOfUse } from './circuit-use.ts';
import type { DemoCircuit, DemoDeviceEntry, DemoModel, DemoSimulation } from './demo-device-entry.ts';
import { devicePlans } from './device-plan.ts';
import { demoOrganisations } from './organisations.ts';
import { demoVenues, type DemoVenue } from './venues.ts';

/** Boards on the waveform path per class of venue: 12 in all, in the first venues of each class. */
const WAVEFORM_VENUES_PER_CLASS = 2;
/** A board on the waveform path has this many circuits. */
const WAVEFORM_CIRCUITS = 2;
const RATED_A = [16, 20, 25, 32] as const;

export type DemoCity = {
  readonly organisations: readonly Organisation[];
  readonly venues: readonly DemoVenue[];
  readonly devices: readonly DemoDeviceEntry[];
};

/**
 * The demo city: 14 organisations, 40 venues of all six classes in and around Linfen, 400 devices, all invented.
 * Ids do not depend on the seed; positions, rated currents and room sizes do.
 */
export function createDemoCity(seed: number): DemoCity {
  const venues = demoVenues(seed);
  const seen = new Map<VenueClass, number>();
  const devices = venues.flatMap((venue) => {
    const count = seen.get(venue.class) ?? 0;
    seen.set(venue.class, count + 1);
    const extraLoads = venue.class === 'nineSmall' && count === 0 ? [indoorEBike] : [];
    return devicesOf(venue, count < WAVEFORM_VENUES_PER_CLASS, extraLoads, seed);
  });
  return { organisations: demoOrganisations, venues, devices };
}

/** Plugged in while a visitor looks on: what the prohibited-load watch is for. */
const indoorEBike: LoadSpec = {
  id: 'indoorEBike',
  kind: 'eBikeCharger',
  powerW: 190,
  chemistry: 'leadAcid',
  schedule: { kind: 'spans', spans: [{ onAtMs: 140_000 }] },
};

function devicesOf(
  venue: DemoVenue,
  hasWaveform: boolean,
  extraLoads: readonly LoadSpec[],
  seed: number,
): readonly DemoDeviceEntry[] {
  const plan = devicePlans[venue.class];
  const prefix = venue.id.replace('venue-', 'v');
  const entry = (
    suffix: string,
    model: DemoModel,
    label: readonly [string, string],
    area: readonly [string, string],
    simulation: DemoSimulation,
  ): DemoDeviceEntry => ({
    id: `${prefix}-${suffix}`,
    model,
    venueId: venue.id,
    name: area[0] + label[0],
    nameEn: `${area[1]}: ${label[1]}`,
    area: area[0],
    areaEn: area[1],
    reportingIntervalMs: simulation.kind === 'board' ? 1000 : simulation.kind === 'terminal' ? 5000 : 10_000,
    simulation,
  });
  const boards = plan.boards.map(([name, nameEn, ...uses], index) => {
    const suffix = `t${index + 1}`;
    const random = new RandomStream(seed, `demo/device/${prefix}-${suffix}`);
    const circuits = uses.map((use, c): DemoCircuit => ({ id: `c${c + 1}`, use, ratedA: random.pick(RATED_A) }));
    const simulation: DemoSimulation =
      hasWaveform && index === 0 ? board(circuits, extraLoads) : { kind: 'terminal', waveform: false, circuits };
    return entry(suffix, 'generic-terminal', ['终端', 'terminal'], [name, nameEn], simulation);
  });
  const rooms = (
    [
      ['s', 'smoke', 'generic-smoke', ['感烟探测器', 'smoke detector']],
      ['h', 'heat', 'generic-heat', ['感温探测器', 'heat detector']],
      ['g', 'gas', 'generic-gas', ['可燃气体探测器', 'gas detector']],
    ] as const
  ).flatMap(([letter, sensor, model, label]) =>
    plan[sensor].map((area, index) => {
      const suffix = `${letter}${index + 1}`;
      const random = new RandomStream(seed, `demo/device/${prefix}-${suffix}`);
      const simulation: DemoSimulation = { kind: 'room', waveform: false, spec: roomOf(sensor, random) };
      return entry(suffix, model, label, area, simulation);
    }),
  );
  return [...boards, ...rooms];
}

function board(circuits: readonly DemoCircuit[], extraLoads: readonly LoadSpec[]): DemoSimulation {
  const shown = circuits.slice(0, WAVEFORM_CIRCUITS);
  // A transformer tap above nominal and a short feeder: even an overload keeps the voltage within +7 % −10 %.
  const spec: BoardSpec = {
    supply: { nominalV: 226, sourceOhm: 0.3 },
    circuits: shown.map(({ id, use, ratedA }, index) => ({
      id,
      ratedA,
      loads: [...loadsOfUse(use, ratedA), ...(index === 0 ? extraLoads : [])],
    })),
  };
  return { kind: 'board', waveform: true, circuits: shown, spec };
}

function roomOf(sensor: 'smoke' | 'heat' | 'gas', random: RandomStream): RoomSpec {
  return {
    sensors: [sensor],
    volumeM3: Math.round(sensor === 'gas' ? random.between(12, 25) : random.between(40, 90)),
    heightM: Math.round(random.between(27, 35)) / 10,
    airChangesPerHour: Math.round(random.between(10, 40)) / 10,
    ambientC: Math.round(random.between(19, 26)),
  };
}
