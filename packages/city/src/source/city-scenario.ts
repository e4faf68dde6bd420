import type { ChargerModelName } from '../population/charger-models.ts';
import type { LoadTypeName } from '../population/load-types.ts';

export const cityScenarioNames = [
  'normal',
  'idle',
  'overload',
  'leakage',
  'looseTerminal',
  'eBike',
  'loads',
  'load',
  'prohibited',
  'pulsingHob',
  'arc',
] as const;
export type CityScenarioName = (typeof cityScenarioNames)[number];

export const cityArcKinds = ['series', 'parallel', 'earth', 'neighbour'] as const;
export type CityArcKind = (typeof cityArcKinds)[number];

/** Heating and cooking loads a dormitory forbids: what `prohibited` switches on. */
export const prohibitedTypes = [
  'immersionHeater',
  'hotPlate',
  'spaceHeater',
  'ptcHeater',
  'kettle',
  'riceCooker',
  'electricBlanket',
  'hairDryer',
  'inductionHob',
] as const satisfies readonly LoadTypeName[];

/** What a `city:` source asks for, with every default filled in. Optional fields are there where the scenario takes them. */
export type CityScenario = {
  readonly name: CityScenarioName;
  readonly seed: number;
  /** 1 … 8. */
  readonly circuitCount: number;
  readonly ratedA: number;
  readonly mainsHz: number;
  readonly nominalV: number;
  readonly sampleRateHz: number;
  /** How much faster than real time the reader is to take the frames; 0 = as fast as it can. */
  readonly speed: number;
  /** How much faster than the waveform schedules, charging and heating run. */
  readonly courseSpeed: number;
  /** Circuit that has the fault or the load. */
  readonly circuit: string;
  /** Normal for this long, then the fault. */
  readonly afterMs: number;
  /** Length of the fault; Infinity = for ever. */
  readonly faultDurationMs: number;
  /** Rise of the fault to its full size. */
  readonly riseMs: number;
  /** overload: multiple of the rated current. */
  readonly ratio: number;
  /** leakage: rms residual current reached. */
  readonly toMa: number;
  /** looseTerminal: contact resistance reached. */
  readonly toMilliohm: number;
  /** eBike: one of `chargerModels`; absent = a plain 150 W lead-acid charger. */
  readonly chargerModel?: ChargerModelName;
  /** load, prohibited: the type switched. */
  readonly loadType?: LoadTypeName;
  /** loads, load: how long a load is on, and the pause after it. */
  readonly onMs?: number;
  readonly offMs?: number;
  /** load: number of other loads of the population that run all the time. */
  readonly backgroundCount?: number;
  /** pulsingHob. */
  readonly periodMs?: number;
  readonly dutyRatio?: number;
  /** arc. */
  readonly arcKind?: CityArcKind;
  /** arc: probability that an arcing half-cycle is followed by another. */
  readonly arcToArc?: number;
  /** arc: prospective current of a parallel arc, or current of the neighbour that arcs. */
  readonly arcCurrentA?: number;
};
