/** What the points of one cycle of a current say without its harmonics; written anew for each. */
export class CurrentWave {
  /** Rms, dc included; not finite where a point is not. */
  rms = NaN;
  /** Mean of v·i. */
  activePowerW = NaN;
  crestFactor = NaN;

  measure(currentA: Float64Array, voltageV: Float64Array): void {
    const points = currentA.length;
    let squares = 0;
    let products = 0;
    let peak = 0;
    for (let point = 0; point < points; point++) {
      const i = currentA[point] as number;
      squares += i * i;
      products += (voltageV[point] as number) * i;
      // A NaN is passed over here, but not by the sum that the peak is divided by.
      if (i > peak) peak = i;
      else if (-i > peak) peak = -i;
    }
    this.rms = Math.sqrt(squares / points);
    this.activePowerW = products / points;
    this.crestFactor = peak / this.rms;
  }
}
