import { cableProblems, venueLifeOf, type Area, type Circuit, type DeviceModel, type Venue } from '@fengsui/protocol';
import { lifeOf, lifeProblem } from '../device-life.ts';
import type { DeviceRecord } from '../registry-change.ts';

/** Something that is wrong with a row; `key` is the column. */
export type Finding = { readonly key: string; readonly code: string; readonly message: string; readonly fix: string };

/** `known` is the venue as it is registered; its life is moved by people and signatures, not by a cell. */
export function venueFindings(known: Venue | undefined, wanted: Venue): readonly Finding[] {
  const findings: Finding[] = [];
  if ((wanted.longitude === undefined) !== (wanted.latitude === undefined))
    findings.push({
      key: wanted.longitude === undefined ? 'longitude' : 'latitude',
      code: 'halfPosition',
      message: 'only one of longitude and latitude is there',
      fix: 'give both, or neither',
    });
  if (known !== undefined && venueLifeOf(known) !== venueLifeOf(wanted))
    findings.push({
      key: 'life',
      code: 'venueLife',
      message: `life is ${venueLifeOf(wanted)}: venue ${known.id} is ${venueLifeOf(known)}`,
      fix: 'leave it empty; people move a venue on the page Commissioning',
    });
  else if (known === undefined && wanted.life === 'tested')
    findings.push({
      key: 'life',
      code: 'venueLife',
      message: 'life is tested: a venue becomes that by a signed acceptance',
      fix: 'write planned, installed or live',
    });
  return findings;
}

/** What of a registered device a row must not change. */
export function identityFindings(known: DeviceRecord, wanted: DeviceRecord): readonly Finding[] {
  const findings: Finding[] = [];
  if (known.venueId !== wanted.venueId)
    findings.push({
      key: 'venueId',
      code: 'deviceElsewhere',
      message: `device ${known.id} is registered at venue ${known.venueId}`,
      fix: 'its history belongs there: keep that venue, or register it anew under another id',
    });
  if (known.model !== wanted.model)
    findings.push({
      key: 'model',
      code: 'otherModel',
      message: `device ${known.id} is registered as ${known.model}`,
      fix: 'keep that model, or replace the device: fengsui device replace OLD NEW',
    });
  const life = lifeOf(known) === lifeOf(wanted) ? undefined : lifeProblem(lifeOf(known), lifeOf(wanted));
  if (life !== undefined)
    findings.push({
      key: 'life',
      code: 'lifeTransition',
      message: life,
      fix: `keep ${lifeOf(known)}, or go by an allowed state`,
    });
  return findings;
}

/** `area` is the one that the circuit names; `isSound`: every cell could be read, what is missing is missing. */
export function circuitFindings(
  circuit: Circuit,
  model: DeviceModel | undefined,
  area: Area | undefined,
  isSound: boolean,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const key of ['prefix', 'probe'] as const) {
    const wanted = circuit[key];
    if (wanted !== undefined && model?.points.some(({ id }) => id.startsWith(`${wanted}.`)) !== true)
      findings.push({
        key,
        code: 'unknownPoint',
        message: `${key} is ${JSON.stringify(wanted)}: model ${model?.id ?? ''} measures nothing there`,
        fix: `name the part of a point id before its dot, of model ${model?.id ?? ''}`,
      });
  }
  const { areaId, venueId } = circuit;
  if (areaId !== undefined && area?.venueId !== venueId)
    findings.push({
      key: 'areaId',
      code: 'unknownArea',
      message: `areaId is ${JSON.stringify(areaId)}: venue ${venueId} has no such area`,
      fix: `name an area of venue ${venueId}`,
    });
  return isSound ? [...findings, ...cableFindings(circuit)] : findings;
}

const CABLE_KEYS = ['insulation', 'crossSectionMm2', 'installationMethod', 'loadedConductors'] as const;

function cableFindings({ cable }: Circuit): readonly Finding[] {
  if (cable === undefined) return [];
  const missing = CABLE_KEYS.filter((key) => cable[key] === undefined);
  if (missing.length > 0)
    return missing.map((key) => ({
      key,
      code: 'halfCable',
      message: `${key} of the cable is missing`,
      fix: `give ${CABLE_KEYS.join(', ')}, or none of them`,
    }));
  return cableProblems(cable).map((message) => ({
    key: message.includes('ambientC') ? 'ambientC' : 'crossSectionMm2',
    code: 'invalidCable',
    message,
    fix: 'correct it after docs/reference/site.md',
  }));
}
