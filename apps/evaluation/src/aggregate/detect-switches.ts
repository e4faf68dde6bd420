import { createCycleAnalyser, createSwitchEventDetector, type SwitchEvent } from '@fengsui/signal';
import type { SwitchingClip } from '../recordings/switching-clips.ts';

/** A detection, its cycle counted from the start of the clip. */
export type DetectedSwitch = { readonly cycle: number; readonly event: SwitchEvent };

/**
 * The product's own way from samples to switch events, told nothing of the clip but its samples: cycles are found anew.
 */
export function detectSwitches({ cycles, mainsHz }: Pick<SwitchingClip, 'cycles' | 'mainsHz'>): DetectedSwitch[] {
  const points = cycles[0]?.currentA.length ?? 0;
  const voltageV = new Float64Array(cycles.length * points);
  const currentA = new Float64Array(cycles.length * points);
  cycles.forEach((cycle, i) => {
    voltageV.set(cycle.voltageV, i * points);
    currentA.set(cycle.currentA, i * points);
  });
  const detected: DetectedSwitch[] = [];
  const keep = (event: SwitchEvent): void => {
    // The analyser may lock a cycle late: frames, not its count, say where in the clip this is.
    detected.push({ cycle: Math.round(event.startFrame / points), event });
  };
  const analyser = createCycleAnalyser({ sampleRateHz: points * mainsHz, mainsHz });
  const detector = createSwitchEventDetector({ samplesPerCycle: analyser.samplesPerCycle });
  const feed: Parameters<typeof analyser.push>[1] = (reading, samples) => detector.push(reading, samples, keep);
  analyser.push({ voltageV, currentA }, feed);
  analyser.flush(feed);
  detector.flush(keep);
  return detected;
}

/** Cycles by which a detection may miss the true one. */
export const hitReach = 2;

/** The detection nearest to the true cycle within ±2 is the hit; every other one is false. */
export function matchDetections<Detection extends { readonly cycle: number }>(
  detections: readonly Detection[],
  eventCycle: number,
): { readonly hit: Detection | undefined; readonly falseOnes: readonly Detection[] } {
  let hit: Detection | undefined;
  for (const detection of detections) {
    const distance = Math.abs(detection.cycle - eventCycle);
    if (distance > hitReach) continue;
    if (hit === undefined || distance < Math.abs(hit.cycle - eventCycle)) hit = detection;
  }
  return { hit, falseOnes: detections.filter((detection) => detection !== hit) };
}
