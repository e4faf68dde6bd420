import type { RandomStream } from '../random/random-stream.ts';
import type { ArcColumn } from './arc-column.ts';
import { conductanceChange, type PowerBalance } from './power-balance.ts';

/** Sub-steps are at most this long: 200 kHz, an eighth of the shortest time constant in use. */
const SUB_STEP_S = 5e-6;
/** Least conductance right after a breakdown, that of contacts parting under load, and the least of all (1 Mohm), S. */
const IGNITED_S = 0.02;
const PARTING_S = 1;
const COLD_S = 1e-6;
/** Below this conductance the column is cold, and only a breakdown brings it back. */
const GLOWING_S = 2e-4;
/** After a breakdown the gap holds for this long: the charge behind it has to come back first. */
const RECOVERY_S = 150e-6;

export type ConductancePart = { readonly balance: PowerBalance; readonly tauS: number };

/**
 * Black-box arc of one or more parts in series, each with its own power balance: Mayr, Cassie, Schavemaker, and
 * Habedank as Cassie and Mayr in series. Integrated in sub-steps of 5 µs within the network's step, the source
 * interpolated in between; a cold gap breaks down at a voltage that scatters from half-cycle to half-cycle.
 */
export class ConductanceColumn implements ArcColumn {
  sourceV = 0;
  ohm = 1 / COLD_S;
  isBurning = false;
  readonly #parts: readonly ConductancePart[];
  readonly #random: RandomStream;
  readonly #breakdownV: number;
  readonly #scatter: number;
  readonly #subSteps: number;
  readonly #subStepS: number;
  /** Conductance of each part at the start of the step, and in the trial. */
  readonly #startS: Float64Array;
  readonly #trialS: Float64Array;
  #startOpenV = 0;
  #sinceBreakdownS = RECOVERY_S;
  #trialSinceS = RECOVERY_S;
  #gapV: number;

  constructor(
    parts: readonly ConductancePart[],
    breakdown: { readonly breakdownV: number; readonly scatter: number },
    stepS: number,
    random: RandomStream,
  ) {
    this.#parts = parts;
    this.#random = random;
    this.#breakdownV = breakdown.breakdownV;
    this.#scatter = breakdown.scatter;
    this.#subSteps = Math.max(1, Math.ceil(stepS / SUB_STEP_S - 1e-9));
    this.#subStepS = stepS / this.#subSteps;
    this.#startS = new Float64Array(parts.length).fill(COLD_S);
    this.#trialS = new Float64Array(parts.length).fill(COLD_S);
    this.#gapV = this.#breakdownV;
  }

  open(currentA: number): void {
    this.#startS.fill(Math.max(IGNITED_S, Math.min(PARTING_S, Math.abs(currentA) / 10)) * this.#parts.length);
  }

  beginHalfCycle(): void {
    this.#gapV = this.#breakdownV * Math.exp(this.#scatter * this.#random.normal());
    for (const { balance } of this.#parts) balance.scale = Math.exp((this.#scatter / 3) * this.#random.normal());
  }

  solve(openV: number, behindOhm: number): void {
    const trial = this.#trialS;
    trial.set(this.#startS);
    const parts = this.#parts;
    let total = this.#series(trial);
    let sinceS = this.#sinceBreakdownS;
    for (let n = 1; n <= this.#subSteps; n++) {
      const subV = this.#startOpenV + ((openV - this.#startOpenV) * n) / this.#subSteps;
      sinceS += this.#subStepS;
      if (total < GLOWING_S && sinceS > RECOVERY_S && Math.abs(subV) / (1 + behindOhm * total) > this.#gapV) {
        // A breakdown at least halves the voltage across the gap: the spark takes what the source can give.
        total = Math.max(IGNITED_S, Math.min(PARTING_S, 1 / behindOhm));
        trial.fill(total * parts.length);
        sinceS = 0;
      }
      for (let p = 0; p < parts.length; p++) {
        const { balance, tauS } = parts[p] as ConductancePart;
        const own = trial[p] as number;
        // The other parts lie in series with the source for this one.
        const othersOhm = 1 / total - 1 / own;
        const change = conductanceChange(balance, own, subV, behindOhm + othersOhm, this.#subStepS / tauS);
        // A cold gap is no column: the balance would let it grow at any voltage above the arc's own.
        trial[p] = own < GLOWING_S && change > 0 ? own : Math.max(COLD_S, own * Math.exp(change));
        total = this.#series(trial);
      }
    }
    this.#trialSinceS = sinceS;
    this.ohm = 1 / total;
    const currentA = openV / (behindOhm + this.ohm);
    this.isBurning = Math.abs(currentA) > 0.03 && total > GLOWING_S;
  }

  commit(openV: number, behindOhm: number): void {
    this.solve(openV, behindOhm);
    this.#startS.set(this.#trialS);
    this.#startOpenV = openV;
    this.#sinceBreakdownS = this.#trialSinceS;
  }

  #series(conductances: Float64Array): number {
    if (conductances.length === 1) return conductances[0] as number;
    let ohm = 0;
    for (let p = 0; p < conductances.length; p++) ohm += 1 / (conductances[p] as number);
    return 1 / ohm;
  }
}
