/** Means over whole cycles of what a circuit draws without the conductance to be added: i², v·i, v². */
export type RestOfCircuit = {
  readonly currentSquared: number;
  readonly powerW: number;
  readonly voltageSquared: number;
};

/**
 * Conductance to put in parallel with a circuit so that its rms current reaches `targetA`, S; 0 when it is there
 * already, or nothing was measured yet.
 *
 * The rest of the circuit has an in-phase part P/V and a part at right angles (reactive and harmonic), and a resistance
 * adds to the first alone: I² = (P/V + gV)² + I⊥².
 */
export function addedConductance(rest: RestOfCircuit, targetA: number): number {
  const { currentSquared, powerW, voltageSquared } = rest;
  if (voltageSquared === 0) return 0;
  const volts = Math.sqrt(voltageSquared);
  const inPhaseA = powerW / volts;
  const acrossSquared = Math.max(0, currentSquared - inPhaseA ** 2);
  const neededA = Math.sqrt(Math.max(0, targetA ** 2 - acrossSquared)) - inPhaseA;
  return Math.max(0, neededA / volts);
}
