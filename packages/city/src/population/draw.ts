import type { RandomStream } from '../random/random-stream.ts';

/** Uniform on a logarithmic scale: as many small ones as large ones per octave. */
export function logBetween(random: RandomStream, low: number, high: number): number {
  return low * (high / low) ** random.between(0, 1);
}

/** `typical` with a log-normal tolerance of `ratio`, cut at three deviations. */
export function around(random: RandomStream, typical: number, ratio: number): number {
  return typical * Math.exp(ratio * Math.max(-3, Math.min(3, random.normal())));
}

export function chance(random: RandomStream, probability: number): boolean {
  return random.between(0, 1) < probability;
}
