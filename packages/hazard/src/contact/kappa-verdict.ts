import type { KappaFilterState } from './kappa-filter.ts';

/** Relative error above which κ is no verdict. */
const VERDICT_ERROR = 0.25;
/** Changes of load that bear κ out: twice up and down. */
const LEAST_SWINGS = 4;

/** Whether the current has changed enough to know κ. */
export function isExcited(filter: KappaFilterState): boolean {
  return relativeErrorOf(filter) <= VERDICT_ERROR;
}

/** Whether κ is known well enough to judge by, and has held over changes of load. */
export function isVerdict(filter: KappaFilterState): boolean {
  return isExcited(filter) && filter.swings >= LEAST_SWINGS;
}

/** Standard error of κ, K/A². */
export function standardErrorOf({ covariance }: KappaFilterState): number {
  return Math.sqrt(Math.max(0, covariance[2]));
}

/** Infinite for a κ that is not above 0: there is nothing to take the logarithm of. */
export function relativeErrorOf(filter: KappaFilterState): number {
  return filter.kappaKPerA2 > 0 ? standardErrorOf(filter) / filter.kappaKPerA2 : Infinity;
}

/** Index of the filter with the least misfit; 0 while none has been measured long enough. */
export function bestOf(filters: readonly (KappaFilterState | undefined)[]): number {
  let best = 0;
  let least = Infinity;
  filters.forEach((filter, index) => {
    if (filter === undefined || !(filter.misfit > 0) || filter.misfit >= least) return;
    best = index;
    least = filter.misfit;
  });
  return best;
}

/** κ stays, the temperature without load is anything: the reference point came or went. */
export function withUnknownOffset(filter: KappaFilterState): KappaFilterState {
  return { ...filter, covariance: [1e4, 0, filter.covariance[2]], surprise: 1 };
}
