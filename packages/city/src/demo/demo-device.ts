import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { RoomFault } from '../fault/room-fault.ts';

/** A device of the demo that needs no waveforms. */
export type DemoDevice = {
  readonly id: string;
  /** Values by point id at `atMs` (epoch ms). Throws RangeError when time runs backwards. */
  at(atMs: number): Record<string, number>;
  /** Starts a fault now or at its `atMs` (ms after the start). Throws RangeError when the device cannot have it. */
  inject(fault: CircuitFault | RoomFault): string;
  /** Ends faults now: by id, by kind, or all; returns how many ended. */
  clear(idOrKind?: string): number;
};
