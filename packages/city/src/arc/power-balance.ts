/**
 * One implicit sub-step of a black-box arc, d ln g/dt = (B − 1)/τ, behind a source `openV` with `behindOhm` in series.
 *
 * B is what feeds the column over what it loses. Linearly implicit (Rosenbrock) in ln g: L-stable where the balance
 * falls with g, explicit where it rises (the arc there ignites or dies, which no implicit step may hold back).
 */
export type PowerBalance = {
  /** B at conductance `g`; sets `slope` to dB/d ln g. */
  at(g: number, openV: number, behindOhm: number): number;
  slope: number;
  /** Varies from half-cycle to half-cycle: multiplies P0 or Uc. */
  scale: number;
};

/** A column never changes by more than this factor (as a logarithm) within one sub-step. */
const MAX_CHANGE = 1.5;

/** ln(g⁺/g) over `subStepS`. */
export function conductanceChange(
  balance: PowerBalance,
  g: number,
  openV: number,
  behindOhm: number,
  subStepOverTau: number,
): number {
  const surplus = balance.at(g, openV, behindOhm) - 1;
  const change = (subStepOverTau * surplus) / (1 - subStepOverTau * Math.min(0, balance.slope));
  return Math.max(-MAX_CHANGE, Math.min(MAX_CHANGE, change));
}

/** B = u·i / P0. */
export class MayrBalance implements PowerBalance {
  slope = 0;
  scale = 1;
  readonly #powerW: number;

  constructor(powerW: number) {
    this.#powerW = powerW;
  }

  at(g: number, openV: number, behindOhm: number): number {
    const x = behindOhm * g;
    const balance = (openV * openV * g) / ((1 + x) * (1 + x) * this.#powerW * this.scale);
    this.slope = (balance * (1 - x)) / (1 + x);
    return balance;
  }
}

/** B = (u / Uc)². */
export class CassieBalance implements PowerBalance {
  slope = 0;
  scale = 1;
  readonly #arcV: number;

  constructor(arcV: number) {
    this.#arcV = arcV;
  }

  at(g: number, openV: number, behindOhm: number): number {
    const x = behindOhm * g;
    const balance = (openV / ((1 + x) * this.#arcV * this.scale)) ** 2;
    this.slope = (-2 * balance * x) / (1 + x);
    return balance;
  }
}

/** B = u·i / max(Uarc·|i|, P0 + P1·u·i). */
export class SchavemakerBalance implements PowerBalance {
  slope = 0;
  scale = 1;
  readonly #arcV: number;
  readonly #powerW: number;
  readonly #powerShare: number;

  constructor(arcV: number, powerW: number, powerShare: number) {
    this.#arcV = arcV;
    this.#powerW = powerW;
    this.#powerShare = powerShare;
  }

  at(g: number, openV: number, behindOhm: number): number {
    const x = behindOhm * g;
    const arcU = Math.abs(openV) / (1 + x);
    const powerW = arcU * arcU * g;
    const constantVoltageW = this.#arcV * this.scale * arcU * g;
    const coolingW = this.#powerW * this.scale + this.#powerShare * powerW;
    if (constantVoltageW > coolingW) {
      const balance = arcU / (this.#arcV * this.scale);
      this.slope = (-balance * x) / (1 + x);
      return balance;
    }
    const powerSlopeW = (powerW * (1 - x)) / (1 + x);
    this.slope = (powerSlopeW * this.#powerW * this.scale) / (coolingW * coolingW);
    return powerW / coolingW;
  }
}
