import type { BoardSpec } from '../board/board-spec.ts';
import type { RoomSpec } from '../room/room-spec.ts';
import type { CircuitUse } from './circuit-use.ts';

export const demoModels = ['generic-terminal', 'generic-smoke', 'generic-heat', 'generic-gas'] as const;
export type DemoModel = (typeof demoModels)[number];

/** A circuit of a terminal as the demo plans it. */
export type DemoCircuit = {
  /** `c1` … `c8`; its terminal thermometer is `t1` … `t8`. */
  readonly id: string;
  readonly use: CircuitUse;
  readonly ratedA: number;
};

/**
 * How the values of a device come about: `board` from simulated waveforms (feed `spec` to a terminal through
 * `createDemoBoard`), `terminal` from a summary model, `room` from the air of a room (both `createDemoDevice`).
 */
export type DemoSimulation =
  | {
      readonly kind: 'board';
      readonly waveform: true;
      readonly circuits: readonly DemoCircuit[];
      readonly spec: BoardSpec;
    }
  | { readonly kind: 'terminal'; readonly waveform: false; readonly circuits: readonly DemoCircuit[] }
  | { readonly kind: 'room'; readonly waveform: false; readonly spec: RoomSpec };

export type DemoDeviceEntry = {
  /** Fixed, whatever the seed. */
  readonly id: string;
  readonly model: DemoModel;
  readonly venueId: string;
  readonly name: string;
  readonly nameEn: string;
  readonly area: string;
  readonly areaEn: string;
  readonly reportingIntervalMs: number;
  readonly simulation: DemoSimulation;
};
