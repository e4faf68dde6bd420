import { isArcFault, type CheckedCircuitFault } from '../fault/circuit-fault.ts';
import { riseRatio } from '../fault/fault-time.ts';
import type { ListedFault } from '../fault/fault-list.ts';
import { createLoad, type LoadSite } from '../load/create-load.ts';
import type { Load, Tick } from '../load/load.ts';
import { RandomStream } from '../random/random-stream.ts';
import { scheduleCourse, type Switching } from '../schedule/schedule-course.ts';
import type { CheckedCircuit } from './board-spec.ts';
import { ArcFaults } from './arc-faults.ts';
import { Branch } from './branch.ts';
import { addedConductance, type RestOfCircuit } from './added-conductance.ts';
import { TerminalHeat } from './terminal-heat.ts';

/** Length of the window over which an overload looks at the circuit: 10 cycles at 50 Hz, 12 at 60 Hz. */
const WINDOW_MS = 200;

type ScheduledLoad = { readonly load: Load; readonly course: Iterator<Switching>; next: Switching | undefined };

export type CircuitContext = LoadSite & {
  readonly seed: number;
  readonly startAtMs: number;
  readonly courseSpeed: number;
  /** Hangs a branch that is not measured on the busbar. */
  readonly addBranch: (branch: Branch) => void;
};

/** One circuit of a board: loads on their schedules, faults under way, the terminal's heat and natural leakage. */
export class Circuit {
  readonly spec: CheckedCircuit;
  readonly branch: Branch;
  readonly heat: TerminalHeat;
  /** Capacitance to earth of cable and connected loads, F. */
  earthF = 0;
  /** Conductance of the insulation to earth, S. */
  insulationS = 0;

  readonly #loads: readonly ScheduledLoad[];
  readonly #site: CircuitContext;
  readonly #cableF: number;
  /** Of the last whole window. */
  #meanCurrentSquared = 0;
  #rest: RestOfCircuit = { currentSquared: 0, powerW: 0, voltageSquared: 0 };
  readonly #arcs: ArcFaults;
  #isBreakerOpen = false;
  #overloads = new Map<string, { readonly startA: number; conductance: number }>();

  constructor(spec: CheckedCircuit, site: CircuitContext) {
    this.spec = spec;
    this.#site = site;
    const angular = 2 * Math.PI * site.mainsHz;
    this.#cableF = spec.cableLeakageMa / 1000 / (angular * site.nominalV);
    this.#loads = spec.loads.map((load) => {
      const name = `${spec.id}/${load.id}`;
      const course = scheduleCourse(
        load.schedule ?? { kind: 'always' },
        site.startAtMs,
        new RandomStream(site.seed, `${name}/schedule`),
      );
      return { load: createLoad(load, site, new RandomStream(site.seed, `${name}/load`)), course, next: undefined };
    });
    this.branch = new Branch(this.#loads.map(({ load }) => load.element));
    this.#arcs = new ArcFaults(this.branch, new Map(this.#loads.map(({ load }) => [load.id, load.element])), site);
    this.heat = new TerminalHeat(spec.thermalKPerW, spec.thermalTauMs);
  }

  get isBreakerOpen(): boolean {
    return this.#isBreakerOpen;
  }

  /** Opens the breaker for good: every current ends at its next zero. */
  openBreaker(): void {
    if (this.#isBreakerOpen) return;
    this.#isBreakerOpen = true;
    for (const { load } of this.#loads) load.switchOff();
    this.#arcs.break();
    this.branch.breakFaults();
    this.insulationS = 0;
    this.#refresh();
  }

  /** Puts every load into its state at the start. */
  begin(at: Tick): void {
    for (const entry of this.#loads) {
      const first = nextOf(entry.course);
      if (first?.isOn === true) entry.load.switchOn(at, true);
      entry.next = nextOf(entry.course);
    }
    this.#refresh();
  }

  /** Lets the terminal reach its steady temperature for the present current; for the end of the settling time. */
  settleHeat(): void {
    const { sumCurrentSquared, stepCount } = this.branch;
    if (stepCount > 0) {
      this.#meanCurrentSquared = sumCurrentSquared / stepCount;
      this.heat.riseK = this.heat.steadyRiseK(this.#meanCurrentSquared, this.spec.contactMilliohm / 1000);
    }
    this.branch.clearSums();
  }

  /** Moves everything that is slow; `elapsedMs` of course time went by since the last call. */
  beginTick(at: Tick, elapsedMs: number, faults: readonly ListedFault<CheckedCircuitFault>[]): void {
    this.#closeWindow();
    if (!this.#isBreakerOpen) for (const { load } of this.#loads) load.update(at);
    let contactOhm = this.spec.contactMilliohm / 1000;
    let overloadS = 0;
    let insulationS = 0;
    this.#arcs.update(this.spec.id, faults);
    for (const { id, fault } of faults) {
      if (isArcFault(fault)) continue;
      const ratio = riseRatio(at.waveMs - fault.atMs, fault.riseMs);
      if (fault.kind === 'overload') {
        overloadS += this.#overloadConductance(id, fault.toRatio, ratio);
      } else if (fault.kind === 'risingLeakage') {
        insulationS += this.#leakageConductance(fault.toMa, ratio);
      } else {
        contactOhm *= (fault.toMilliohm / 1000 / contactOhm) ** ratio;
        this.heat.tauMs = fault.thermalTauMs;
      }
    }
    if (this.#overloads.size > 0) this.#forgetOverloads(faults);
    this.branch.seriesOhm = contactOhm + this.spec.cableOhm;
    if (!this.#isBreakerOpen) {
      this.insulationS = insulationS;
      this.branch.faultConductance = overloadS + insulationS;
    }
    this.heat.advance(elapsedMs, this.#meanCurrentSquared, contactOhm);
    this.#refresh();
  }

  /** Time of the next switching, in waveform milliseconds; Infinity when there is none. */
  nextSwitchingMs(): number {
    let first = Infinity;
    for (const { next } of this.#loads) if (next !== undefined && next.atMs < first) first = next.atMs;
    return first / this.#site.courseSpeed;
  }

  /** Switches every load that is due at `at`. */
  switchDue(at: Tick): void {
    for (const entry of this.#loads) {
      while (entry.next !== undefined && entry.next.atMs <= at.courseMs) {
        if (this.#isBreakerOpen) {
          entry.next = nextOf(entry.course);
          continue;
        }
        if (entry.next.isOn) entry.load.switchOn(at, false);
        else entry.load.switchOff();
        entry.next = nextOf(entry.course);
      }
    }
    this.#refresh();
  }

  #refresh(): void {
    this.earthF = this.#isBreakerOpen ? 0 : this.#cableF;
    for (const { load } of this.#loads) if (load.isOn) this.earthF += load.earthF;
    this.branch.refresh();
  }

  #closeWindow(): void {
    const { branch } = this;
    if (branch.stepCount * this.#site.stepS * 1000 < WINDOW_MS - 1e-6) return;
    this.#meanCurrentSquared = branch.sumCurrentSquared / branch.stepCount;
    this.#rest = {
      currentSquared: branch.sumRestSquared / branch.stepCount,
      powerW: branch.sumRestPower / branch.stepCount,
      voltageSquared: branch.sumVoltageSquared / branch.stepCount,
    };
    branch.clearSums();
  }

  /** Only ever grows while the fault lasts: people plug in more, they do not regulate. */
  #overloadConductance(id: string, toRatio: number, ratio: number): number {
    let state = this.#overloads.get(id);
    if (state === undefined) {
      state = { startA: Math.sqrt(this.#meanCurrentSquared), conductance: 0 };
      this.#overloads.set(id, state);
    }
    const targetA = state.startA + (toRatio * this.spec.ratedA - state.startA) * ratio;
    state.conductance = Math.max(state.conductance, addedConductance(this.#rest, targetA));
    return state.conductance;
  }

  #forgetOverloads(faults: readonly ListedFault<CheckedCircuitFault>[]): void {
    for (const id of this.#overloads.keys()) if (!faults.some((fault) => fault.id === id)) this.#overloads.delete(id);
  }

  /** Capacitive and resistive leakage stand at right angles: the sum of squares is to reach the target. */
  #leakageConductance(toMa: number, ratio: number): number {
    const { nominalV, mainsHz } = this.#site;
    const capacitiveA = this.earthF * 2 * Math.PI * mainsHz * nominalV;
    const targetA = (toMa / 1000) * ratio;
    return Math.sqrt(Math.max(0, targetA ** 2 - capacitiveA ** 2)) / nominalV;
  }
}

function nextOf(course: Iterator<Switching>): Switching | undefined {
  const result = course.next();
  return result.done === true ? undefined : result.value;
}
