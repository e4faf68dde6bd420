import type { Dimmer } from './dimmer.ts';
import type { Rectifier } from './rectifier.ts';
import type { SeriesRl } from './series-rl.ts';

/** A merged resistance: its conductance is added up by the branch, it is not solved by itself. */
export type Resistor = { isActive: boolean; isOpening: boolean; conductance: number };

export type Element =
  | { readonly kind: 'resistor'; readonly element: Resistor }
  | { readonly kind: 'seriesRl'; readonly element: SeriesRl }
  | { readonly kind: 'rectifier'; readonly element: Rectifier }
  | { readonly kind: 'dimmer'; readonly element: Dimmer };

/** Instants of one tick: `waveMs` of the waveform's own clock, `courseMs` of the (perhaps faster) slow processes. */
export type Tick = { readonly waveMs: number; readonly courseMs: number };

/** A load as the board handles it: switched by its schedule, its parameters moved once per tick. */
export type Load = {
  readonly id: string;
  readonly element: Element;
  /** Earth capacitance while connected, F. */
  readonly earthF: number;
  readonly isOn: boolean;
  /** Closes the contact. `isSettled`: it has been on long since, so start in the steady state without inrush. */
  switchOn(at: Tick, isSettled: boolean): void;
  /** Opens the contact; the current ends at its next zero, as the arc of a real switch does. */
  switchOff(): void;
  update(at: Tick): void;
};
