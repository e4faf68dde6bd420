import type { ArcDetectorState } from '@fengsui/hazard';
import type { CircuitLoadsState } from '../loads/circuit-loads.ts';
import type { BoardHazardsState } from '../measurement/board-hazards.ts';

/** What must outlive a restart of the terminal, as plain JSON; by circuit prefix. */
export type TerminalState = {
  readonly energyKwh: Readonly<Record<string, number>>;
  readonly hazards: BoardHazardsState;
  readonly arcs: Readonly<Record<string, ArcDetectorState>>;
  readonly loads: Readonly<Record<string, CircuitLoadsState>>;
};
