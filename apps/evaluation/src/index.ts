/** Suites of `fengsui evaluate`. */
export {};
