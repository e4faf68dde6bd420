import type { Site } from '../site/site.ts';
import type { TerminalOptions } from '../terminal-options.ts';
import { circuitsOf, temperaturesOf } from './meter-monitor.ts';

/** What has measured points: sampled, or read from meters. */
export type Measured = { readonly circuits: readonly string[]; readonly temperatures: readonly string[] };

/** What a site file says of these circuits and temperatures alone; phases only when all three are among them. */
export function partOfSite(site: Site, { circuits, temperatures }: Measured): Site {
  const { phases, nominalV, ambientProbe, circuits: known = {}, ...rest } = site;
  const isAmong = (prefix: string): boolean => circuits.includes(prefix);
  const hasPhases = phases !== undefined && Object.values(phases).every(isAmong);
  // Without phases the supply is that of the first circuit there is.
  const hasSupply = nominalV !== undefined && (phases === undefined ? circuits.length > 0 : hasPhases);
  const own = Object.entries(known).filter(([prefix]) => isAmong(prefix));
  return {
    ...rest,
    circuits: Object.fromEntries(
      own.map(([prefix, { probe, ...circuit }]) => [
        prefix,
        { ...circuit, ...(probe !== undefined && temperatures.includes(probe) && { probe }) },
      ]),
    ),
    ...(hasPhases && { phases }),
    ...(hasSupply && { nominalV }),
    ...(ambientProbe !== undefined && temperatures.includes(ambientProbe) && { ambientProbe }),
  };
}

/** @throws RangeError for a circuit, phase or probe that is measured by nothing. */
export function checkSite(site: Site, { circuits, temperatures }: Measured): void {
  const named = [...Object.keys(site.circuits ?? {}), ...Object.values(site.phases ?? {})];
  const probes = [site.ambientProbe, ...Object.values(site.circuits ?? {}).map(({ probe }) => probe)];
  const stranger =
    named.find((prefix) => !circuits.includes(prefix)) ??
    probes.find((probe) => probe !== undefined && !temperatures.includes(probe));
  if (stranger === undefined) return;
  throw new RangeError(`site: ${stranger}: the terminal measures ${[...circuits, ...temperatures].join(', ')}`);
}

/**
 * The site of a terminal.
 *
 * @throws RangeError for a site or a rating of what is neither sampled nor read from a meter.
 */
export function siteOf({ site, fieldbus, ratedA = {} }: TerminalOptions, sampled: Measured): Site | undefined {
  if (fieldbus === undefined) return site;
  const { points } = fieldbus;
  const circuits = [...new Set([...sampled.circuits, ...circuitsOf(points)])];
  const temperatures = [...new Set([...sampled.temperatures, ...temperaturesOf(points)])];
  const stranger = Object.keys(ratedA).find((prefix) => !circuits.includes(prefix));
  if (stranger !== undefined) throw new RangeError(`rated current of ${stranger}: measured are ${circuits.join(', ')}`);
  if (site !== undefined) checkSite(site, { circuits, temperatures });
  return site;
}
