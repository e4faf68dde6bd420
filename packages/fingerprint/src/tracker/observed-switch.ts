/** One harmonic of a load's own current as a phasor against the voltage fundamental: i = √2 (inPhaseA sin hθ + quadratureA cos hθ). */
export type HarmonicPhasor = { readonly order: number; readonly inPhaseA: number; readonly quadratureA: number };

/** What a switching changed, with the sign of the load itself: an off-event has positive power too. */
export type ObservedSwitch = {
  /** When the contact moved, ms. */
  readonly at: number;
  readonly kind: 'on' | 'off';
  readonly activePowerW: number;
  /** Of the fundamental, positive = inductive; NaN = unknown. */
  readonly reactivePowerVar: number;
  /** Empty = unknown. */
  readonly harmonics: readonly HarmonicPhasor[];
};

/** The part of signal's `SwitchEvent` that is needed here. */
export type SwitchedPower = {
  readonly kind: 'on' | 'off';
  readonly deltaActivePowerW: number;
  readonly deltaReactivePowerVar: number;
  /** after − before, one cycle from the rising zero of the voltage fundamental. */
  readonly differenceCurrentA: Float64Array;
};

/** The orders that tell load shapes apart and stand above the noise of a small load. */
const ORDERS = [2, 3, 5, 7] as const;

/**
 * The load's own step from a switch event at `at` (ms). An off-event is turned round, so that both directions of one
 * load give the same numbers. A waveform that is not finite leaves the harmonics out.
 */
export function observedSwitchOf(event: SwitchedPower, at: number): ObservedSwitch {
  const sign = event.kind === 'on' ? 1 : -1;
  const harmonics = ORDERS.map((order) => phasorOf(event.differenceCurrentA, order, sign));
  const isKnown = harmonics.every((h) => Number.isFinite(h.inPhaseA) && Number.isFinite(h.quadratureA));
  return {
    at,
    kind: event.kind,
    activePowerW: sign * event.deltaActivePowerW,
    reactivePowerVar: sign * event.deltaReactivePowerVar,
    harmonics: isKnown ? harmonics : [],
  };
}

function phasorOf(cycle: Float64Array, order: number, sign: number): HarmonicPhasor {
  let inPhase = 0;
  let quadrature = 0;
  for (let point = 0; point < cycle.length; point++) {
    const angle = (2 * Math.PI * order * point) / cycle.length;
    inPhase += (cycle[point] as number) * Math.sin(angle);
    quadrature += (cycle[point] as number) * Math.cos(angle);
  }
  const toRms = (sign * Math.SQRT2) / cycle.length;
  return { order, inPhaseA: toRms * inPhase, quadratureA: toRms * quadrature };
}
