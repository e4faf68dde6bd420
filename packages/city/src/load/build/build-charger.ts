import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { Behaviour, LoadSite } from '../behaviour.ts';
import { chargePowerW } from '../charge-course.ts';
import type { ChargerSpec } from '../charger-spec.ts';
import { buildPfcSupply } from './build-pfc-supply.ts';
import { buildRectifier } from './build-rectifier.ts';

export function buildCharger(spec: ChargerSpec, site: LoadSite, random: RandomStream): Behaviour {
  const { kind, powerW } = spec;
  requireWithin(`${kind}: powerW`, powerW, kind === 'eBikeCharger' ? 60 : 3, 1200);
  requireWithin(`${kind}: constantCurrentMs`, spec.constantCurrentMs ?? 0, 0, 1e8);
  requireWithin(`${kind}: riseRatio`, spec.riseRatio ?? 1, 1, 1.3);
  requireWithin(`${kind}: tailMs`, spec.tailMs ?? 1, 1, 1e8);
  requireWithin(`${kind}: floatW`, spec.floatW ?? 1, 0.1, 30);
  const powerAtW = (courseMs: number): number => chargePowerW(spec, courseMs);
  const filter = spec.filterUf === undefined ? {} : { filterUf: spec.filterUf };
  const softStart = spec.softStartMs === undefined ? {} : { softStartMs: spec.softStartMs };
  if (spec.hasPfc === true) {
    return buildPfcSupply({ kind: 'pfcSupply', powerW, ...filter, ...softStart }, site, random, powerAtW);
  }
  return buildRectifier({ ...spec, kind: 'rectifier' }, site, random, powerAtW);
}
