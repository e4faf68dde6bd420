import { ClampedSeries, type ClampedSeriesParts } from './clamped-series.ts';
import { ElementNode } from './element-node.ts';

/** What shapes the current of a microwave oven, whatever its power. */
export type DoublerShape = {
  /** Threshold of the magnetron over the peak of the transformer's voltage, both seen from the mains. */
  readonly thresholdRatio: number;
  /** Slope resistance of the magnetron, in units of V² / P₁ (see below). */
  readonly slopeRatio: number;
  /** Resonance of the transformer's stray inductance with the capacitor over the mains frequency. */
  readonly resonanceRatio: number;
};

type Mains = { readonly nominalV: number; readonly mainsHz: number };

/** Capacitor, in units of P₁ / (V² f): 1 µF behind a step-up of 9 in an oven of 1 kW. */
const CAPACITOR_RATIO = 0.2;
const WINDING_RATIO = 0.03;

/**
 * The doubler that takes `powerW` from a sine of nominal voltage. All its impedances scale together, so one run of the unit
 * doubler (P₁ = 1 W) gives the factor.
 */
export function doublerFor(powerW: number, shape: DoublerShape, mains: Mains): ClampedSeriesParts {
  return partsOf(powerW / powerOf(partsOf(1, shape, mains), mains), shape, mains);
}

function partsOf(unitW: number, shape: DoublerShape, { nominalV, mainsHz }: Mains): ClampedSeriesParts {
  const square = nominalV ** 2;
  const farad = (CAPACITOR_RATIO * unitW) / (square * mainsHz);
  return {
    ohm: (WINDING_RATIO * square) / unitW,
    henry: 1 / ((2 * Math.PI * mainsHz * shape.resonanceRatio) ** 2 * farad),
    farad,
    forwardV: 0,
    reverseV: shape.thresholdRatio * Math.SQRT2 * nominalV,
    reverseOhm: (shape.slopeRatio * square) / unitW,
  };
}

/** As many as a board takes at 6.4 kHz: implicit Euler damps the resonance a little, and by as much here. */
const STEPS = 512;
const SINES = Float64Array.from({ length: STEPS }, (_, n) => Math.sin((2 * Math.PI * n) / STEPS));

function powerOf(parts: ClampedSeriesParts, { nominalV, mainsHz }: Mains): number {
  const cycles = { settling: 24, measured: 4 };
  const element = new ClampedSeries(1 / (STEPS * mainsHz), parts);
  const node = new ElementNode();
  element.close();
  let sum = 0;
  for (let n = 0; n < STEPS * (cycles.settling + cycles.measured); n++) {
    const v = Math.SQRT2 * nominalV * (SINES[n % STEPS] as number);
    element.prepare();
    node.voltageV = v;
    for (let pass = 0; pass < 6 && !element.settle(node); pass++);
    element.commit(node);
    if (n >= STEPS * cycles.settling) sum += v * element.currentA;
  }
  return sum / (STEPS * cycles.measured);
}
