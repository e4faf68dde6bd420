import type { CircuitElement } from './circuit-element.ts';

/** Instants of one tick: `waveMs` of the waveform's own clock, `courseMs` of the (perhaps faster) slow processes. */
export type Tick = { readonly waveMs: number; readonly courseMs: number };

/** A load as the board handles it: switched by its schedule, its parameters moved once per tick. */
export type Load = {
  readonly id: string;
  readonly element: CircuitElement;
  /** Earth capacitance while connected, F. */
  readonly earthF: number;
  readonly isOn: boolean;
  /** Closes the contact. `isSettled`: it has been on long since, so start in the steady state without inrush. */
  switchOn(at: Tick, isSettled: boolean): void;
  /** Opens the contact; the current ends at its next zero, as the arc of a real switch does. */
  switchOff(): void;
  update(at: Tick): void;
};
