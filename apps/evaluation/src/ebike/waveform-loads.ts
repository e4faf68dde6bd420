import { sampleLoad } from '@fengsui/city';
import type { LoadSpec, LoadTypeName, RandomStream, RenderedLoad, SettlingSpec } from '@fengsui/city';
import { drawFading, drawStriking, drawWarming } from './power-course.ts';

/** Household types: everything but the chargers the recogniser is to find. */
const TYPES: readonly LoadTypeName[] = [
  'television',
  'desktopComputer',
  'laptop',
  'phoneCharger',
  'ledLamp',
  'ledPanel',
  'compactFluorescentLamp',
  'fluorescentLamps',
  'refrigerator',
  'fan',
  'rangeHood',
  'washingMachine',
  'kettle',
  'riceCooker',
  'inductionHob',
  'microwaveOven',
  'hairDryer',
  'spaceHeater',
  'electricBlanket',
  'inverterAirConditioner',
  'vacuumCleaner',
  'dimmedLamp',
  'halogenLamps',
];

/** How the power of loads that hold still goes on, as in the days of readings. */
const SETTLINGS: Readonly<Partial<Record<LoadTypeName, (random: RandomStream) => SettlingSpec>>> = {
  ledLamp: warming,
  ledPanel: warming,
  compactFluorescentLamp(random) {
    const { firstRatio, timeConstantS } = drawStriking(random);
    return { fromRatio: firstRatio, timeConstantMs: 1000 * timeConstantS };
  },
  phoneCharger(random) {
    const { restRatio, timeConstantS } = drawFading(random);
    return { toRatio: restRatio, timeConstantMs: 1000 * timeConstantS };
  },
};

function warming(random: RandomStream): SettlingSpec {
  const { fallRatio, timeConstantS } = drawWarming(random);
  return { toRatio: 1 - fallRatio, timeConstantMs: 1000 * timeConstantS };
}

/**
 * A load as it is over minutes: city's population is drawn for the seconds of a switching, where LEDs do not warm and a
 * corrected supply may draw as a resistance, a tenth or two beside its rating where the voltage is beside 220 V.
 */
export function overMinutes(type: LoadTypeName, spec: LoadSpec, random: RandomStream): LoadSpec {
  const settling = SETTLINGS[type]?.(random);
  const settles = settling === undefined ? {} : { settling };
  if (spec.kind === 'pfcSupply') return { ...spec, ...settles, regulationMs: random.between(10, 60) };
  return spec.kind === 'rectifier' ? { ...spec, ...settles } : spec;
}

/** Two to six loads of a circuit; all but the first are switched at random instants. `courses` draws what their power does then. */
export function planLoads(random: RandomStream, courses: RandomStream, durationS: number): readonly RenderedLoad[] {
  const count = 2 + Math.floor(random.between(0, 5));
  return Array.from({ length: count }, (_, index): RenderedLoad => {
    const type = random.pick(TYPES);
    const spec = overMinutes(type, { ...sampleLoad(type, random), id: `${type}-${index}` }, courses);
    if (index === 0) return { spec };
    const onAtMs = random.between(0, 0.8) * durationS * 1000;
    const offAtMs = onAtMs + random.between(60, 1800) * 1000;
    return offAtMs < durationS * 1000 ? { spec, onAtMs, offAtMs } : { spec, onAtMs };
  });
}
