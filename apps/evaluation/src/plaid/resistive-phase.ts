/** A measured phase angle of the fundamental at a fundamental apparent power. */
export type PhasePoint = {
  readonly logApparentPower: number;
  readonly phaseRad: number;
  readonly weight: number;
};

/** Phase the measuring chain shows for a pure resistor, at ln(VA). */
export type ResistivePhase = (logApparentPower: number) => number;

/**
 * A current clamp turns the phase, the more the smaller the current. Resistors, whose true phase is 0, show by how
 * much: a parabola in ln(VA), fitted by weighted least squares to resistive loads of the training folder. What is left
 * of a load's phase is then its own. With fewer than four points the curve is 0: nothing is taken away.
 */
export function fitResistivePhase(points: readonly PhasePoint[]): ResistivePhase {
  // Beyond ±0.4 rad it is not the clamp: a fan motor inside, or a wrong label.
  const used = points.filter(({ phaseRad }) => Math.abs(phaseRad) < 0.4);
  if (used.length < 4) return () => 0;
  const centre = used.reduce((sum, { logApparentPower }) => sum + logApparentPower, 0) / used.length;
  const normal = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  for (const { logApparentPower, phaseRad, weight } of used) {
    const x = logApparentPower - centre;
    const terms = [1, x, x * x];
    normal.forEach((row, i) => {
      for (let j = 0; j < 3; j++) row[j] = (row[j] as number) + weight * (terms[i] as number) * (terms[j] as number);
      row[3] = (row[3] as number) + weight * (terms[i] as number) * phaseRad;
    });
  }
  // A little ridge: all points at one power would leave the parabola undetermined.
  normal.forEach((row, i) => (row[i] = (row[i] as number) + 1e-6));
  const [a = 0, b = 0, c = 0] = solve(normal);
  const low = Math.min(...used.map(({ logApparentPower }) => logApparentPower));
  const high = Math.max(...used.map(({ logApparentPower }) => logApparentPower));
  return (logApparentPower) => {
    // Level outside the measured powers: a parabola runs away there.
    const x = Math.max(low, Math.min(high, logApparentPower)) - centre;
    return a + b * x + c * x * x;
  };
}

/** Gauss-Jordan on a small positive definite system with the right side as last column. */
function solve(rows: readonly Float64Array[]): number[] {
  rows.forEach((row, i) => {
    const pivot = row[i] as number;
    for (let j = i; j < row.length; j++) row[j] = (row[j] as number) / pivot;
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[i] as number;
      for (let j = i; j < row.length; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
    }
  });
  return rows.map((row) => row.at(-1) as number);
}
