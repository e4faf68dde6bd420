import {
  capacityA,
  capacityTableSource,
  crossSectionsMm2,
  groupingFactors,
  installationMethods,
  maxConductorC,
  REFERENCE_AMBIENT_C,
  resistanceAt20MilliohmPerM,
  type InstallationMethod,
  type Insulation,
} from './capacity-table.ts';

/** The cable of a circuit, as it was laid. Copper. */
export type CableData = {
  readonly insulation: Insulation;
  readonly crossSectionMm2: number;
  readonly installationMethod: InstallationMethod;
  /** Conductors that carry the load: 2 of a single-phase circuit, 3 of a three-phase one. */
  readonly loadedConductors: 2 | 3;
  /** Circuits laid together, this one included; default 1. */
  readonly circuitsTogether?: number;
  /** Air around the cable where it is warmest, °C; default 30. */
  readonly ambientC?: number;
};

/** What a cable carries for ever without passing the temperature of its insulation. */
export type CurrentCapacity = {
  readonly capacityA: number;
  /** As the table has it, for one circuit in air at 30 °C. */
  readonly tableA: number;
  readonly ambientFactor: number;
  readonly groupingFactor: number;
  readonly maxConductorC: number;
  readonly source: string;
};

/** Everything that is wrong with cable data, each in a sentence; empty if they are sound. */
export function cableProblems(cable: CableData): readonly string[] {
  const {
    insulation,
    crossSectionMm2,
    installationMethod,
    loadedConductors,
    circuitsTogether = 1,
    ambientC = 30,
  } = cable;
  const problems: string[] = [];
  const expect = (holds: boolean, field: keyof CableData, expectation: string): void => {
    if (!holds) problems.push(`cable: ${field} is ${String(cable[field])}: expected ${expectation}`);
  };
  const highest = Object.hasOwn(maxConductorC, insulation) ? maxConductorC[insulation] : NaN;
  expect(Object.hasOwn(maxConductorC, insulation), 'insulation', 'PVC or XLPE');
  expect(isListed(crossSectionsMm2, crossSectionMm2), 'crossSectionMm2', `one of ${crossSectionsMm2.join(', ')}`);
  expect(isListed(installationMethods, installationMethod), 'installationMethod', installationMethods.join(', '));
  expect(loadedConductors === 2 || loadedConductors === 3, 'loadedConductors', '2 or 3');
  const isCount = Number.isInteger(circuitsTogether) && circuitsTogether >= 1 && circuitsTogether <= 20;
  expect(isCount, 'circuitsTogether', 'a whole number from 1 to 20');
  // Within 10 K of the limit the tables say nothing any more.
  expect(ambientC >= -40 && !(ambientC > highest - 10), 'ambientC', `-40 to ${highest - 10} °C`);
  return problems;
}

function isListed(list: readonly (string | number)[], value: string | number): boolean {
  return list.includes(value);
}

/**
 * Current capacity Iz after IEC 60364-5-52: the table's value times the factors for ambient and grouping.
 *
 * @throws RangeError for {@link cableProblems}.
 * @example currentCapacity({ insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 }) // 24 A
 */
export function currentCapacity(cable: CableData): CurrentCapacity {
  const problems = cableProblems(cable);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  const { insulation, installationMethod, loadedConductors, circuitsTogether = 1, ambientC = 30 } = cable;
  const tableA = capacityA[insulation][loadedConductors][installationMethod][columnOf(cable)] ?? NaN;
  const groupingFactor = groupingFactors.find(({ circuits }) => circuits >= circuitsTogether)?.factor ?? NaN;
  const ambientFactor = Math.sqrt(ambientAllowance(insulation, ambientC));
  return {
    capacityA: tableA * ambientFactor * groupingFactor,
    tableA,
    ambientFactor,
    groupingFactor,
    maxConductorC: maxConductorC[insulation],
    source: capacityTableSource,
  };
}

/**
 * Rise the insulation has left at an ambient temperature, relative to that at 30 °C: losses go with the square of the
 * current, hence the ambient factor of the tables is its root (0.87, 0.79, 0.71, 0.61 at 40, 45, 50, 55 °C for PVC).
 */
export function ambientAllowance(insulation: Insulation, ambientC: number): number {
  const highest = maxConductorC[insulation];
  return (highest - ambientC) / (highest - REFERENCE_AMBIENT_C);
}

/** Heat capacity of copper, J/(m·K) per mm². */
const COPPER_J_PER_M_K_MM2 = 3.45;
const COPPER_PER_K = 0.00393;

/**
 * Time constant of the bare conductor from first principles, `c·S·ΔT / (Iz²·R′)`, s: the heat it stores at its permitted
 * rise over the losses that keep it there. Insulation and conduit store more: the whole takes two to four times as long.
 *
 * @throws RangeError for {@link cableProblems}.
 * @example conductorTimeConstantS(cable of 2.5 mm², B1, PVC) // 67 s
 */
export function conductorTimeConstantS(cable: CableData): number {
  const { tableA, maxConductorC: highest } = currentCapacity(cable);
  const warm = 1 + COPPER_PER_K * (highest - 20);
  const ohmPerM = ((resistanceAt20MilliohmPerM[columnOf(cable)] ?? NaN) / 1_000) * warm;
  const stored = COPPER_J_PER_M_K_MM2 * cable.crossSectionMm2 * (highest - REFERENCE_AMBIENT_C);
  return stored / (tableA ** 2 * ohmPerM);
}

/**
 * What is wrong between breaker and cable, each in a sentence: a breaker above the cable's capacity lets it overheat for
 * ever without tripping (IEC 60364-4-43, 433.1 [M]).
 */
export function protectionFindings(ratedA: number, cable: CableData): readonly string[] {
  const { capacityA: izA } = currentCapacity(cable);
  if (ratedA <= izA) return [];
  return [`rated current is ${ratedA} A: expected at most the ${izA.toFixed(1)} A that the cable carries`];
}

function columnOf({ crossSectionMm2 }: CableData): number {
  return crossSectionsMm2.findIndex((mm2) => mm2 === crossSectionMm2);
}
