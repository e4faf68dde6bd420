import {
  checkCircuitFault,
  circuitFaultKinds,
  type CheckedCircuitFault,
  type CircuitFault,
} from '../fault/circuit-fault.ts';
import { FaultList } from '../fault/fault-list.ts';
import type { RoomFault } from '../fault/room-fault.ts';
import { normalAt, smoothNoiseAt } from '../random/noise-at.ts';
import { hashName } from '../random/random-stream.ts';
import type { DemoCircuit } from './demo-device-entry.ts';
import type { DemoDevice } from './demo-device.ts';
import { SummaryCircuit, type SummaryReading } from './summary-circuit.ts';

const STEP_MS = 1000;
const HOUR_MS = 3_600_000;
/** The meters of the demo were installed on 1 January 2026. */
const INSTALLED_AT_MS = 1_767_196_800_000;
/** Resistance of the feeder, ohm: the voltage sags with the load. */
const FEEDER_OHM = 0.25;

/** A terminal computed from a summary model instead of waveforms; moves in steps of one second. */
export class SummaryTerminal implements DemoDevice {
  readonly id: string;
  readonly #circuits: readonly SummaryCircuit[];
  readonly #faults = new FaultList<CheckedCircuitFault>();
  readonly #startAtMs: number;
  readonly #energyKwh: number[];
  readonly #keys: { readonly grid: number; readonly level: number; readonly fast: number; readonly ambient: number };
  #readings: readonly SummaryReading[] = [];
  #voltageV = 220;
  #nowMs = 0;

  constructor(
    id: string,
    circuits: readonly DemoCircuit[],
    seed: number,
    startAtMs: number,
    energyKwh: Readonly<Record<string, number>> = {},
  ) {
    this.id = id;
    this.#startAtMs = startAtMs;
    this.#circuits = circuits.map((circuit) => new SummaryCircuit(circuit, seed, `${id}/${circuit.id}`));
    const installedHours = Math.max(300, (startAtMs - INSTALLED_AT_MS) / HOUR_MS);
    this.#energyKwh = this.#circuits.map(
      (c) => energyKwh[`${c.circuit.id}.energyKwh`] ?? (c.meanPowerW * installedHours) / 1000,
    );
    this.#keys = {
      // One grid, one frequency: the same for every device of the city.
      grid: hashName('grid frequency', seed),
      level: hashName(`${id}/voltage`, seed),
      fast: hashName(`${id}/voltage noise`, seed),
      ambient: hashName(`${id}/ambient`, seed),
    };
    this.#read();
    for (const [index, circuit] of this.#circuits.entries()) circuit.settleHeat(this.#readings[index]?.currentA ?? 0);
  }

  at(atMs: number): Record<string, number> {
    const untilMs = Math.floor((atMs - this.#startAtMs) / STEP_MS) * STEP_MS;
    if (!(untilMs >= this.#nowMs)) {
      const now = this.#startAtMs + this.#nowMs;
      throw new RangeError(
        `${this.id}: asked for ${atMs} ms after it had reached ${now} ms, expected time not to run backwards`,
      );
    }
    while (this.#nowMs < untilMs) this.#step();
    return this.#values();
  }

  inject(fault: CircuitFault | RoomFault): string {
    const checked = isCircuitFault(fault) ? checkCircuitFault(fault, this.#nowMs) : undefined;
    if (checked === undefined) {
      throw new RangeError(`${this.id}: fault is "${fault.kind}", expected one of ${circuitFaultKinds.join(', ')}`);
    }
    const ids = this.#circuits.map(({ circuit }) => circuit.id);
    if (!ids.includes(checked.circuit)) {
      throw new RangeError(`${this.id}: circuit is "${checked.circuit}", expected one of ${ids.join(', ')}`);
    }
    return this.#faults.add(checked);
  }

  clear(idOrKind?: string): number {
    return this.#faults.clear(idOrKind, this.#nowMs);
  }

  /** The reading of an instant holds until the next: energy counts exactly the power that was shown. */
  #step(): void {
    this.#nowMs += STEP_MS;
    for (const [index, reading] of this.#readings.entries()) {
      this.#energyKwh[index] = (this.#energyKwh[index] as number) + (reading.activePowerW * STEP_MS) / HOUR_MS / 1000;
    }
    this.#read();
    const faults = this.#activeFaults();
    for (const [index, circuit] of this.#circuits.entries()) {
      const own = faults.filter((fault) => fault.circuit === circuit.circuit.id);
      circuit.advanceHeat(STEP_MS, this.#nowMs, this.#readings[index]?.currentA ?? 0, own);
    }
  }

  #read(): void {
    const atMs = this.#startAtMs + this.#nowMs;
    const faults = this.#activeFaults();
    const loadA = this.#readings.reduce((sum, reading) => sum + reading.currentA, 0);
    const level =
      1 + 0.012 * smoothNoiseAt(this.#keys.level, atMs, 2 * HOUR_MS) + 0.0005 * normalAt(this.#keys.fast, atMs);
    this.#voltageV = 224 * level - FEEDER_OHM * loadA * 0.5;
    this.#readings = this.#circuits.map((circuit) => {
      const own = faults.filter((fault) => fault.circuit === circuit.circuit.id);
      return circuit.readingAt(atMs, this.#nowMs, this.#voltageV, own);
    });
  }

  #activeFaults(): readonly CheckedCircuitFault[] {
    return this.#faults.activeAt(this.#nowMs).map(({ fault }) => fault);
  }

  #values(): Record<string, number> {
    const atMs = this.#startAtMs + this.#nowMs;
    const frequencyHz = 50 + 0.02 * smoothNoiseAt(this.#keys.grid, atMs, 20_000);
    const ambientC = 25 + 3 * smoothNoiseAt(this.#keys.ambient, atMs, 6 * HOUR_MS);
    const values: Record<string, number> = {};
    for (const [index, { circuit, heat }] of this.#circuits.entries()) {
      const reading = this.#readings[index];
      if (reading === undefined) continue;
      const { id } = circuit;
      values[`${id}.voltageV`] = rounded(this.#voltageV, 100);
      values[`${id}.currentA`] = rounded(reading.currentA, 1000);
      values[`${id}.residualCurrentMa`] = rounded(reading.residualCurrentMa, 10);
      values[`${id}.activePowerW`] = rounded(reading.activePowerW, 10);
      values[`${id}.reactivePowerVar`] = rounded(reading.reactivePowerVar, 10);
      values[`${id}.powerFactor`] = rounded(reading.powerFactor, 1000);
      values[`${id}.frequencyHz`] = rounded(frequencyHz, 1000);
      values[`${id}.thdCurrentPct`] = rounded(reading.thdCurrentPct, 10);
      values[`${id}.energyKwh`] = rounded(this.#energyKwh[index] as number, 1000);
      values[`${id.replace('c', 't')}.temperatureC`] = rounded(ambientC + heat.riseK, 10);
    }
    return values;
  }
}

function isCircuitFault(fault: CircuitFault | RoomFault): fault is CircuitFault {
  return circuitFaultKinds.some((kind) => kind === fault.kind);
}

function rounded(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}
