/** The fundamental of the residual current against the voltage, over one cycle; mA rms. */
export type ResidualPhasor = {
  /** In phase with the voltage: through insulation and people; negative when the transformer is turned round. */
  readonly inPhaseMa: number;
  /** Leading the voltage by a quarter: through the capacitance of cables and filters. */
  readonly quadratureMa: number;
  /** Rms of all there is, harmonics included. */
  readonly rmsMa: number;
};

/** Least rms of the voltage's fundamental that has a phase, V. */
const LEAST_VOLTAGE_V = 10;

/**
 * Splits the residual current of one cycle by the phase of the voltage's fundamental, both by projection on sine and
 * cosine. The tables are made once; a cycle costs four multiplications a point.
 *
 * @param points per cycle of the samples, ≥ 8: the length of CycleSamples' arrays. The window is one whole period.
 * @returns what gives undefined for samples of another length, without voltage, or with a NaN.
 * @throws RangeError for fewer points.
 * @example createResidualPhasor(128)(samples.voltageV, samples.residualCurrentMa)?.inPhaseMa
 */
export function createResidualPhasor(
  points: number,
): (voltageV: Float64Array, residualCurrentMa: Float64Array) => ResidualPhasor | undefined {
  if (!(Number.isInteger(points) && points >= 8)) {
    throw new RangeError(`residual phasor: points is ${points}: expected a whole number from 8`);
  }
  const sine = Float64Array.from({ length: points }, (_, point) => Math.sin((2 * Math.PI * point) / points));
  const cosine = Float64Array.from({ length: points }, (_, point) => Math.cos((2 * Math.PI * point) / points));
  return (voltageV, residualCurrentMa) => {
    if (voltageV.length !== points || residualCurrentMa.length !== points) return undefined;
    let voltageSine = 0;
    let voltageCosine = 0;
    let currentSine = 0;
    let currentCosine = 0;
    let squares = 0;
    for (let point = 0; point < points; point++) {
      const v = voltageV[point] as number;
      const i = residualCurrentMa[point] as number;
      const s = sine[point] as number;
      const c = cosine[point] as number;
      voltageSine += v * s;
      voltageCosine += v * c;
      currentSine += i * s;
      currentCosine += i * c;
      squares += i * i;
    }
    const toRms = Math.SQRT2 / points;
    const amplitude = Math.sqrt(voltageSine ** 2 + voltageCosine ** 2);
    // Written so that a NaN is refused too.
    if (!(amplitude * toRms >= LEAST_VOLTAGE_V) || !Number.isFinite(squares)) return undefined;
    return {
      inPhaseMa: ((currentSine * voltageSine + currentCosine * voltageCosine) / amplitude) * toRms,
      quadratureMa: ((currentCosine * voltageSine - currentSine * voltageCosine) / amplitude) * toRms,
      rmsMa: Math.sqrt(squares / points),
    };
  };
}
