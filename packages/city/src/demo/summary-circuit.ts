import { addedConductance } from '../board/added-conductance.ts';
import { TerminalHeat } from '../board/terminal-heat.ts';
import { isArcFault, type CheckedCircuitFault } from '../fault/circuit-fault.ts';
import { riseRatio } from '../fault/fault-time.ts';
import { normalAt, smoothNoiseAt, uniformAt } from '../random/noise-at.ts';
import { hashName } from '../random/random-stream.ts';
import { isWithin, localHour } from '../schedule/local-time.ts';
import { useProfiles, type UseProfile } from './circuit-use.ts';
import type { DemoCircuit } from './demo-device-entry.ts';

const CONTACT_OHM = 1.5e-3;
const THERMAL_K_PER_W = 12;
const THERMAL_TAU_MS = 240_000;
/** Displacement power factor of motors (lagging) and electronics (slightly leading). */
const MOTOR_COS = 0.8;
const MOTOR_SIN = 0.6;
const ELECTRONIC_COS = 0.99;
const ELECTRONIC_SIN = -0.14;
/** Harmonic over fundamental current of many rectifiers together; single ones are at 1.2, diversity takes some. */
const ELECTRONIC_THD = 0.9;

/** Electrical state of a circuit at one instant. */
export type SummaryReading = {
  readonly currentA: number;
  readonly residualCurrentMa: number;
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  readonly powerFactor: number;
  readonly thdCurrentPct: number;
};

/**
 * A circuit without waveforms: the share of the rated current follows the use's day, a thermostat and slow noise, all
 * functions of (seed, instant); faults act as on the waveform path.
 */
export class SummaryCircuit {
  readonly circuit: DemoCircuit;
  readonly heat = new TerminalHeat(THERMAL_K_PER_W, THERMAL_TAU_MS);
  readonly #profile: UseProfile;
  readonly #keys: { readonly slow: number; readonly fast: number; readonly cycle: number };
  readonly #naturalMa: number;

  constructor(circuit: DemoCircuit, seed: number, name: string) {
    this.circuit = circuit;
    this.#profile = useProfiles[circuit.use];
    this.#keys = {
      slow: hashName(`${name}/slow`, seed),
      fast: hashName(`${name}/fast`, seed),
      cycle: hashName(`${name}/cycle`, seed),
    };
    this.#naturalMa = circuit.ratedA * (0.3 + 0.4 * uniformAt(this.#keys.cycle, -1));
  }

  /** Mean active power over a day, W: for a meter reading that looks its age. */
  get meanPowerW(): number {
    const { base, busy, hours, cycle } = this.#profile;
    const openRatio = ((hours.to - hours.from + 24) % 24) / 24;
    const cycling = cycle === undefined ? 0 : (cycle.share * cycle.onMs) / (cycle.onMs + cycle.offMs);
    return 220 * this.circuit.ratedA * 0.9 * (base + (busy - base) * openRatio + cycling);
  }

  /** `nowMs` counts from the start for the faults; `atMs` is the same instant as epoch ms. */
  readingAt(atMs: number, nowMs: number, voltageV: number, faults: readonly CheckedCircuitFault[]): SummaryReading {
    const share = this.#shareAt(atMs);
    const { resistive, motor, electronic } = this.#profile.mix;
    const nominalA = share * this.circuit.ratedA;
    let inPhaseA = nominalA * (resistive + motor * MOTOR_COS + electronic * ELECTRONIC_COS);
    const acrossA = nominalA * (motor * MOTOR_SIN + electronic * ELECTRONIC_SIN);
    const harmonicA = nominalA * electronic * ELECTRONIC_THD;
    const currentSquared = (inPhase: number): number => inPhase ** 2 + acrossA ** 2 + harmonicA ** 2;
    const startA = Math.sqrt(currentSquared(inPhaseA));
    const naturalMa = this.#naturalMa * (0.6 + 0.8 * share);
    let residualMa = naturalMa * (1 + 0.01 * normalAt(this.#keys.fast, atMs));
    for (const fault of faults) {
      // A summary has no waveform for an arc to be in.
      if (isArcFault(fault)) continue;
      const ratio = riseRatio(nowMs - fault.atMs, fault.riseMs);
      if (fault.kind === 'overload') {
        const targetA = startA + (fault.toRatio * this.circuit.ratedA - startA) * ratio;
        const rest = {
          currentSquared: currentSquared(inPhaseA),
          powerW: voltageV * inPhaseA,
          voltageSquared: voltageV ** 2,
        };
        inPhaseA += addedConductance(rest, targetA) * voltageV;
      } else if (fault.kind === 'risingLeakage') {
        residualMa = Math.max(residualMa, fault.toMa * ratio);
      }
    }
    const currentA = Math.sqrt(currentSquared(inPhaseA));
    return {
      currentA,
      residualCurrentMa: residualMa,
      activePowerW: voltageV * inPhaseA,
      reactivePowerVar: voltageV * acrossA,
      powerFactor: inPhaseA / currentA,
      thdCurrentPct: (100 * harmonicA) / Math.hypot(inPhaseA, acrossA),
    };
  }

  /** Starts the terminal at the temperature it has under this current. */
  settleHeat(currentA: number): void {
    this.heat.riseK = this.heat.steadyRiseK(currentA ** 2, CONTACT_OHM);
  }

  /** Moves the terminal's heat by one step. */
  advanceHeat(stepMs: number, nowMs: number, currentA: number, faults: readonly CheckedCircuitFault[]): void {
    let contactOhm = CONTACT_OHM;
    for (const fault of faults) {
      if (fault.kind !== 'looseTerminal') continue;
      contactOhm *= (fault.toMilliohm / 1000 / contactOhm) ** riseRatio(nowMs - fault.atMs, fault.riseMs);
      this.heat.tauMs = fault.thermalTauMs;
    }
    this.heat.advance(stepMs, currentA ** 2, contactOhm);
  }

  #shareAt(atMs: number): number {
    const { base, busy, hours, cycle } = this.#profile;
    const hour = localHour(atMs);
    // Half an hour of people coming and going instead of a step.
    const isOpen = isWithin(hours, hour) ? 1 : 0;
    const wasOpen = isWithin(hours, (hour + 23.5) % 24) ? 1 : 0;
    const intoHalfHour = (sinceEdge(hours, hour) / 0.5) % 1;
    const presence = isOpen === wasOpen ? isOpen : wasOpen + (isOpen - wasOpen) * intoHalfHour;
    const people = base + (busy - base) * presence * (0.85 + 0.15 * smoothNoiseAt(this.#keys.slow, atMs, 240_000));
    const cycling = cycle === undefined ? 0 : cycle.share * this.#thermostatAt(atMs, cycle);
    return Math.max(0.01, (people + cycling) * (1 + 0.01 * normalAt(this.#keys.fast, atMs)));
  }

  /** One on-phase per period, shifted within it at random: the lengths of off vary, those of on do not. */
  #thermostatAt(atMs: number, { onMs, offMs }: { readonly onMs: number; readonly offMs: number }): number {
    const period = onMs + offMs;
    const shifted = atMs + uniformAt(this.#keys.cycle, 0) * period;
    const index = Math.floor(shifted / period);
    const onset = uniformAt(this.#keys.cycle, index) * offMs;
    const within = shifted - index * period;
    return within >= onset && within < onset + onMs ? 1 : 0;
  }
}

/** Hours since the last opening or closing. */
function sinceEdge({ from, to }: { readonly from: number; readonly to: number }, hour: number): number {
  return Math.min((hour - from + 24) % 24, (hour - to + 24) % 24);
}
