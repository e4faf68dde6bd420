import type { Parameters } from 'fast-check';

/**
 * Settings of a property run. FENGSUI_SEED repeats a seed that failed, FENGSUI_PATH its counterexample, FENGSUI_RUNS
 * widens the search.
 */
export function propertySettings<T>(numRuns: number): Parameters<T> {
  const { FENGSUI_SEED: seed, FENGSUI_PATH: path, FENGSUI_RUNS: runs } = process.env;
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
