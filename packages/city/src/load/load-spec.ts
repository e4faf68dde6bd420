import type { Schedule } from '../schedule/schedule.ts';

/**
 * One load on a circuit. Powers are rated values at the nominal voltage and frequency of the supply.
 * `leakageMa`: natural (capacitive) leakage to earth while connected; defaults by kind (heater 0.2, motor 0.3,
 * rectifier 0.35 mA for its Y capacitors).
 */
export type LoadSpec = LoadPhysics & {
  /** Unique on the circuit; names the load's random stream. */
  readonly id: string;
  /** Default: always on. */
  readonly schedule?: Schedule;
  readonly leakageMa?: number;
};

export type LoadPhysics = ResistiveSpec | MotorSpec | RectifierSpec | DimmerSpec | EBikeChargerSpec;

export type ResistiveSpec = {
  readonly kind: 'resistive';
  readonly powerW: number;
  /** Cold resistance over hot resistance; 1 (default) = no inrush, PTC heater 0.5 … 0.75, filament 0.08. */
  readonly coldResistanceRatio?: number;
  /** Time constant of the way from cold to hot; default 1500 ms. */
  readonly warmUpMs?: number;
};

/**
 * Induction motor as R and L in series. At rest R is `startResistanceRatio` of its running value (field: 0.18) and L
 * `startReactanceRatio` (only the leakage reactance is left); both run up with `runUpMs`. Closing at any phase gives the
 * decaying dc offset by itself.
 */
export type MotorSpec = {
  readonly kind: 'motor';
  readonly powerW: number;
  /** Displacement power factor when running, 0.2 … 0.98. */
  readonly powerFactor: number;
  readonly startResistanceRatio?: number;
  readonly startReactanceRatio?: number;
  readonly runUpMs?: number;
};

/** Diode bridge, capacitor and constant-power converter: power supplies, LED drivers, electronics without PFC. */
export type RectifierSpec = {
  readonly kind: 'rectifier';
  readonly powerW: number;
  /** Default 1.2 µF per W (field: 1 … 1.5). */
  readonly capacitanceUfPerW?: number;
  /** Series resistance when warm; default 220 ohm·W / powerW + 0.8 ohm, at most 40. */
  readonly seriesOhm?: number;
  /** Series inductance; default 0.4e-3 H. */
  readonly seriesH?: number;
  /** Cold series resistance (NTC) that limits the inrush; default `seriesOhm` + 6. */
  readonly coldSeriesOhm?: number;
  /** Ramp of the power after switch-on; default 400 ms. */
  readonly softStartMs?: number;
};

/** Resistive lamp or heater behind a leading-edge dimmer. */
export type DimmerSpec = {
  readonly kind: 'dimmer';
  /** Power without phase cut. */
  readonly powerW: number;
  /** Delay of the firing after the voltage's zero, 1 … 170 degrees. */
  readonly firingAngleDeg: number;
};

/**
 * Charger of an electric bicycle: a rectifier whose power follows the battery: constant current with the power rising
 * 8 %, then constant voltage with an exponential tail, then cut-off (lithium, < 3 W) or float (lead-acid, 10 W).
 */
export type EBikeChargerSpec = {
  readonly kind: 'eBikeCharger';
  /** Mains power at the beginning, 60 … 600 W. */
  readonly powerW: number;
  readonly chemistry: 'leadAcid' | 'lithium';
  /** Length of the constant-current stage; default 4 h. */
  readonly constantCurrentMs?: number;
  /** Time constant of the tail; default 65 min (lead-acid), 30 min (lithium). */
  readonly tailMs?: number;
  /** An aged battery whose tail never decays: the precursor the fire rule looks for. Default false. */
  readonly isAged?: boolean;
};
