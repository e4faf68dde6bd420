import type { LoadSpec } from '../load/load-spec.ts';
import { eBikeCharger } from '../population/charger-models.ts';
import { loadTypes, type LoadTypeName } from '../population/load-types.ts';
import { sampleLoad } from '../population/sample-load.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Span } from '../schedule/schedule.ts';
import type { CityScenario } from './city-scenario.ts';

/** Switchings of the scenario `load`: more than anyone watches, and still a short list. */
const SWITCHING_COUNT = 2000;
/** A tour leaves out what would trip the circuit's breaker. */
const LARGEST_SHARE = 0.95;

/** What a scenario adds to the everyday loads of its circuit. */
export function scenarioLoads(scenario: CityScenario): readonly LoadSpec[] {
  switch (scenario.name) {
    case 'loads':
      return loadTour(scenario);
    case 'load':
      return [...background(scenario), { ...drawn(scenario, loadTypeOf(scenario)), ...spans(repeated(scenario)) }];
    case 'eBike':
      return [{ id: 'eBikeCharger', ...chargerOf(scenario), ...from(scenario) }];
    case 'prohibited':
      return [{ ...drawn(scenario, loadTypeOf(scenario)), ...from(scenario) }];
    case 'pulsingHob':
      return pulsingHob(scenario);
    case 'arc':
      // A steady load whose current the arc interrupts.
      return [{ id: 'arcLoad', kind: 'resistive', powerW: 0.3 * fullW(scenario) }];
    default:
      return [];
  }
}

function fullW({ nominalV, ratedA }: CityScenario): number {
  return nominalV * ratedA;
}

function drawn({ seed }: CityScenario, type: LoadTypeName): LoadSpec {
  return sampleLoad(type, new RandomStream(seed, `scenario/${type}`));
}

function loadTypeOf({ loadType = 'kettle' }: CityScenario): LoadTypeName {
  return loadType;
}

/** Schedules run on course time, what a scenario says is on the waveform's. */
function spans(list: readonly Span[]): Pick<LoadSpec, 'schedule'> {
  return { schedule: { kind: 'spans', spans: list } };
}

function from({ afterMs, courseSpeed }: CityScenario): Pick<LoadSpec, 'schedule'> {
  return spans([{ onAtMs: afterMs * courseSpeed }]);
}

function repeated({ afterMs, onMs = 4000, offMs = 4000, courseSpeed }: CityScenario): readonly Span[] {
  return Array.from({ length: SWITCHING_COUNT }, (_, index) => {
    const onAtMs = (afterMs + index * (onMs + offMs)) * courseSpeed;
    return { onAtMs, offAtMs: onAtMs + onMs * courseSpeed };
  });
}

/** One device of every type the circuit can carry, one after the other: each alone, with a pause between. */
function loadTour(scenario: CityScenario): readonly LoadSpec[] {
  const { afterMs, onMs = 4000, offMs = 1000, courseSpeed } = scenario;
  return loadTypes
    .map(({ type }) => drawn(scenario, type))
    .filter(({ powerW }) => powerW <= LARGEST_SHARE * fullW(scenario))
    .map((load, index) => {
      const onAtMs = (afterMs + index * (onMs + offMs)) * courseSpeed;
      return { ...load, ...spans([{ onAtMs, offAtMs: onAtMs + onMs * courseSpeed }]) };
    });
}

function background({ seed, backgroundCount = 0 }: CityScenario): readonly LoadSpec[] {
  const random = new RandomStream(seed, 'scenario/background');
  return Array.from({ length: backgroundCount }, (_, index) => ({
    ...sampleLoad(random.pick(loadTypes).type, random),
    id: `background${index + 1}`,
  }));
}

function chargerOf({ chargerModel }: CityScenario): ReturnType<typeof eBikeCharger> {
  return chargerModel === undefined
    ? { kind: 'eBikeCharger', powerW: 150, chemistry: 'leadAcid' }
    : eBikeCharger(chargerModel);
}

/** A hob that pulses from `afterMs` on, and a small heater that is switched behind it every few seconds. */
function pulsingHob(scenario: CityScenario): readonly LoadSpec[] {
  const { periodMs = 600, dutyRatio = 0.5 } = scenario;
  const powerW = Math.min(1000, 0.3 * fullW(scenario));
  return [
    { id: 'inductionHob', kind: 'inductionHob', powerW, pulse: { periodMs, dutyRatio }, ...from(scenario) },
    {
      id: 'switched',
      kind: 'resistive',
      powerW: 0.12 * fullW(scenario),
      ...spans(repeated({ ...scenario, afterMs: scenario.afterMs + 3000, onMs: 5000, offMs: 5000 })),
    },
  ];
}
