import { createNuisanceScene, createRoom, type NuisanceSceneKind, type RoomFault } from '@fengsui/city';
import { VenueFusion } from '@fengsui/fusion';

const PLAIN_RISE_K = 8;

export type SceneHours = {
  readonly hours: number;
  /** Times that the fusion went to alarm, and that the plain rule came to hold. */
  readonly fusionAlarms: number;
  readonly plainAlarms: number;
};

function roomFusion(modalities: readonly ('smoke' | 'heat' | 'co')[]): VenueFusion {
  const sensors = modalities.map((modality) => ({ id: modality, modality }));
  return new VenueFusion([{ id: 'room', neighbours: [], branches: [], sensors }]);
}

/** Hours of one nuisance scene, read every `everyMs`, through fusion and the plain rule: 8 K above the first reading. */
export function judgeScene(kind: NuisanceSceneKind, seed: number, hours: number, everyMs: number): SceneHours {
  const scene = createNuisanceScene(kind, seed, hours);
  const fusion = roomFusion(['smoke', 'heat', 'co']);
  const firstC = scene(0).temperatureC;
  let [fusionAlarms, plainAlarms, wasFusion, wasPlain] = [0, 0, false, false];
  for (let at = 0; at <= hours * 3_600_000; at += everyMs) {
    const { obscurationPctPerM, temperatureC, coPpm } = scene(at);
    fusion.read('smoke', at, obscurationPctPerM);
    fusion.read('heat', at, temperatureC);
    fusion.read('co', at, coPpm);
    const isFusion = fusion.assess(at)[0]?.stage === 'alarm';
    const isPlain = temperatureC - firstC > PLAIN_RISE_K;
    if (isFusion && !wasFusion) fusionAlarms++;
    if (isPlain && !wasPlain) plainAlarms++;
    [wasFusion, wasPlain] = [isFusion, isPlain];
  }
  return { hours, fusionAlarms, plainAlarms };
}

/** Delays after ignition, s; absent when it did not alarm within half an hour. */
export type FireDelay = { readonly fusionS?: number; readonly plainS?: number };

/** A fire after an hour of quiet in a room with a smoke and a heat detector, each read every `everyMs`. */
export function judgeSimulatedFire(
  fault: RoomFault,
  { volumeM3, heightM }: { readonly volumeM3: number; readonly heightM: number },
  seed: number,
  everyMs: number,
): FireDelay {
  const room = createRoom({ sensors: ['smoke', 'heat'], volumeM3, heightM }, seed);
  const ignitionMs = 3_600_000;
  room.inject({ ...fault, atMs: ignitionMs });
  const fusion = roomFusion(['smoke', 'heat']);
  const firstC = room.at(0).temperatureC ?? 0;
  let delay: FireDelay = {};
  for (let at = 0; at <= ignitionMs + 1_800_000; at += everyMs) {
    const { obscurationPctPerM = NaN, temperatureC = NaN } = room.at(at);
    fusion.read('smoke', at, obscurationPctPerM);
    fusion.read('heat', at, temperatureC);
    const delayS = (at - ignitionMs) / 1000;
    if (delay.fusionS === undefined && fusion.assess(at)[0]?.stage === 'alarm') delay = { ...delay, fusionS: delayS };
    if (delay.plainS === undefined && temperatureC - firstC > PLAIN_RISE_K) delay = { ...delay, plainS: delayS };
  }
  return delay;
}
