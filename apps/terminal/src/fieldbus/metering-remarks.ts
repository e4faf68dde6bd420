import type { SampleSource } from '../source/sample-source.ts';
import type { Fieldbus } from './fieldbus.ts';
import { circuitsOf } from './meter-monitor.ts';

/** A reading less often than this leaves gaps in the thermal image of a cable, which then stands still. */
const THERMAL_EVERY_MS = 5_000;

/** What a meter cannot show, each in a sentence: nobody shall count on it. */
export function meteringRemarks(
  { points }: Pick<Fieldbus, 'points'>,
  source: Pick<SampleSource, 'circuits'>,
): readonly string[] {
  const sampled = source.circuits.map(({ prefix }) => prefix);
  const metered = circuitsOf(points).filter((circuit) => !sampled.includes(circuit));
  const remarks =
    metered.length === 0
      ? []
      : [
          `${metered.join(', ')}: read from meters: no arcs, no loads told apart, no contact heating between readings, no captures`,
        ];
  const slow = metered.filter((circuit) => (points.get(`${circuit}.currentA`)?.everyMs ?? 0) >= THERMAL_EVERY_MS);
  if (slow.length > 0) {
    remarks.push(
      `${slow.join(', ')}: read every ${THERMAL_EVERY_MS / 1000} s or less often: no thermal image of the cable`,
    );
  }
  const leaks = metered.filter((circuit) => points.has(`${circuit}.residualCurrentMa`));
  if (leaks.length > 0)
    remarks.push(`${leaks.join(', ')}: residual current by its limits only, no drift of its resistive part`);
  return remarks;
}
