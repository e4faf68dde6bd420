import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

/** 消防泵, 防排烟风机, ICU, 居家医疗, 电梯, 冷藏; `none` = surveyed, may be cut off; `unknown` = not surveyed. */
export const protectedClasses = [
  'firePump',
  'smokeFan',
  'icu',
  'homeMedical',
  'lift',
  'refrigeration',
  'none',
  'unknown',
] as const;
export type ProtectedClass = (typeof protectedClasses)[number];

export const cableInsulations = ['PVC', 'XLPE'] as const;
export const cableCrossSectionsMm2 = [1.5, 2.5, 4, 6, 10, 16, 25, 35, 50, 70, 95] as const;
export const cableInstallationMethods = ['A1', 'B1', 'B2', 'C'] as const;

/** Copper cable as it was laid; the fields of the site file. docs/reference/site.md. */
export const Cable = Type.Object(
  {
    insulation: oneOf(cableInsulations),
    crossSectionMm2: Type.Number({ minimum: 1.5, maximum: 95, description: cableCrossSectionsMm2.join(', ') }),
    installationMethod: oneOf(cableInstallationMethods),
    loadedConductors: Type.Integer({ minimum: 2, maximum: 3 }),
    circuitsTogether: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    ambientC: Type.Optional(Type.Number({ minimum: -40, maximum: 80 })),
  },
  { additionalProperties: false },
);
export type Cable = Static<typeof Cable>;

/** A branch that a terminal measures; its key is (deviceId, prefix). */
export const Circuit = Type.Object(
  {
    deviceId: Type.String(),
    prefix: Type.String({ description: 'of its points: c1' }),
    venueId: Type.String({ description: "the device's" }),
    areaId: Type.Optional(Type.String({ description: 'what it feeds' })),
    name: Type.Optional(Type.String()),
    nameEn: Type.Optional(Type.String()),
    ratedA: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6300 })),
    cable: Type.Optional(Cable),
    probe: Type.Optional(Type.String({ description: "temperature point at the circuit's terminal: t1" })),
    protectedClass: oneOf(protectedClasses, 'whatever is not `none` must not be switched off'),
  },
  { $id: 'Circuit' },
);
export type Circuit = Static<typeof Circuit>;

/** Whether a circuit must not be switched off: one that nobody surveyed must not. */
export const isProtected = (circuit: Pick<Circuit, 'protectedClass'> | undefined): boolean =>
  circuit?.protectedClass !== 'none';

/** Everything that is wrong with a cable beyond its form, with field, value and expectation. */
export function cableProblems({ crossSectionMm2, insulation, ambientC }: Cable): readonly string[] {
  const problems: string[] = [];
  if (!cableCrossSectionsMm2.some((size) => size === crossSectionMm2))
    problems.push(`cable.crossSectionMm2 is ${crossSectionMm2}: expected one of ${cableCrossSectionsMm2.join(', ')}`);
  if (insulation === 'PVC' && ambientC !== undefined && ambientC > 60)
    problems.push(`cable.ambientC is ${ambientC}: expected at most 60 for PVC`);
  return problems;
}
