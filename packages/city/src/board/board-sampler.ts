import { RandomStream } from '../random/random-stream.ts';
import { Converter, type ConverterSpec } from '../sampling/converter.ts';
import { convolveAt, decimate, type DecimatorPlan } from '../sampling/decimator.ts';
import type { Circuit } from './circuit.ts';
import type { Network } from './network.ts';

/** Full scale of the residual current input, mA. */
const RESIDUAL_FULL_SCALE_MA = 8000;

export type SamplerParts = {
  readonly plan: DecimatorPlan;
  readonly converter: ConverterSpec | { readonly kind: 'ideal' };
  readonly circuits: readonly Circuit[];
  readonly nominalV: number;
  readonly seed: number;
  readonly tickFrames: number;
};

/** Turns the steps of one tick into frames: anti-alias filter, then converter, each channel with noise of its own. */
export class BoardSampler {
  readonly voltageV: Float64Array;
  readonly currentA: readonly Float64Array[];
  readonly residualCurrentMa: readonly Float64Array[];
  readonly #parts: SamplerParts;
  /** dv/dt of the busbar, and what returns to it by the earth: of the tick. */
  readonly #slopesVPerS: Float64Array;
  readonly #earthA: Float64Array;
  readonly #voltageConverter: Converter | undefined;
  readonly #currentConverters: readonly (Converter | undefined)[];
  readonly #residualConverters: readonly (Converter | undefined)[];

  constructor(parts: SamplerParts) {
    const { converter, circuits, nominalV, seed, tickFrames } = parts;
    const create = (name: string, fullScale: number): Converter | undefined =>
      converter.kind === 'ideal'
        ? undefined
        : new Converter(converter, fullScale, new RandomStream(seed, `converter/${name}`));
    this.#parts = parts;
    this.#voltageConverter = create('voltage', 2.5 * nominalV);
    // 12 times the rated current: a start-up current of 8 times rms with full offset still fits.
    this.#currentConverters = circuits.map(({ spec }) => create(`${spec.id}/current`, 12 * spec.ratedA));
    this.#residualConverters = circuits.map(({ spec }) => create(`${spec.id}/residual`, RESIDUAL_FULL_SCALE_MA));
    this.voltageV = new Float64Array(tickFrames);
    this.#slopesVPerS = new Float64Array(tickFrames);
    this.#earthA = new Float64Array(tickFrames);
    this.currentA = circuits.map(() => new Float64Array(tickFrames));
    this.residualCurrentMa = circuits.map(() => new Float64Array(tickFrames));
  }

  /** Overwrites the frames with those of the tick `network` has just simulated. */
  sample(network: Network): void {
    const { plan, circuits, tickFrames } = this.#parts;
    const { voltageV } = this;
    const slopes = this.#slopesVPerS;
    const earthA = this.#earthA;
    const from = plan.factor - 1;
    decimate(plan, network.busV, from, voltageV, 0, tickFrames);
    for (let n = 0; n < tickFrames; n++) slopes[n] = convolveAt(plan.slopeTaps, network.busV, from + n * plan.factor);
    for (let c = 0; c < circuits.length; c++) {
      const { earthF, insulationS } = circuits[c] as Circuit;
      const currentA = this.currentA[c] as Float64Array;
      const residualMa = this.residualCurrentMa[c] as Float64Array;
      if (network.isQuiet(c)) currentA.fill(0);
      else decimate(plan, network.branchA[c] as Float64Array, from, currentA, 0, tickFrames);
      const earthSteps = network.earthA[c];
      if (earthSteps === undefined) earthA.fill(0);
      else decimate(plan, earthSteps, from, earthA, 0, tickFrames);
      // Leakage is linear in the voltage, so it is taken after the filter: one channel serves all circuits.
      for (let n = 0; n < tickFrames; n++) {
        const leakageA = earthF * (slopes[n] as number) + insulationS * (voltageV[n] as number);
        residualMa[n] = 1000 * (leakageA + (earthA[n] as number));
      }
      this.#currentConverters[c]?.convertAll(currentA);
      this.#residualConverters[c]?.convertAll(residualMa);
    }
    this.#voltageConverter?.convertAll(voltageV);
  }
}
