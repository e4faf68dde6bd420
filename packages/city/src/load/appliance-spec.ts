import type { AuxiliaryWinding } from './auxiliary-winding.ts';
import type { AngleTurn, DutySpec, FluctuationSpec, SettlingSpec } from './course-spec.ts';

/** Universal motor (vacuum cleaner, drill, mixer, hair clipper): series field, commutator and brushes. */
export type BrushMotorSpec = {
  readonly kind: 'universalMotor';
  /** At full speed and full conduction. */
  readonly powerW: number;
  /** Displacement power factor, 0.7 … 0.999; default 0.97. */
  readonly powerFactor?: number;
  /** Peak current over the current at which the iron saturates, 0 … 6; default 1: h3 about a tenth. */
  readonly saturation?: number;
  /** Scatter of the resistance between commutator bars, 0 … 0.5; default 0.05; worn brushes 0.2 … 0.5. */
  readonly brushNoiseRatio?: number;
  /** Commutations per second at full speed, 500 … 20000; default 9000. */
  readonly commutationHz?: number;
  /** Windings' resistance over the running one, 0.03 … 0.8; default 0.15. Small = high inrush. */
  readonly windingRatio?: number;
  /** Time constant of the run-up; default 350 ms, 5 … 10000. */
  readonly runUpMs?: number;
  /** Speed control by a triac in series: delay of its firing, 0 (default, none) … 150 degrees. */
  readonly firingAngleDeg?: number;
  /** The trigger of a drill moved while it is on. */
  readonly turns?: readonly AngleTurn[];
};

/** Compressor of a refrigerator or a fixed-speed air conditioner: a motor that starts against its rotor at rest. */
export type CompressorSpec = {
  readonly kind: 'compressor';
  readonly powerW: number;
  /** Running, before the run capacitor, 0.3 … 0.98; default 0.8. */
  readonly powerFactor?: number;
  /** Locked-rotor current over the running current, 1.5 … 12; default 5. */
  readonly inrushRatio?: number;
  /** Power factor of the locked rotor, 0.3 … 0.98; default 0.75. */
  readonly startPowerFactor?: number;
  /** Time to break away; default 200 ms, 20 … 3000. */
  readonly runUpMs?: number;
  /** As in `MotorSpec`; default 0.2. */
  readonly saturation?: number;
  /** As in `MotorSpec`; default 0. */
  readonly straySaturation?: number;
  /** As in `MotorSpec`; default 0. */
  readonly capacitorRatio?: number;
  /** As in `MotorSpec`. */
  readonly auxiliary?: AuxiliaryWinding;
  /** Swing of the load with each stroke of a piston, 0 … 0.4; default 0.05; a scroll has none. */
  readonly pulsationRatio?: number;
  /** Strokes per second, 5 … 60; default 48 (a two-pole motor with slip). */
  readonly strokeHz?: number;
  /** Power right after the start over the settled one, 0.7 … 1.6; default 1.15. Settles with 60 s of course time. */
  readonly pullDownRatio?: number;
};

/** Fluorescent tubes with magnetic ballast and glow starter. */
export type FluorescentSpec = {
  readonly kind: 'fluorescent';
  /** Lamps and ballasts together. */
  readonly powerW: number;
  /** Running voltage of a lamp, 40 … 140 V and at most 0.65 of the mains; default 103 (36 W tube). */
  readonly lampV?: number;
  /** Time constant of the plasma; default 500 µs, 200 … 1500. */
  readonly tauUs?: number;
  /** Preheating until the lamp strikes; default 900 ms, 0 … 5000. */
  readonly preheatMs?: number;
  /** Compensating capacitor: share of the ballast's reactive power, 0 (default) … 1.1. */
  readonly compensation?: number;
};

/** Low-voltage halogen lamps on an electronic transformer: no storage, idle around the voltage's zero, 40 kHz inside. */
export type ElectronicTransformerSpec = {
  readonly kind: 'electronicTransformer';
  readonly powerW: number;
  /** The oscillator starts at this voltage in each half-wave, 5 … 120 V; default 32, and stops at a third of it. */
  readonly startV?: number;
  /** Filaments, as in `ResistiveSpec`; default 0.12 (the soft start hides a part of the 0.08). */
  readonly coldResistanceRatio?: number;
  /** Default 60 ms. */
  readonly warmUpMs?: number;
  /** Rest of the switching frequency, 0 … 0.3; default 0.02. */
  readonly noiseRatio?: number;
};

/** Switched-mode supply with active power-factor correction: near-sine current with a dip around the zero. */
export type PfcSupplySpec = {
  readonly kind: 'pfcSupply';
  readonly powerW: number;
  /** Default 0.15 + powerW / 1000 µF, 0 … 20. */
  readonly filterUf?: number;
  /** Width of the dip around the zero, 0.1 … 150 V; default 12. */
  readonly cuspV?: number;
  /** Far below its rating the converter skips the low part of each half-wave: no current below this, 0 (default) … 200 V. */
  readonly gapV?: number;
  /** Where it ends on the falling side, 0 … 290 V; default 0.9 `gapV`; above it when its capacitor holds the bridge blocked. */
  readonly gapEndV?: number;
  /** Light loads are limited in current: it levels off above this voltage, 20 … 10000 V; default none. */
  readonly flatV?: number;
  /** Swing of the regulation at 100 Hz, 0 … 0.5; h3 is half of it; default 0.06. */
  readonly rippleRatio?: number;
  readonly rippleRad?: number;
  /** Bulk capacitor that is charged at plug-in; default 0.7 µF per W, 0.05 … 5. */
  readonly bulkUfPerW?: number;
  /** Cold resistance that limits that charge; default 12 ohm, 0.5 … 200. */
  readonly coldSeriesOhm?: number;
  /** Idle before the converter starts; default 150 ms, 0 … 20000. */
  readonly startDelayMs?: number;
  /** Ramp of the power after that; default 300 ms; an inverter air conditioner takes a minute and more. */
  readonly softStartMs?: number;
  /** Power at the beginning of the ramp over the rated one, 0 … 1; default 0. */
  readonly rampFromRatio?: number;
  /** Rest of the switching frequency, 0 … 0.3; default 0.01. */
  readonly noiseRatio?: number;
  /**
   * Within what time its voltage loop takes the power back to the rating when the mains' voltage moves, 5 … 1000 ms. Default:
   * never, its power follows the square of the voltage.
   */
  readonly regulationMs?: number;
  readonly fluctuation?: FluctuationSpec;
  /** As in `RectifierSpec`. */
  readonly settling?: SettlingSpec;
};

/** Induction hob: no storage behind its bridge; low power by pulsing. */
export type InductionHobSpec = {
  readonly kind: 'inductionHob';
  /** While it heats. */
  readonly powerW: number;
  /** Pulsing: on for `dutyRatio` (0.05 … 0.95) of every `periodMs` (200 … 10000). Absent = heats all the time. */
  readonly pulse?: { readonly periodMs: number; readonly dutyRatio: number };
  /** Across the line and behind the bridge; default 4 µF, 0.1 … 30. */
  readonly filterUf?: number;
  /** The rest of its small capacitor keeps the bridge blocked below this voltage, 1 … 100 V; default 20. */
  readonly gapV?: number;
  /** As in `PfcSupplySpec`; default 6 V. */
  readonly cuspV?: number;
  /** Panel and fan; default 12 W, 0.5 … 60. */
  readonly standbyW?: number;
  /** Looking for a pan with short pulses before it heats; default 1500 ms, 0 … 10000. */
  readonly probeMs?: number;
  /** Ramp up of each pulse; default 40 ms, 0 … 2000. */
  readonly rampMs?: number;
  readonly noiseRatio?: number;
};

/** Microwave oven with iron transformer, half-wave doubler and magnetron; lamp, fan and turntable run beside it. */
export type MicrowaveSpec = {
  readonly kind: 'microwave';
  /** Mains power while it cooks, 300 … 3000. */
  readonly powerW: number;
  /** Heating of the cathode before the first current of the magnetron; default 2300 ms, 0 … 10000. */
  readonly warmUpMs?: number;
  /** Cooking at part power: the magnetron's supply is switched; default always. */
  readonly duty?: DutySpec;
  /** Lamp, fan and turntable; default 45 W, 5 … 200. */
  readonly auxiliaryW?: number;
  /** Threshold of the magnetron over the peak of the transformer's voltage, 1.2 … 1.6; default 1.45. High: more h3. */
  readonly thresholdRatio?: number;
  /** Slope resistance of the magnetron, 0.02 … 1; default 0.25. High: more even harmonics. */
  readonly slopeRatio?: number;
  /** Resonance of stray inductance and capacitor over the mains frequency, 0.9 … 1.8; default 1.4. */
  readonly resonanceRatio?: number;
  /** Magnetising current over the rated one, 0.02 … 0.6; default 0.1. */
  readonly magnetisingRatio?: number;
  /** As in `MotorSpec`; default 0.4. */
  readonly saturation?: number;
};

/** LED lamp with a capacitor in series instead of a converter. */
export type CapacitiveDropperSpec = {
  readonly kind: 'capacitiveDropper';
  /** 0.5 … 40. */
  readonly powerW: number;
  /** Voltage of the string of LEDs, 20 … 250 V and at most 1.25 of the mains; default 90. */
  readonly stringV?: number;
  /** Default 220 ohm, 1 … 2000. */
  readonly seriesOhm?: number;
};
