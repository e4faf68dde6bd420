import type { RandomStream } from '../random/random-stream.ts';
import type { ArcModelSpec } from './arc-spec.ts';

export const arcModelKinds = ['carbonised', 'mayr', 'cassie', 'schavemaker', 'habedank', 'static'] as const;
export type ArcModelKind = (typeof arcModelKinds)[number];

/**
 * A model of this kind with parameters as low-voltage arcs in air have them, drawn for a path that carries `currentA` rms:
 * burning voltage 20 … 40 V (published midpoint of series arcs 30 V), τ 50 … 300 µs, re-ignition at 60 … 120 V.
 *
 * Mayr's column loses a constant power, so its voltage falls as the current rises: it is a model of small currents. The
 * power drawn grows with the root of the current: in proportion to it, the burning voltage would hold, but no arc of 63 A
 * would survive the beginning of a half-cycle (it wants E²/4R > P0); kept at the 60 W of a 2 A arc, it would burn at a volt.
 */
export function drawArcModel(kind: ArcModelKind, currentA: number, random: RandomStream): ArcModelSpec {
  const arcV = random.between(20, 40);
  const tauUs = random.between(50, 300);
  const breakdownV = random.between(60, 120);
  const scatter = random.between(0.2, 0.5);
  const coolingA = 2.5 * Math.sqrt(currentA / 2.5);
  switch (kind) {
    case 'carbonised':
      return { kind };
    case 'mayr':
      return { kind, powerW: limited(arcV * coolingA), tauUs, breakdownV, scatter };
    case 'cassie':
      return { kind, arcV, tauUs: random.between(100, 500), breakdownV, scatter };
    case 'schavemaker':
      return { kind, arcV, powerW: limited(random.between(5, 15) * coolingA), tauUs, breakdownV, scatter };
    case 'habedank':
      return {
        kind,
        arcV,
        tauUs: random.between(100, 500),
        powerW: limited(random.between(2, 6) * coolingA),
        mayrTauUs: random.between(20, 100),
        breakdownV,
        scatter,
      };
    case 'static':
      return { kind, arcV: random.between(15, 35), hyperbolicW: random.between(5, 15), breakdownV, scatter };
  }
}

/** Into the range a model takes. */
function limited(powerW: number): number {
  return Math.max(1, Math.min(10_000, powerW));
}
