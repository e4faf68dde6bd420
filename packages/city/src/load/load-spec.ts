import type { Schedule } from '../schedule/schedule.ts';
import type {
  BrushMotorSpec,
  CapacitiveDropperSpec,
  CompressorSpec,
  ElectronicTransformerSpec,
  FluorescentSpec,
  InductionHobSpec,
  MicrowaveSpec,
  PfcSupplySpec,
} from './appliance-spec.ts';
import type { ChargerSpec } from './charger-spec.ts';
import type { AngleTurn, DutySpec, FluctuationSpec, SettlingSpec } from './course-spec.ts';
import type { AuxiliaryWinding } from './auxiliary-winding.ts';

export { type AngleTurn, type DutySpec, type FluctuationSpec, type SettlingSpec } from './course-spec.ts';

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

export type LoadPhysics =
  | ResistiveSpec
  | MotorSpec
  | RectifierSpec
  | DimmerSpec
  | ChargerSpec
  | ApplianceSpec
  | BrushMotorSpec
  | CapacitiveDropperSpec
  | CompressorSpec
  | ElectronicTransformerSpec
  | FluorescentSpec
  | InductionHobSpec
  | MicrowaveSpec
  | PfcSupplySpec;

export type ResistiveSpec = {
  readonly kind: 'resistive';
  readonly powerW: number;
  /** Cold resistance over hot resistance; 1 (default) = no inrush, PTC heater 0.5 … 0.75, filament 0.08. */
  readonly coldResistanceRatio?: number;
  /** Time constant of the way from cold to hot; default 1500 ms. */
  readonly warmUpMs?: number;
  /** A diode in series, as in the low setting of hair dryers: half the power, dc and even harmonics. Default false. */
  readonly isHalfWave?: boolean;
  readonly duty?: DutySpec;
};

/**
 * Induction motor as R and L in series. At rest R is `startResistanceRatio` of its running value (field: 0.18) and L
 * `startReactanceRatio` (only the leakage reactance is left); both run up with `runUpMs`. Closing at any phase gives the
 * decaying dc offset by itself.
 */
export type MotorSpec = {
  readonly kind: 'motor';
  readonly powerW: number;
  /** Displacement power factor when running, 0.2 … 0.98, before the run capacitor. */
  readonly powerFactor: number;
  readonly startResistanceRatio?: number;
  readonly startReactanceRatio?: number;
  readonly runUpMs?: number;
  /** Iron saturation of the magnetising part, 0 (default, none) … 2: h3 of the current up to a tenth. */
  readonly saturation?: number;
  /** Peak current over the one at which the iron of the stray path saturates (closed slots), 0 (default, none) … 6. */
  readonly straySaturation?: number;
  /** Reactive power of a run capacitor over `powerW`, 0 (default) … 2: power factor near 1 or leading. */
  readonly capacitorRatio?: number;
  /** The winding behind the run capacitor; default: a resistance of 0.15 of the capacitor's reactance. */
  readonly auxiliary?: AuxiliaryWinding;
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
  /** Interference filter across the line; default 0 µF (none), up to 20: leading current. */
  readonly filterUf?: number;
  readonly fluctuation?: FluctuationSpec;
  /** Default: at its rated power from the first moment. */
  readonly settling?: SettlingSpec;
};

/** Resistive lamp or heater behind a dimmer. */
export type DimmerSpec = {
  readonly kind: 'dimmer';
  /** Power without phase cut. */
  readonly powerW: number;
  /** Part of each half-wave that is cut, 1 … 170 degrees: the delay of the firing, or the end cut off. */
  readonly firingAngleDeg: number;
  /** `leading` (triac, default): conducts from the angle to the zero. `trailing`: from the zero to 180° − angle. */
  readonly edge?: 'leading' | 'trailing';
  /** The knob turned while it is on. */
  readonly turns?: readonly AngleTurn[];
  /** As in `ResistiveSpec`; default 1. */
  readonly coldResistanceRatio?: number;
  readonly warmUpMs?: number;
};

/** Several parts in one housing, switched together: a hair dryer is a heater and a motor. */
export type ApplianceSpec = {
  readonly kind: 'appliance';
  /** Sum of the parts' rated powers; said for the reader, the parts count. */
  readonly powerW: number;
  /** 1 … 8; an appliance within an appliance is refused. */
  readonly parts: readonly LoadPhysics[];
};
