import type { ArcDetectorState } from '@fengsui/hazard';
import type { CircuitLoadsState } from '../loads/circuit-loads.ts';
import type { BoardHazardsState } from '../measurement/board-hazards.ts';

/** What must outlive a restart of the terminal, as plain JSON; by circuit prefix. */
export type TerminalState = {
  readonly energyKwh: Readonly<Record<string, number>>;
  readonly hazards: BoardHazardsState;
  readonly arcs: Readonly<Record<string, ArcDetectorState>>;
  readonly loads: Readonly<Record<string, CircuitLoadsState>>;
  /** Of what is read over buses, where there are any. */
  readonly metering?: BoardHazardsState;
  /** When the terminal tested itself last, epoch ms, and whether all was well. */
  readonly selfTest?: { readonly at: number; readonly passed: boolean };
  /** Points whose fault was told and holds. */
  readonly faults?: readonly string[];
};
