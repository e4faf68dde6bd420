/**
 * Numbers for people. The digits shown follow the size of the number, so that a column of readings keeps about three
 * significant digits: 0.042, 4.31, 31.5, 480.
 *
 * Not finite or absent reads as a dash: unknown is never 0.
 */
export function formatNumber(value: number | null | undefined): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.1) return value.toFixed(2);
  if (size >= 0.001) return value.toFixed(4);
  return value.toExponential(1);
}

/** Labels of an axis: all with the digits that its step needs, so that no two neighbours read alike: 13.30, 13.35, 13.40. */
export function formatTicks(ticks: readonly number[]): string[] {
  const steps = ticks.slice(1).map((tick, index) => Math.abs(tick - (ticks[index] ?? tick)));
  const step = Math.min(...steps.filter((size) => size > 0));
  if (!Number.isFinite(step)) return ticks.map(formatNumber);
  if (step < 1e-6) return ticks.map((tick) => tick.toExponential(2));
  // A step of 0.25 needs one digit more than its size says.
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const isFiner = Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6;
  return ticks.map((tick) => (tick === 0 ? '0' : tick.toFixed(isFiner ? digits + 1 : digits)));
}

/** As {@link formatNumber} with the unit behind a no-break space: `31.5 ℃`. */
export function formatQuantity(value: number | null | undefined, unit: string | undefined): string {
  const number = formatNumber(value);
  return unit && number !== '–' ? `${number}\u00a0${unitSymbol(unit)}` : number;
}

/** A limit is a set value, not a reading: up to four digits, none invented and none rounded away: 36.25, 85, 300. */
export function formatLimit(threshold: number, unit?: string): string {
  const digits = Number.isFinite(threshold) ? String(Number(threshold.toPrecision(4))) : '–';
  return unit ? `${digits}\u00a0${unitSymbol(unit)}` : digits;
}

/** 0.974 → `97 %`; never 100 % for something less than certain. */
export function formatShare(ratio: number | undefined): string {
  if (ratio === undefined || !Number.isFinite(ratio)) return '–';
  const percent = Math.round(ratio * 100);
  return `${ratio < 1 && percent === 100 ? 99 : percent}\u00a0%`;
}

const symbols: Record<string, string> = {
  degC: '℃',
  C: '℃',
  '°C': '℃',
  var: 'var',
  VAr: 'var',
  Var: 'var',
  pct: '%',
  Pct: '%',
  'pct/m': '%/m',
  '%obs/m': '%/m',
  'pct LEL': '%LEL',
};

/** The symbol to print for a unit as the API or a capture names it; unknown units are printed as they are. */
export function unitSymbol(unit: string): string {
  return symbols[unit] ?? unit;
}

/** Whole numbers with a thin grouping that every language of the console reads: 31 204. */
export function formatCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return '–';
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}
