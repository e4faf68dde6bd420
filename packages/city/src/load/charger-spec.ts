/**
 * Battery charger: a rectifier (or, above about 75 W, sometimes one with power-factor correction) whose power follows the
 * battery: constant current with the power rising, then constant voltage with an exponential tail, then cut-off (lithium)
 * or float (lead-acid). `eBikeCharger`: electric bicycles, 60 … 1200 W. `charger`: tools, scooters, power banks, 3 … 1200 W.
 */
export type ChargerSpec = {
  readonly kind: 'eBikeCharger' | 'charger';
  /** Mains power at the beginning. */
  readonly powerW: number;
  readonly chemistry: 'leadAcid' | 'lithium';
  /** Length of the constant-current stage; default 4 h, 0 … 1e8. */
  readonly constantCurrentMs?: number;
  /** Power at the end of that stage over the one at its beginning, 1 … 1.3; default 1.08 (field: 1.05 … 1.12). */
  readonly riseRatio?: number;
  /** Time constant of the tail; default 65 min (lead-acid), 30 min (lithium). */
  readonly tailMs?: number;
  /** Power when full; default 10 W (lead-acid), 2 W (lithium), 0.1 … 30. */
  readonly floatW?: number;
  /** An aged battery whose tail never decays: the precursor the fire rule looks for. Default false. */
  readonly isAged?: boolean;
  /** Active power-factor correction; default false. */
  readonly hasPfc?: boolean;
  /** As in `RectifierSpec`, of a charger without PFC. */
  readonly capacitanceUfPerW?: number;
  readonly seriesOhm?: number;
  readonly seriesH?: number;
  readonly coldSeriesOhm?: number;
  readonly softStartMs?: number;
  readonly filterUf?: number;
};
