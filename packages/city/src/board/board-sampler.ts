import { RandomStream } from '../random/random-stream.ts';
import { Converter, type ConverterSpec } from '../sampling/converter.ts';
import { convolveAt, type DecimatorPlan } from '../sampling/decimator.ts';
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
    this.currentA = circuits.map(() => new Float64Array(tickFrames));
    this.residualCurrentMa = circuits.map(() => new Float64Array(tickFrames));
  }

  /** Overwrites the frames with those of the tick `network` has just simulated. */
  sample(network: Network): void {
    const { plan, circuits, tickFrames } = this.#parts;
    for (let frame = 0; frame < tickFrames; frame++) {
      const from = (frame + 1) * plan.factor - 1;
      const voltageV = convolveAt(plan.taps, network.busV, from);
      const slopeVPerS = convolveAt(plan.slopeTaps, network.busV, from);
      this.voltageV[frame] = this.#voltageConverter?.convert(voltageV) ?? voltageV;
      for (let c = 0; c < circuits.length; c++) {
        const circuit = circuits[c] as Circuit;
        const currentA = network.isQuiet(c) ? 0 : convolveAt(plan.taps, network.branchA[c] as Float64Array, from);
        // Leakage is linear in the voltage, so it is taken after the filter: one channel serves all circuits.
        const earthSteps = network.earthA[c];
        const earthA = earthSteps === undefined ? 0 : convolveAt(plan.taps, earthSteps, from);
        const residualMa = 1000 * (circuit.earthF * slopeVPerS + circuit.insulationS * voltageV + earthA);
        (this.currentA[c] as Float64Array)[frame] = this.#currentConverters[c]?.convert(currentA) ?? currentA;
        (this.residualCurrentMa[c] as Float64Array)[frame] =
          this.#residualConverters[c]?.convert(residualMa) ?? residualMa;
      }
    }
  }
}
