import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import type { ConverterSpec } from '../sampling/converter.ts';
import { requireWithin } from '../require-within.ts';
import type { SupplySpec } from '../supply/supply-spec.ts';

/** A single-phase distribution board: one voltage, one to eight circuits, each with a terminal thermometer. */
export type BoardSpec = {
  readonly supply?: SupplySpec;
  /** 3200 … 51200, default 6400. The network is solved at least twice as often. */
  readonly sampleRateHz?: number;
  /** The network is solved at least this often, 6400 … 1e6 Hz; default 25.6 kHz. More for the fine structure of arcs. */
  readonly stepRateHz?: number;
  /** Default 16 bits with 0.7 LSB of noise; `ideal` = no noise, no rounding, no clipping. */
  readonly converter?: ConverterSpec | { readonly kind: 'ideal' };
  readonly circuits: readonly CircuitSpec[];
  /** Air around the terminals; default 25 °C with a slow swing of ±1.5 K. */
  readonly ambientC?: number;
  /** Slow processes (schedules, charging, heating) run this much faster than the waveform; default 1, 0.01 … 10000. */
  readonly courseSpeed?: number;
  /** Faults planned from the start; more by `inject`. */
  readonly faults?: readonly CircuitFault[];
};

export type CircuitSpec = {
  /** `c1` … `c8`. */
  readonly id: string;
  /** Rated current of the protection, 1 … 630 A. */
  readonly ratedA: number;
  /** Line and neutral together; default 0.15 ohm at 16 A, falling with the rated current. */
  readonly cableOhm?: number;
  readonly loads: readonly LoadSpec[];
  /** Natural leakage of the cable itself, mA rms; default 1.5. */
  readonly cableLeakageMa?: number;
  /** Contact resistance of a sound terminal; default 1.5 mOhm. */
  readonly contactMilliohm?: number;
  /** Thermal resistance terminal to air; default 12 K/W. */
  readonly thermalKPerW?: number;
  /** Time constant of the terminal; default 240 s. */
  readonly thermalTauMs?: number;
};

export type CheckedCircuit = Required<CircuitSpec>;

/** Fills in defaults. Throws RangeError naming the circuit, the field and the range expected. */
export function checkCircuit(spec: CircuitSpec): CheckedCircuit {
  if (!/^c[1-8]$/.test(spec.id)) throw new RangeError(`circuit id is "${spec.id}", expected c1 to c8`);
  const place = `circuit ${spec.id}`;
  requireWithin(`${place}: ratedA`, spec.ratedA, 1, 630);
  const ids = new Set<string>();
  for (const { id } of spec.loads) {
    if (ids.has(id)) throw new RangeError(`${place}: load id "${id}" is used twice, expected distinct ids`);
    ids.add(id);
  }
  const checked: CheckedCircuit = {
    ...spec,
    cableOhm: spec.cableOhm ?? 2.4 / spec.ratedA,
    cableLeakageMa: spec.cableLeakageMa ?? 1.5,
    contactMilliohm: spec.contactMilliohm ?? 1.5,
    thermalKPerW: spec.thermalKPerW ?? 12,
    thermalTauMs: spec.thermalTauMs ?? 240_000,
  };
  requireWithin(`${place}: cableOhm`, checked.cableOhm, 0, 20);
  requireWithin(`${place}: cableLeakageMa`, checked.cableLeakageMa, 0, 1000);
  requireWithin(`${place}: contactMilliohm`, checked.contactMilliohm, 0.01, 100);
  requireWithin(`${place}: thermalKPerW`, checked.thermalKPerW, 0.1, 1000);
  requireWithin(`${place}: thermalTauMs`, checked.thermalTauMs, 100, 1e8);
  return checked;
}
