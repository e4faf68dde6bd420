import {
  cableInstallationMethods,
  cableInsulations,
  type Cable,
  type Circuit,
  type ProtectedClass,
} from '@fengsui/protocol';

/** A circuit as the form has it: texts; '' = not told. */
export type CircuitFields = {
  readonly name: string;
  readonly areaId: string;
  readonly ratedA: string;
  readonly probe: string;
  readonly protectedClass: ProtectedClass;
  readonly insulation: string;
  readonly crossSectionMm2: string;
  readonly installationMethod: string;
  readonly loadedConductors: string;
  readonly circuitsTogether: string;
  readonly ambientC: string;
};

const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value));

export function fieldsOf({ name, areaId, ratedA, probe, protectedClass, cable }: Circuit): CircuitFields {
  return {
    name: text(name),
    areaId: text(areaId),
    ratedA: text(ratedA),
    probe: text(probe),
    protectedClass,
    insulation: text(cable?.insulation),
    crossSectionMm2: text(cable?.crossSectionMm2 ?? 2.5),
    installationMethod: cable?.installationMethod ?? 'B1',
    loadedConductors: text(cable?.loadedConductors ?? 2),
    circuitsTogether: text(cable?.circuitsTogether),
    ambientC: text(cable?.ambientC),
  };
}

/** What the form says, over the circuit it began with; the API judges the numbers. */
export function circuitOf(before: Circuit, fields: CircuitFields): Circuit {
  const { deviceId, prefix, venueId, nameEn } = before;
  const cable = cableOf(fields);
  return {
    deviceId,
    prefix,
    venueId,
    protectedClass: fields.protectedClass,
    ...(fields.name.trim() !== '' && { name: fields.name.trim() }),
    ...(nameEn !== undefined && { nameEn }),
    ...(fields.areaId !== '' && { areaId: fields.areaId }),
    ...(fields.ratedA.trim() !== '' && { ratedA: Number(fields.ratedA) }),
    ...(fields.probe !== '' && { probe: fields.probe }),
    ...(cable !== undefined && { cable }),
  };
}

function cableOf(fields: CircuitFields): Cable | undefined {
  const insulation = cableInsulations.find((word) => word === fields.insulation);
  if (insulation === undefined) return undefined;
  return {
    insulation,
    crossSectionMm2: Number(fields.crossSectionMm2),
    installationMethod: cableInstallationMethods.find((word) => word === fields.installationMethod) ?? 'B1',
    loadedConductors: Number(fields.loadedConductors),
    ...(fields.circuitsTogether.trim() !== '' && { circuitsTogether: Number(fields.circuitsTogether) }),
    ...(fields.ambientC.trim() !== '' && { ambientC: Number(fields.ambientC) }),
  };
}
