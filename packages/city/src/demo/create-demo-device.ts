import { createBoard, type Board } from '../board/create-board.ts';
import { roomFaultKinds, type RoomFault } from '../fault/room-fault.ts';
import type { CircuitFault } from '../fault/circuit-fault.ts';
import { hashName } from '../random/random-stream.ts';
import { createRoom, type Room } from '../room/create-room.ts';
import { circuitFaultKinds } from '../fault/circuit-fault.ts';
import type { DemoDevice } from './demo-device.ts';
import type { DemoDeviceEntry } from './demo-device-entry.ts';
import { eventsOf, type DemoScript } from './demo-script.ts';
import { SummaryTerminal } from './summary-terminal.ts';

export type DemoDeviceOptions = {
  /** Faults to come; those of other devices are ignored. Default: none. */
  readonly script?: DemoScript;
  /** Meter readings to go on from, by point id (`c1.energyKwh`), so that a counter never falls over a restart. */
  readonly energyKwh?: Readonly<Record<string, number>>;
};

/**
 * A device of the demo without waveforms (`simulation.waveform` is false), its clock at `startAtMs` (epoch ms).
 * Throws RangeError for a device on the waveform path.
 */
export function createDemoDevice(
  entry: DemoDeviceEntry,
  seed: number,
  startAtMs: number,
  options: DemoDeviceOptions = {},
): DemoDevice {
  const { simulation } = entry;
  if (simulation.kind === 'board') {
    throw new RangeError(`${entry.id} is on the waveform path, expected a device whose simulation.waveform is false`);
  }
  const device =
    simulation.kind === 'terminal'
      ? new SummaryTerminal(entry.id, simulation.circuits, seed, startAtMs, options.energyKwh)
      : new RoomDevice(entry.id, createRoom(simulation.spec, deviceSeed(entry, seed), startAtMs));
  for (const { fault } of eventsOf(options.script ?? [], entry.id)) device.inject(fault);
  return device;
}

/** The board of a device on the waveform path, with its faults planned. Throws RangeError for any other device. */
export function createDemoBoard(
  entry: DemoDeviceEntry,
  seed: number,
  startAtMs: number,
  options: Pick<DemoDeviceOptions, 'script'> = {},
): Board {
  const { simulation } = entry;
  if (simulation.kind !== 'board') {
    throw new RangeError(`${entry.id} has no waveforms, expected a device whose simulation.waveform is true`);
  }
  const board = createBoard(simulation.spec, deviceSeed(entry, seed), startAtMs);
  for (const { fault } of eventsOf(options.script ?? [], entry.id)) {
    if (isRoomFault(fault)) throw new RangeError(`${entry.id}: fault is "${fault.kind}", expected a circuit fault`);
    board.inject(fault);
  }
  return board;
}

class RoomDevice implements DemoDevice {
  readonly id: string;
  readonly #room: Room;

  constructor(id: string, room: Room) {
    this.id = id;
    this.#room = room;
  }

  at(atMs: number): Record<string, number> {
    const { obscurationPctPerM, temperatureC, lelPct } = this.#room.at(atMs);
    return {
      ...(obscurationPctPerM === undefined ? {} : { 'smoke.obscurationPctPerM': obscurationPctPerM }),
      ...(temperatureC === undefined ? {} : { 'heat.temperatureC': temperatureC }),
      ...(lelPct === undefined ? {} : { 'gas.lelPct': lelPct }),
    };
  }

  inject(fault: CircuitFault | RoomFault): string {
    if (!isRoomFault(fault)) {
      const kinds = circuitFaultKinds.join(', ');
      throw new RangeError(
        `${this.id}: fault is "${fault.kind}", expected none of ${kinds}: the device watches a room`,
      );
    }
    return this.#room.inject(fault);
  }

  clear(idOrKind?: string): number {
    return this.#room.clear(idOrKind);
  }
}

function isRoomFault(fault: CircuitFault | RoomFault): fault is RoomFault {
  return roomFaultKinds.some((kind) => kind === fault.kind);
}

/** Devices of one city differ: the id goes into the seed. */
function deviceSeed(entry: DemoDeviceEntry, seed: number): number {
  return hashName(entry.id, seed);
}
