import type { RandomStream } from '../random/random-stream.ts';
import type { SupplySpec } from '../supply/supply-spec.ts';
import { logBetween } from './draw.ts';

/**
 * Orders and usual share of the distortion at a socket. With these phases each flattens the top: the drop that rectifiers'
 * pulses cause over a resistance. Over a line with inductance the drop leads by the angle of its impedance.
 */
const HARMONICS = [
  { order: 3, share: 0.6, phaseRad: 0 },
  { order: 5, share: 1, phaseRad: Math.PI },
  { order: 7, share: 0.6, phaseRad: 0 },
  { order: 9, share: 0.2, phaseRad: Math.PI },
  { order: 11, share: 0.25, phaseRad: 0 },
  { order: 13, share: 0.15, phaseRad: Math.PI },
] as const;

/**
 * A feeder of the population: 198 … 242 V (GB/T 12325: 220 V +7 % −10 %, and a margin), distortion 1 … 3 %, source
 * impedance of a good to a long line. `nominalV` of the result is the voltage there is, not the one loads are rated at.
 */
export function sampleSupply(
  random: RandomStream,
): Required<Pick<SupplySpec, 'nominalV' | 'sourceOhm' | 'sourceH' | 'harmonics'>> {
  const distortion = random.between(0.01, 0.03);
  const drawn = HARMONICS.map(({ order, share, phaseRad }) => ({
    order,
    ratio: share * random.between(0.4, 1.6),
    phaseRad: phaseRad + random.between(0.1, 1.2) + 0.5 * random.normal(),
  }));
  const total = Math.hypot(...drawn.map(({ ratio }) => ratio));
  return {
    nominalV: random.between(198, 242),
    sourceOhm: logBetween(random, 0.15, 0.9),
    sourceH: logBetween(random, 50e-6, 300e-6),
    harmonics: drawn.map((harmonic) => ({ ...harmonic, ratio: (harmonic.ratio / total) * distortion })),
  };
}
