import type { LimitHazardsState } from '@fengsui/hazard';

/** What must outlive a restart of the terminal, as plain JSON. */
export type TerminalState = {
  /** Counter per circuit prefix. */
  readonly energyKwh: Readonly<Record<string, number>>;
  readonly hazards: LimitHazardsState;
};
