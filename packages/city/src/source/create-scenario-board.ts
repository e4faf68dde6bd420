import { createBoard, type Board } from '../board/create-board.ts';
import type { BoardSpec, CircuitSpec } from '../board/board-spec.ts';
import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import type { CityScenario } from './city-scenario.ts';
import { everydayLoads } from './everyday-loads.ts';
import { scenarioLoads } from './scenario-loads.ts';

/** The board of a scenario, its clock at `startAtMs` (epoch ms). */
export function createScenarioBoard(scenario: CityScenario, startAtMs: number): Board {
  return createBoard(scenarioBoardSpec(scenario), scenario.seed, startAtMs);
}

/** The board of a scenario as data. */
export function scenarioBoardSpec(scenario: CityScenario): BoardSpec {
  const ids = Array.from({ length: scenario.circuitCount }, (_, index) => `c${index + 1}`);
  return {
    supply: { nominalV: scenario.nominalV, mainsHz: scenario.mainsHz },
    sampleRateHz: scenario.sampleRateHz,
    courseSpeed: scenario.courseSpeed,
    circuits: ids.map((id): CircuitSpec => ({ id, ratedA: scenario.ratedA, loads: loadsOf(scenario, id) })),
    faults: faultsOf(scenario),
  };
}

function loadsOf(scenario: CityScenario, circuit: string): readonly LoadSpec[] {
  if (scenario.name === 'idle') return [];
  const isAlone = scenario.name === 'loads' || scenario.name === 'load';
  const everyday = isAlone ? [] : everydayLoads(scenario.nominalV * scenario.ratedA);
  return circuit === scenario.circuit ? [...everyday, ...scenarioLoads(scenario)] : everyday;
}

function faultsOf(scenario: CityScenario): readonly CircuitFault[] {
  const { circuit, afterMs: atMs, faultDurationMs: durationMs, riseMs } = scenario;
  const time = { circuit, atMs, durationMs };
  switch (scenario.name) {
    case 'overload':
      return [{ kind: 'overload', ...time, riseMs, toRatio: scenario.ratio }];
    case 'leakage':
      return [{ kind: 'risingLeakage', ...time, riseMs, toMa: scenario.toMa }];
    case 'looseTerminal':
      return [{ kind: 'looseTerminal', ...time, riseMs, toMilliohm: scenario.toMilliohm }];
    case 'arc':
      return [arcOf(scenario, time)];
    default:
      return [];
  }
}

function arcOf(
  { arcKind = 'series', arcToArc = 0.93, arcCurrentA = 100, seed }: CityScenario,
  time: { readonly circuit: string; readonly atMs: number; readonly durationMs: number },
): CircuitFault {
  const arc = { ...time, arcToArc, seed };
  switch (arcKind) {
    case 'series':
      return { kind: 'seriesArc', ...arc };
    case 'parallel':
      return { kind: 'parallelArc', ...arc, currentA: arcCurrentA };
    case 'earth':
      return { kind: 'parallelArc', ...arc, path: 'lineEarth', currentA: arcCurrentA };
    case 'neighbour':
      return { kind: 'neighbourArc', ...arc, currentA: Math.min(100, arcCurrentA) };
  }
}
