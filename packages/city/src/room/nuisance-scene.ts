import { hashName, RandomStream } from '../random/random-stream.ts';
import { normalAt, smoothNoiseAt } from '../random/noise-at.ts';
import { ceilingJet } from './ceiling-jet.ts';

/** What is no fire and looks like one to a detector. */
export const nuisanceSceneKinds = [
  'cooking',
  'shower',
  'kettle',
  'welding',
  'heaterStart',
  'sunOnSensor',
  'dust',
  'failingSensor',
] as const;
export type NuisanceSceneKind = (typeof nuisanceSceneKinds)[number];

/** Point detectors of the room at an instant: smoke, heat, CO. */
export type SceneValues = {
  readonly obscurationPctPerM: number;
  readonly temperatureC: number;
  readonly coPpm: number;
};

/** A source: from `startMs`, on for `lengthMs`, as what the air at the detector tends to, and how fast it follows. */
type Source = {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly smokePctPerM: number;
  readonly smokeLagS: number;
  readonly riseK: number;
  readonly heatLagS: number;
  readonly coPpm: number;
};

/**
 * One nuisance scene of `hours`, as a function of ms since its start, to be asked in rising order. Equal seeds give
 * equal scenes. Heat of appliances is Alpert's ceiling jet with the lag of a detector; what aerosols reach are sampled
 * ranges, the widest assumption of this file: steam and frying well beyond what makes photoelectric alarms sound
 * (some 10 %/m), welding and dust in puffs.
 */
export function createNuisanceScene(
  kind: NuisanceSceneKind,
  seed: number,
  hours: number,
): (atMs: number) => SceneValues {
  const random = new RandomStream(seed, `nuisance scene/${kind}`);
  const sources = sourcesOf(kind, random, hours);
  const keys = ['smoke', 'heat', 'co', 'air', 'weather'].map((name) => hashName(`${kind}/${name}`, seed));
  const [smokeKey = 0, heatKey = 0, coKey = 0, airKey = 0, weatherKey = 0] = keys;
  const ambientC = random.between(5, 32);
  const fails = kind === 'failingSensor' ? failureOf(random, hours) : undefined;
  return (atMs) => {
    const sum = (of: (source: Source) => number): number => sources.reduce((total, source) => total + of(source), 0);
    const noise = 1 + (fails?.noiseAt(atMs) ?? 0);
    const smoke = 0.2 + 0.15 * smoothNoiseAt(airKey, atMs, 1_500_000) + 0.03 * noise * normalAt(smokeKey, atMs);
    const day = 1.5 * Math.sin((2 * Math.PI * atMs) / 86_400_000) + smoothNoiseAt(weatherKey, atMs, 10_800_000);
    const smokeSum = smoke + sum((one) => one.smokePctPerM * courseAt(one, one.smokeLagS, atMs));
    const heatSum = ambientC + day + sum((one) => one.riseK * courseAt(one, one.heatLagS, atMs));
    const coSum = 1 + 0.3 * normalAt(coKey, atMs) + sum((one) => one.coPpm * courseAt(one, 120, atMs));
    return {
      obscurationPctPerM: stepped(Math.max(0, smokeSum + (fails?.smokeAt(atMs) ?? 0)), 0.01),
      temperatureC: stepped(heatSum + (fails?.heatAt(atMs) ?? 0) + 0.05 * noise * normalAt(heatKey, atMs), 0.1),
      coPpm: stepped(Math.max(0, coSum), 0.1),
    };
  };
}

/** First order: towards 1 while on, towards 0 afterwards. */
function courseAt({ startMs, lengthMs }: Source, lagS: number, atMs: number): number {
  if (atMs <= startMs) return 0;
  const onMs = Math.min(atMs - startMs, lengthMs);
  const offMs = Math.max(0, atMs - startMs - lengthMs);
  return -Math.expm1(-onMs / 1000 / lagS) * Math.exp(-offMs / 1000 / lagS);
}

function sourcesOf(kind: NuisanceSceneKind, random: RandomStream, hours: number): Source[] {
  const sources: Source[] = [];
  for (let startMs = random.between(5, 20) * 60_000; startMs < hours * 3_600_000;) {
    const source = { startMs, ...sampled(kind, random) };
    sources.push(source);
    startMs += source.lengthMs + random.between(10, 60) * 60_000;
  }
  return sources;
}

function sampled(kind: NuisanceSceneKind, random: RandomStream): Omit<Source, 'startMs'> {
  const between = (low: number, high: number): number => random.between(low, high);
  const minutes = (low: number, high: number): number => 60_000 * between(low, high);
  /** An appliance of `kw` below a detector with a response time index of 10 … 30. */
  const jet = (kw: number, warmUpS: number): Pick<Source, 'riseK' | 'heatLagS'> => {
    const { riseK, speedMPerS } = ceilingJet(kw, between(1.6, 2.5), between(1, 3));
    return { riseK, heatLagS: warmUpS + between(10, 30) / Math.sqrt(Math.max(0.05, speedMPerS)) };
  };
  const nothing = { smokePctPerM: 0, smokeLagS: 60, riseK: 0, heatLagS: 60, coPpm: 0 };
  switch (kind) {
    case 'cooking':
      return {
        lengthMs: minutes(5, 40),
        smokePctPerM: between(1, 15),
        smokeLagS: between(60, 240),
        ...jet(between(1, 6), between(60, 180)),
        coPpm: between(0, 12),
      };
    case 'shower':
      return {
        ...nothing,
        lengthMs: minutes(4, 15),
        smokePctPerM: between(3, 25),
        smokeLagS: between(30, 180),
        riseK: between(2, 10),
        heatLagS: between(120, 300),
      };
    case 'kettle':
      return {
        ...nothing,
        lengthMs: minutes(1, 4),
        smokePctPerM: between(0.5, 12),
        smokeLagS: between(10, 40),
        riseK: between(0.5, 3),
        heatLagS: between(30, 90),
      };
    case 'welding':
      return {
        lengthMs: minutes(0.5, 10),
        smokePctPerM: between(2, 20),
        smokeLagS: between(15, 90),
        // Six to eight tenths of an arc's 2 … 5 kW go into the workpiece (arc efficiency); the plume has the rest.
        ...jet(between(2, 5) * between(0.2, 0.4), 0),
        coPpm: between(0, 5),
      };
    case 'heaterStart':
      return { ...nothing, lengthMs: minutes(20, 120), riseK: between(5, 18), heatLagS: between(120, 600) };
    case 'sunOnSensor':
      return { ...nothing, lengthMs: minutes(10, 90), riseK: between(4, 20), heatLagS: between(90, 300) };
    case 'dust':
      return { ...nothing, lengthMs: minutes(0.2, 10), smokePctPerM: between(1, 25), smokeLagS: between(5, 60) };
    case 'failingSensor':
      return { ...nothing, lengthMs: minutes(30, 60) };
  }
}

type Failure = {
  readonly smokeAt: (atMs: number) => number;
  readonly heatAt: (atMs: number) => number;
  readonly noiseAt: (atMs: number) => number;
};

/** A drift of smoke or heat over the scene, or noise that grows to fifty times its first value. */
function failureOf(random: RandomStream, hours: number): Failure {
  const share = (atMs: number): number => atMs / (hours * 3_600_000);
  const [smoke, heat, noise] = [random.between(5, 25), random.between(9, 30), random.between(10, 50)];
  const nothing = { smokeAt: () => 0, heatAt: () => 0, noiseAt: () => 0 };
  return random.pick<Failure>([
    { ...nothing, smokeAt: (atMs) => smoke * share(atMs) },
    { ...nothing, heatAt: (atMs) => heat * share(atMs) },
    { ...nothing, noiseAt: (atMs) => noise * share(atMs) },
  ]);
}

function stepped(value: number, step: number): number {
  return Math.round(value / step) * step;
}
