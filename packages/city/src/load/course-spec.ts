/** A thermostat inside the load, by course time: full power for `firstOnMs`, then on and off in turn. */
export type DutySpec = {
  /** 1 … 1e8 ms each. */
  readonly onMs: number;
  readonly offMs: number;
  /** Heating up from cold; default `onMs`. A load on since before the start is past it. */
  readonly firstOnMs?: number;
  /** Each length varies by ± this; default 0.15, 0 … 0.9. */
  readonly jitterRatio?: number;
};

/** A power that wanders smoothly between 1 − ratio and 1 + ratio of its rated value (picture content, computing). */
export type FluctuationSpec = {
  /** 0 … 0.95. */
  readonly ratio: number;
  /** From one value to the next, 10 … 1e7 ms of the waveform's clock. */
  readonly periodMs: number;
};

/** A power that goes from one part of its rated value to another: LEDs that warm, a small battery that fills. */
export type SettlingSpec = {
  /** At the contact, 0.01 … 10; default 1. */
  readonly fromRatio?: number;
  /** In the end, 0.01 … 10; default 1. A load on since before the start is there. */
  readonly toRatio?: number;
  /** Of course time, 1 … 1e8. */
  readonly timeConstantMs: number;
};

/** A knob or trigger moved linearly to `toDeg`, from `atMs` (course time since the start of the board) within `withinMs`. */
export type AngleTurn = { readonly atMs: number; readonly toDeg: number; readonly withinMs: number };
