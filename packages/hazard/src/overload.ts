import type { Level, LimitRule } from '@fengsui/alarm';

/** A branch measured by a terminal. */
export type RatedCircuit = {
  /** Prefix of its points: `c1`. */
  readonly prefix: string;
  /** Rated current In of the circuit's breaker, > 0. */
  readonly ratedA: number;
};

/** A band of overload, relative to the rated current. */
export type OverloadBand = {
  readonly level: Level;
  /** Entered above `ratio` × In. */
  readonly ratio: number;
  readonly deadbandRatio: number;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly source: string;
};

/**
 * Default bands. A breaker does not see what lies between 1 and 1.45 times its rated current for up to an hour, and
 * that hour is when a cable ages and a terminal heats: the bands report it within seconds to minutes.
 */
export const defaultOverloadBands: readonly OverloadBand[] = [
  {
    level: 'attention',
    ratio: 1,
    deadbandRatio: 0.05,
    onDelayMs: 600_000,
    offDelayMs: 60_000,
    source: 'rated current In exceeded; 10 min ours: shorter ones are starts and kettles',
  },
  {
    level: 'warning',
    ratio: 1.13,
    deadbandRatio: 0.05,
    onDelayMs: 60_000,
    offDelayMs: 10_000,
    source: 'IEC 60898: at 1.13 In a breaker does not trip within 1 h [M]; delays ours',
  },
  {
    level: 'alarm',
    ratio: 1.45,
    deadbandRatio: 0.05,
    onDelayMs: 3_000,
    offDelayMs: 10_000,
    source: 'IEC 60898: at 1.45 In a breaker trips within 1 h [M]; delays ours: 3 s outlast the inrush of small motors',
  },
];

/** Everything that is wrong with a circuit, each in a sentence; empty if it is sound. */
export function circuitProblems({ prefix, ratedA }: RatedCircuit): readonly string[] {
  const problems: string[] = [];
  if (!/^[^.*]+$/.test(prefix)) problems.push(`circuit "${prefix}": expected a prefix of points such as c1`);
  if (!(Number.isFinite(ratedA) && ratedA > 0)) {
    problems.push(`circuit "${prefix}": ratedA is ${ratedA}: expected a rated current above 0 A`);
  }
  return problems;
}

/**
 * The limits on the current of one circuit.
 *
 * @throws RangeError for a circuit with {@link circuitProblems}.
 * @example overloadRules({ prefix: 'c1', ratedA: 16 })[2] // above 23.2 A for 3 s: alarm
 */
export function overloadRules(
  circuit: RatedCircuit,
  bands: readonly OverloadBand[] = defaultOverloadBands,
): readonly LimitRule[] {
  const { prefix, ratedA } = circuit;
  const problems = circuitProblems(circuit);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return bands.map((band) => ({
    id: `overload-${band.level}-${prefix}`,
    kind: 'overload',
    level: band.level,
    point: `${prefix}.currentA`,
    direction: 'above',
    threshold: band.ratio * ratedA,
    deadband: band.deadbandRatio * ratedA,
    onDelayMs: band.onDelayMs,
    offDelayMs: band.offDelayMs,
    source: band.source,
  }));
}
