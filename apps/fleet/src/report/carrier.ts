/**
 * The API tells values and instants, not the numbers of the reports they came in. So one value of every telemetry report
 * carries them: a quiet value of the model plus (run · 10⁶ + seq) · step, far below what any limit looks at.
 */
export type Carrier = { readonly point: string; readonly base: number; readonly step: number };

/** Reports of one device in one run. */
export const maxSeq = 1_000_000;
/** Runs are told apart by a number below this. */
export const runCount = 1_000_000;

/** The steps leave a float64 at least ten times finer than what must be told apart. */
const carriers: Readonly<Record<string, Carrier>> = {
  'generic-terminal': { point: 'c1.voltageV', base: 229, step: 1e-12 },
  'generic-smoke': { point: 'smoke.obscurationPctPerM', base: 0, step: 1e-13 },
  'generic-heat': { point: 'heat.temperatureC', base: 20, step: 1e-12 },
  'generic-gas': { point: 'gas.lelPct', base: 0, step: 1e-12 },
};

/** @throws Error for a model that this simulator does not play. */
export function carrierOf(model: string): Carrier {
  const carrier = Object.hasOwn(carriers, model) ? carriers[model] : undefined;
  if (carrier === undefined) throw new Error(`model ${model}: expected ${Object.keys(carriers).join(', ')}`);
  return carrier;
}

/** @param run 0 to {@link runCount} − 1. @param seq 0 to {@link maxSeq} − 1. */
export const carry = ({ base, step }: Carrier, run: number, seq: number): number => base + (run * maxSeq + seq) * step;

/** Which report a stored value came in; undefined when none of a run could have carried it. */
export function readCarrier(
  { base, step }: Carrier,
  value: number,
): { readonly run: number; readonly seq: number } | undefined {
  const number = Math.round((value - base) / step);
  if (number < 0 || number >= runCount * maxSeq) return undefined;
  return { run: Math.floor(number / maxSeq), seq: number % maxSeq };
}
