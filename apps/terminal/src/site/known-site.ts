import type { RatedCircuit } from '@fengsui/hazard';
import type { SampleSource } from '../source/sample-source.ts';
import type { Site, SiteCircuit } from './site.ts';

/** What a source knows of its place, and what the site file says: that goes before, field by field. */
export function knownSite(source: Site | undefined, given: Site | undefined): Site {
  const circuits: Record<string, SiteCircuit> = { ...source?.circuits };
  for (const [prefix, circuit] of Object.entries(given?.circuits ?? {})) {
    circuits[prefix] = { ...circuits[prefix], ...circuit };
  }
  return { ...source, ...given, circuits };
}

/**
 * Rated current of each circuit that has one: as given, else the site's, else the source's own.
 *
 * @throws RangeError for a circuit or a temperature point that the source does not have.
 */
export function ratedCircuits(
  source: Pick<SampleSource, 'circuits' | 'temperatures'>,
  site: Site,
  ratedA: Readonly<Record<string, number>> = {},
): readonly RatedCircuit[] {
  const prefixes = source.circuits.map(({ prefix }) => prefix);
  const has = `the source has ${[...prefixes, ...source.temperatures].join(', ')}`;
  const stranger = Object.keys(ratedA).find((prefix) => !prefixes.includes(prefix));
  if (stranger !== undefined) throw new RangeError(`rated current of ${stranger}: ${has}`);
  const unknown = Object.keys(site.circuits ?? {}).find((prefix) => !prefixes.includes(prefix));
  if (unknown !== undefined) throw new RangeError(`site: circuits.${unknown}: ${has}`);
  const probes = [site.ambientProbe, ...Object.values(site.circuits ?? {}).map(({ probe }) => probe)];
  const missing = probes.find((probe) => probe !== undefined && !source.temperatures.includes(probe));
  if (missing !== undefined) throw new RangeError(`site: probe ${missing}: ${has}`);
  return source.circuits.flatMap((circuit) => {
    const rated = ratedA[circuit.prefix] ?? site.circuits?.[circuit.prefix]?.ratedA ?? circuit.ratedA;
    return rated === undefined ? [] : [{ prefix: circuit.prefix, ratedA: rated }];
  });
}
