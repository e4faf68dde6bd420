import { createBoard, type Board } from '../board/create-board.ts';
import type { BoardSpec, CircuitSpec } from '../board/board-spec.ts';
import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import type { CityScenario } from './city-scenario.ts';

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

function faultsOf(scenario: CityScenario): readonly CircuitFault[] {
  const { circuit, afterMs: atMs, faultDurationMs: durationMs, riseMs } = scenario;
  const time = { circuit, atMs, durationMs, riseMs };
  switch (scenario.name) {
    case 'overload':
      return [{ kind: 'overload', ...time, toRatio: scenario.ratio }];
    case 'leakage':
      return [{ kind: 'risingLeakage', ...time, toMa: scenario.toMa }];
    case 'looseTerminal':
      return [{ kind: 'looseTerminal', ...time, toMilliohm: scenario.toMilliohm }];
    case 'normal':
    case 'idle':
    case 'eBike':
    case 'loads':
      return [];
  }
}

function loadsOf(scenario: CityScenario, circuit: string): readonly LoadSpec[] {
  const fullW = scenario.nominalV * scenario.ratedA;
  if (scenario.name === 'idle') return [];
  if (scenario.name === 'loads') return circuit === scenario.circuit ? loadTour(fullW, scenario) : [];
  const everyday = everydayLoads(fullW);
  if (scenario.name !== 'eBike' || circuit !== scenario.circuit) return everyday;
  const spans = [{ onAtMs: scenario.afterMs * scenario.courseSpeed }];
  return [
    ...everyday,
    {
      id: 'eBikeCharger',
      kind: 'eBikeCharger',
      powerW: 150,
      chemistry: 'leadAcid',
      schedule: { kind: 'spans', spans },
    },
  ];
}

/** About a third of the rated current all the time, up to 0.75 of it when the kettle and the compressor meet. */
function everydayLoads(fullW: number): readonly LoadSpec[] {
  return [
    { id: 'heater', kind: 'resistive', powerW: 0.15 * fullW },
    { id: 'electronics', kind: 'rectifier', powerW: 0.06 * fullW },
    { id: 'ledDriver', kind: 'rectifier', powerW: 0.02 * fullW },
    { id: 'fan', kind: 'motor', powerW: 0.03 * fullW, powerFactor: 0.7 },
    {
      id: 'compressor',
      kind: 'motor',
      powerW: 0.12 * fullW,
      powerFactor: 0.8,
      schedule: { kind: 'cycle', onMs: 9 * 60_000, offMs: 16 * 60_000 },
    },
    {
      id: 'kettle',
      kind: 'resistive',
      powerW: 0.25 * fullW,
      schedule: { kind: 'visits', perHour: 2, onMs: 180_000, hours: { from: 6, to: 23 } },
    },
  ];
}

/** The five families of loads, one after the other: each alone for four seconds, with one second between. */
function loadTour(fullW: number, { afterMs, courseSpeed }: CityScenario): readonly LoadSpec[] {
  const tour: readonly LoadSpec[] = [
    { id: 'heater', kind: 'resistive', powerW: 0.4 * fullW },
    { id: 'motor', kind: 'motor', powerW: 0.2 * fullW, powerFactor: 0.8 },
    { id: 'powerSupply', kind: 'rectifier', powerW: 0.12 * fullW },
    { id: 'dimmer', kind: 'dimmer', powerW: 0.15 * fullW, firingAngleDeg: 90 },
    { id: 'eBikeCharger', kind: 'eBikeCharger', powerW: 150, chemistry: 'leadAcid' },
  ];
  return tour.map((load, index) => {
    const onAtMs = (afterMs + index * 5000) * courseSpeed;
    return { ...load, schedule: { kind: 'spans', spans: [{ onAtMs, offAtMs: onAtMs + 4000 * courseSpeed }] } };
  });
}
