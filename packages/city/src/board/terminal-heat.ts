/**
 * Temperature rise of a terminal over ambient, first order (IEC 60255-149 form with the contact as the source):
 * d(rise)/dt = (I² R_contact R_thermal − rise) / tau. Steps are exact for a current that is constant within the step.
 */
export class TerminalHeat {
  riseK = 0;
  readonly #thermalKPerW: number;
  /** Time constant, ms; a loose contact heats a smaller mass and shortens it. */
  tauMs: number;

  constructor(thermalKPerW: number, tauMs: number) {
    this.#thermalKPerW = thermalKPerW;
    this.tauMs = tauMs;
  }

  /** Rise the terminal tends to at this current, K. */
  steadyRiseK(currentSquared: number, contactOhm: number): number {
    return currentSquared * contactOhm * this.#thermalKPerW;
  }

  advance(elapsedMs: number, currentSquared: number, contactOhm: number): void {
    const steady = this.steadyRiseK(currentSquared, contactOhm);
    this.riseK = steady + (this.riseK - steady) * Math.exp(-elapsedMs / this.tauMs);
  }
}
