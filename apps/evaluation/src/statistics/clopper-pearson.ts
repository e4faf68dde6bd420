import { incompleteBeta } from './incomplete-beta.ts';

/**
 * Exact one-sided upper bound of a share (Clopper and Pearson 1934): the largest p under which `hits` or fewer of
 * `trials` still have probability 1 − confidence. 0 hits of n at 95 %: 1 − 0.05^(1/n), about 3/n.
 */
export function clopperPearsonUpper(hits: number, trials: number, confidence = 0.95): number {
  check(hits, trials, confidence);
  if (hits === trials) return 1;
  if (hits === 0) return -Math.expm1(Math.log(1 - confidence) / trials);
  return solve((p) => 1 - incompleteBeta(p, hits + 1, trials - hits), 1 - confidence);
}

/** Exact one-sided lower bound of a share: the smallest p under which `hits` or more still have that probability. */
export function clopperPearsonLower(hits: number, trials: number, confidence = 0.95): number {
  return 1 - clopperPearsonUpper(trials - hits, trials, confidence);
}

/** Where a falling function of p in 0 … 1 crosses `level`; halving on a logarithmic scale first, for tiny shares. */
function solve(falling: (p: number) => number, level: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = low === 0 ? high / 2 : (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function check(hits: number, trials: number, confidence: number): void {
  if (!Number.isInteger(trials) || trials < 1 || !Number.isInteger(hits) || hits < 0 || hits > trials) {
    throw new RangeError(`${hits} of ${trials}: expected whole numbers, hits 0 … trials`);
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence: ${confidence}, expected within 0 … 1`);
}
