export type Spread = { readonly n: number; readonly min: number; readonly median: number; readonly max: number };

export type Latencies = {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

/**
 * Quantile by linear interpolation between the order statistics around q·(n − 1); NaN for no values.
 *
 * @param q 0 … 1.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return NaN;
  const position = q * (sorted.length - 1);
  const low = sorted[Math.floor(position)] as number;
  const high = sorted[Math.ceil(position)] as number;
  return low + (high - low) * (position - Math.floor(position));
}

/** Of repeated runs. NaN throughout for no values. */
export function spreadOf(values: readonly number[]): Spread {
  return { n: values.length, min: quantile(values, 0), median: quantile(values, 0.5), max: quantile(values, 1) };
}

/** Of single events. NaN throughout for no values. */
export function latenciesOf(values: readonly number[]): Latencies {
  return { n: values.length, p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}

/** Three significant digits, thousands apart: 0.153, 8.42, 1,230; `–` for what is not known. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, 2 - digits);
  const step = 10 ** (digits - 2);
  return (Math.round(value / step) * step).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** n, min, median, max as cells. */
export function spreadCells(values: readonly number[]): string[] {
  const { n, min, median, max } = spreadOf(values);
  return [String(n), rounded(min), rounded(median), rounded(max)];
}

/** n, p50, p99, max as cells. */
export function latencyCells({ n, p50, p99, max }: Latencies): string[] {
  return [String(n), rounded(p50), rounded(p99), rounded(max)];
}
