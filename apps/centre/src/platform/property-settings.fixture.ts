import process from 'node:process';

/** FENGSUI_RUNS sets the runs of a property, FENGSUI_SEED and FENGSUI_PATH repeat a counterexample that was found. */
export function propertySettings(runs: number): { numRuns: number; seed?: number; path?: string } {
  const { FENGSUI_RUNS, FENGSUI_SEED, FENGSUI_PATH } = process.env;
  return {
    numRuns: Number(FENGSUI_RUNS ?? runs),
    ...(FENGSUI_SEED !== undefined && { seed: Number(FENGSUI_SEED) }),
    ...(FENGSUI_PATH !== undefined && { path: FENGSUI_PATH }),
  };
}
