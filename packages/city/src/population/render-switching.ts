import type { LoadSpec } from '../load/load-spec.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { SupplySpec } from '../supply/supply-spec.ts';
import { renderCircuit, type CircuitRequest, type RenderedCircuit } from './render-circuit.ts';
import { sampleSupply } from './sample-supply.ts';

export type SwitchingRequest = Omit<CircuitRequest, 'loads' | 'supply'> & {
  /** 20 … 3.6e6. */
  readonly durationMs: number;
  readonly target: LoadSpec;
  /** Loads that run all the time, on long since. */
  readonly background?: readonly LoadSpec[];
  /** ms after the first frame; absent = the target is on from the start. */
  readonly onAtMs?: number;
  readonly offAtMs?: number;
  /** Default: one of the population, drawn from the seed. */
  readonly supply?: SupplySpec;
};

/**
 * One switching of a load on a circuit where others run. Before `onAtMs` the target draws nothing; an event falls at
 * whatever phase of the mains the seed gives. Throws RangeError naming field, value and range.
 *
 * @example
 * const random = new RandomStream(7, 'event');
 * const { voltageV, currentA } = renderSwitching({
 *   target: sampleLoad('kettle', random), background: [sampleLoad('television', random)], durationMs: 1500, onAtMs: 600, seed: 7,
 * });
 */
export function renderSwitching(request: SwitchingRequest): RenderedCircuit {
  const { target, background = [], onAtMs, offAtMs, supply, ...rest } = request;
  const on = onAtMs === undefined ? {} : { onAtMs };
  const off = offAtMs === undefined ? {} : { offAtMs };
  return renderCircuit({
    ...rest,
    supply: supply ?? sampleSupply(new RandomStream(request.seed, 'population/supply')),
    loads: [{ spec: target, ...on, ...off }, ...background.map((spec) => ({ spec }))],
  });
}
