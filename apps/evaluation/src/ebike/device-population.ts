import { RandomStream, sampleLoad } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { deviceStart } from './device-start.ts';
import type { DeviceStart } from './device-start.ts';
import { profileCurve } from './load-profile.ts';
import type { ProfileCurve } from './load-profile.ts';
import { recognisedStart } from './recognised-start.ts';
import type { RecognisedStart } from './recognised-start.ts';
import {
  drawFading,
  drawStriking,
  drawWarming,
  fading,
  inverter,
  pulsing,
  settling,
  steady,
  wandering,
  warmingUp,
} from './power-course.ts';
import type { PowerCourse } from './power-course.ts';

/** Hours of the day (0 … 24) and how often within them: a share of all uses each. */
type Hours = readonly (readonly [from: number, to: number, share: number])[];

/** How a type of device is used: editable estimates, not measurements. */
export type DeviceUse = {
  readonly type: string;
  /** Which sites have one, share. */
  readonly homes: number;
  readonly shops: number;
  readonly usesPerDay: number;
  /** Median length of a use and its spread (factor of one standard deviation). */
  readonly lengthMin: number;
  readonly lengthSpread: number;
  readonly hours: Hours;
  readonly course: (random: RandomStream, spec: LoadSpec) => PowerCourse;
  readonly spec?: (random: RandomStream) => LoadSpec;
};

/** A device of a site, ready to be switched. */
export type Device = {
  readonly use: DeviceUse;
  readonly spec: LoadSpec;
  readonly curve: ProfileCurve;
  /** How it comes on; absent for what is small. */
  readonly start?: DeviceStart;
  /** What a terminal recognises when it comes on for the nth time; the first few are rendered, then they repeat. */
  readonly recognised: (use: number) => readonly RecognisedStart[];
};

const DAY: Hours = [[6, 23, 1]];
const EVENING: Hours = [
  [17, 23, 0.8],
  [7, 17, 0.2],
];
const MEALS: Hours = [
  [6.5, 8.5, 0.3],
  [11, 13, 0.35],
  [17, 19.5, 0.35],
];
const WORK: Hours = [[8, 18, 1]];
const ALWAYS: Hours = [[0, 24, 1]];
const OPENING: Hours = [
  [7, 9, 0.8],
  [16, 18, 0.2],
];

const lamp = (random: RandomStream): PowerCourse => {
  const { fallRatio, timeConstantS } = drawWarming(random);
  return warmingUp(fallRatio, timeConstantS);
};
const screen = (random: RandomStream, spec: LoadSpec): PowerCourse =>
  wandering(random, 0.5 * fluctuationOf(spec, 0.1), random.between(2, 12), random.between(4, 20));
const plain = (): PowerCourse => steady;

/** Rectifier without correction behind a variable-speed compressor or pump: what resembles a charger most. */
function inverterMotor(id: string, low: number, high: number): (random: RandomStream) => LoadSpec {
  return (random) => ({
    id,
    kind: 'rectifier',
    powerW: random.between(low, high),
    capacitanceUfPerW: random.between(1.2, 4),
    seriesH: random.between(0.5e-3, 4e-3),
  });
}

/** Several lamps on one switch: shops light a room with twenty drivers without correction. */
function lampGroup(random: RandomStream): LoadSpec {
  const powerW = Math.min(400, 90 * Math.exp(0.6 * random.normal()));
  return {
    id: 'ledGroup',
    kind: 'rectifier',
    powerW,
    capacitanceUfPerW: random.between(0.5, 2.2),
    softStartMs: random.between(20, 250),
  };
}

export const deviceUses: readonly DeviceUse[] = [
  use('refrigerator', 0.6, 0.4, 28, 14, 1.3, ALWAYS, (random) => settling(random.between(1.05, 1.3), 60)),
  use(
    'inverterRefrigerator',
    0.35,
    0.2,
    18,
    30,
    1.6,
    ALWAYS,
    (random) => inverter(random, random.between(15, 90), 0.05, 600),
    inverterMotor('inverterRefrigerator', 40, 150),
  ),
  use(
    'inverterPump',
    0.05,
    0.05,
    12,
    6,
    2,
    DAY,
    (random) => inverter(random, random.between(2, 10), 0.15, 30),
    inverterMotor('inverterPump', 120, 500),
  ),
  use('television', 0.9, 0.3, 2.5, 90, 2, EVENING, screen),
  use('desktopComputer', 0.4, 0.6, 1.5, 180, 2, WORK, screen),
  use('laptop', 0.7, 0.4, 2, 120, 2, DAY, screen),
  use('phoneCharger', 1, 0.9, 4, 60, 1.8, DAY, (random) => {
    const { restRatio, timeConstantS } = drawFading(random);
    return fading(restRatio, timeConstantS);
  }),
  use('ledLamp', 1, 1, 8, 45, 2.5, EVENING, lamp),
  use('ledPanel', 0.2, 0.6, 1.2, 240, 1.8, OPENING, lamp),
  use('ledGroup', 0.08, 0.5, 1.2, 300, 1.8, OPENING, lamp, lampGroup),
  use('compactFluorescentLamp', 0.2, 0.3, 3, 60, 2, EVENING, (random) => {
    const { firstRatio, timeConstantS } = drawStriking(random);
    return settling(firstRatio, timeConstantS);
  }),
  use('fluorescentLamps', 0.1, 0.4, 1.5, 240, 2, OPENING, (random) => settling(random.between(0.95, 1.1), 90)),
  use('halogenLamps', 0.05, 0.2, 2, 120, 2, EVENING, plain),
  use('incandescentLamp', 0.15, 0.1, 3, 60, 2, EVENING, plain),
  use('dimmedLamp', 0.1, 0.1, 2, 90, 2, EVENING, plain),
  use('kettle', 0.8, 0.7, 4, 5, 1.4, DAY, plain),
  use('riceCooker', 0.8, 0.3, 1.5, 35, 1.3, MEALS, (random) =>
    pulsing(random, random.between(20, 600), random.between(10, 40)),
  ),
  use('inductionHob', 0.5, 0.3, 2.5, 15, 1.8, MEALS, (random) =>
    pulsing(random, random.between(2, 10), random.between(1, 10)),
  ),
  use('microwaveOven', 0.6, 0.4, 2, 3, 1.6, MEALS, plain),
  use('rangeHood', 0.8, 0.2, 2.5, 25, 1.5, MEALS, plain),
  use('waterHeater', 0.6, 0.2, 3, 30, 1.5, DAY, plain),
  use('hairDryer', 0.7, 0.1, 1, 5, 1.6, EVENING, plain),
  use('iron', 0.2, 0.05, 0.3, 25, 1.4, DAY, (random) => pulsing(random, 20, 40)),
  use('spaceHeater', 0.2, 0.3, 1, 120, 1.8, EVENING, (random) =>
    pulsing(random, random.between(60, 400), random.between(40, 300)),
  ),
  use('ptcHeater', 0.15, 0.2, 1.5, 60, 1.8, EVENING, (random) => settling(random.between(1.2, 1.8), 3)),
  use('electricBlanket', 0.3, 0.05, 1, 240, 1.6, [[20, 23, 1]], (random) =>
    pulsing(random, random.between(10, 60), random.between(10, 60)),
  ),
  use('washingMachine', 0.9, 0.1, 0.7, 50, 1.3, DAY, (random) => pulsing(random, 10, 6)),
  use('fan', 0.5, 0.4, 2, 180, 2, DAY, plain),
  use('airConditioner', 0.3, 0.3, 3, 40, 1.6, DAY, (random) => settling(random.between(1.05, 1.2), 60)),
  use('inverterAirConditioner', 0.4, 0.4, 1.5, 180, 2, DAY, (random) =>
    inverter(random, random.between(20, 150), 0.12, 120),
  ),
  use('vacuumCleaner', 0.4, 0.2, 0.4, 15, 1.6, DAY, plain),
  use('waterPump', 0.1, 0.1, 4, 10, 1.8, DAY, plain),
  use('toolCharger', 0.08, 0.1, 0.3, 45, 1.5, DAY, (random) => settling(random.between(0.97, 0.99), 900)),
];

function use(
  type: string,
  homes: number,
  shops: number,
  usesPerDay: number,
  lengthMin: number,
  lengthSpread: number,
  hours: Hours,
  course: DeviceUse['course'],
  spec?: DeviceUse['spec'],
): DeviceUse {
  return {
    type,
    homes,
    shops,
    usesPerDay,
    lengthMin,
    lengthSpread,
    hours,
    course,
    ...(spec === undefined ? {} : { spec }),
  };
}

/** Smaller loads are no charger's whatever their start. */
const LEAST_STARTED_W = 40;

type SampledType = Parameters<typeof sampleLoad>[0];

/** One device of a use, with its profile from its own waveform. */
export function createDevice(use: DeviceUse, seed: number, name: string): Device {
  const random = new RandomStream(seed, name);
  const drawn = use.spec === undefined ? sampleLoad(use.type as SampledType, random) : use.spec(random);
  const spec = { ...drawn, id: name };
  const isMoving = use.course(new RandomStream(seed, 'course'), spec).everyS < Infinity;
  const curve = profileCurve(profiledSpec(spec), random.nextUint32(), isMoving);
  const isLarge = spec.powerW > LEAST_STARTED_W;
  const recognised = recognisedUses(spec, seed);
  return { use, spec, curve, recognised, ...(isLarge && { start: deviceStart(spec, random.nextUint32()) }) };
}

/** Larger loads are no candidates whatever their waveform. */
const MOST_RECOGNISED_W = 2500;
const RENDERED_USES = 3;

/** Rendered when first asked for: a second of waveform costs as much as an hour of readings. */
function recognisedUses(spec: LoadSpec, seed: number): Device['recognised'] {
  const rendered: (readonly RecognisedStart[])[] = [];
  return (use) => {
    if (spec.powerW < LEAST_STARTED_W || spec.powerW > MOST_RECOGNISED_W) return [];
    const index = use % RENDERED_USES;
    return (rendered[index] ??= recognisedStart(spec, [], seed + index));
  };
}

/** What pulses or wanders by itself is profiled while it runs: the course moves it. */
function profiledSpec(spec: LoadSpec): LoadSpec {
  const steadySpec = { ...spec } as Record<string, unknown>;
  for (const field of ['pulse', 'duty', 'fluctuation', 'turns']) delete steadySpec[field];
  return steadySpec as unknown as LoadSpec;
}

function fluctuationOf(spec: LoadSpec, otherwise: number): number {
  return 'fluctuation' in spec ? (spec.fluctuation?.ratio ?? otherwise) : otherwise;
}
